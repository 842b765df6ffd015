// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/methods/sensitivity_sweep.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <sstream>
#include <system_error>

namespace bitloom::engine {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// Everything that the numbers depend on: tables and progress of equal questions may be taken over.
Json questionOf(const SensitivityJob& job, const LoadedModel& model, const JobContext& context)
{
    Json settings;
    settings["weight_scheme"] = toString(job.spec.weightScheme);
    settings["weight_granularity"] = toString(job.spec.weightGranularity);
    settings["weight_observer"] = toString(job.spec.weightObserver);
    settings["activation_scheme"] = toString(job.spec.activationScheme);
    settings["activation_observer"] = toString(job.spec.activationObserver);
    settings["quantize_input"] = job.spec.quantizeInput;
    settings["weights"] = job.weights;
    settings["activations"] = job.activations;
    settings["split"] = job.data.split;
    settings["limit"] = job.data.limit;
    settings["batch_size"] = job.data.batchSize;
    settings["preprocessing"] = job.data.preprocessing;
    settings["calibration_images"] = job.calibration.images;
    settings["device"] = context.device;
    Json question;
    question["model"] = model.info.fingerprint;
    question["data"] = job.data.spec;
    question["seed"] = context.seed;
    question["bits"] = job.bits;
    question["settings"] = settings;
    return question;
}

std::string percent(double value)
{
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << value;
    return text.str();
}

Json readJson(const fs::path& path)
{
    return Json::parse(readTextFile(path), nullptr, false);
}

/// A finished table of the same question, if output holds one.
std::optional<std::string> finishedTable(const SensitivityJob& job, const Json& question,
                                         std::int64_t images)
{
    if (!fs::exists(job.output)) {
        return std::nullopt;
    }
    const std::string text = readTextFile(job.output);
    try {
        const SensitivityTable table = sensitivityTableFromJson(text);
        const bool same = table.complete && question.at("model") == table.modelFingerprint &&
                          table.data == job.data.spec && question.at("seed") == table.seed &&
                          table.bits == job.bits && table.images == images &&
                          Json::parse(table.settings) == question.at("settings");
        return same ? std::optional(text) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt; // some other file of that name: it is replaced when the sweep has
                             // ended
    }
}

/// The sweep's means so far, with what they depend on.
SensitivityTable describedTable(const SensitivitySweep& sweep, const SensitivityJob& job,
                                const Json& question, const JobContext& context)
{
    SensitivityTable table = sweep.table();
    table.data = job.data.spec;
    table.seed = context.seed;
    table.settings = question.at("settings").dump();
    return table;
}

} // namespace

JobOutcome run(const SensitivityJob& job, JobContext& context)
{
    requireWritable(job.output);
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const Json question = questionOf(job, *model, context);
    const auto images = openImages(job.data, *model, context);
    if (const auto cached = finishedTable(job, question, images->imageCount())) {
        context.info("the table is already there: " + job.output);
        return {*cached};
    }
    std::unique_ptr<BatchLoader> calibration;
    if (job.activations) {
        calibration = openCalibrationImages(job.data, job.calibration, *model, context);
    }
    SensitivityOptions options;
    options.bits = job.bits;
    options.weights = job.weights;
    options.activations = job.activations;
    options.spec = job.spec;
    SensitivitySweep sweep(*model, options, calibration.get(), jobDevice(context), context.control);
    if (context.control.stopRequested()) {
        return {{}, false};
    }
    const fs::path progressPath = job.output + ".progress";
    if (fs::exists(progressPath)) {
        const Json saved = readJson(progressPath);
        if (saved.is_object() && saved.contains("question") && saved.at("question") == question) {
            sweep.restore(saved.at("sums").dump());
            context.info("continuing the sweep in " + progressPath.string());
        }
    }
    const auto save = [&] {
        Json state;
        state["question"] = question;
        state["sums"] = Json::parse(sweep.progress());
        writeFileAtomically(progressPath, state.dump());
        context.post(PartialResult{toJson(describedTable(sweep, job, question, context))});
    };
    const bool finished = sweep.run(*images, context.control, save);
    warnAboutSkipped(*images, context);
    SensitivityTable table = describedTable(sweep, job, question, context);
    table.complete = finished;
    const std::string text = toJson(table);
    if (finished) {
        writeFileAtomically(job.output, text);
        std::error_code
            ignored; // a progress file that stays behind is of another question next time
        fs::remove(progressPath, ignored);
        context.info("multiply-accumulates: " + percent(sweep.costPercent()) +
                     " % of running each candidate from the input");
    } else if (fs::exists(progressPath)) {
        context.info("the same command continues the sweep from " + progressPath.string());
    }
    return {text, finished};
}

} // namespace bitloom::engine
