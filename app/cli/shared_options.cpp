// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/shared_options.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <CLI/CLI.hpp>

#include <filesystem>

namespace bitloom::cli {

CLI::Validator numbersFrom(std::int64_t low, std::int64_t high)
{
    CLI::Range range(low, high);
    range.description("");
    return range;
}

void declareCompression(CLI::App& app, int& level)
{
    app.add_option("--compress", level,
                   "HDF5: deflate payloads of at least 64 KiB at this level, 1 to 9; without a "
                   "number 1, as higher ones gain little on codes")
        ->expected(0, 1)
        ->default_str("1") // where no number follows
        ->check(numbersFrom(1, 9))
        ->type_name("[LEVEL]");
}

void ModelOptions::declare(CLI::App& app, const std::string& name)
{
    app.add_option(name, spec,
                   "A model file (TorchScript .pt, packed .h5 or .safetensors), arch:NAME or "
                   "arch:NAME@WEIGHTS")
        ->required();
    app.add_option("--input-shape", inputShape, "Shape of the input at batch 1, e.g. 1,3,224,224")
        ->delimiter(',')
        ->check(numbersFrom(1, std::int64_t{1} << 20));
}

void DataOptions::declare(CLI::App& app, bool required)
{
    declareImages(app, required);
    app.add_option("--split", split, "Images to run on")
        ->check(CLI::IsMember({"train", "test"}))
        ->capture_default_str();
    declareLimits(app);
}

void DataOptions::declareBothSplits(CLI::App& app)
{
    declareImages(app, true);
    declareLimits(app);
}

void DataOptions::declareImages(CLI::App& app, bool required)
{
    app.add_option("--data", spec, "mnist:DIR, cifar10:DIR, images:DIR or digits:N")
        ->required(required);
}

void DataOptions::declareLimits(CLI::App& app)
{
    app.add_option("--limit", limit, "Only the first N images; 0 = all")
        ->check(numbersFrom(0, std::int64_t{1} << 40))
        ->capture_default_str();
    app.add_option("--batch-size", batchSize, "Images per forward pass")
        ->check(numbersFrom(1, 65536))
        ->capture_default_str();
    app.add_option("--preprocessing", preprocessingFile,
                   "How images become tensors (JSON); default: the model's preset");
}

engine::DataRef DataOptions::ref() const
{
    engine::DataRef data{spec, split, limit, {}, batchSize};
    if (!preprocessingFile.empty()) {
        data.preprocessing = readTextFile(preprocessingFile);
    }
    return data;
}

void CalibrationFlags::declare(CLI::App& app)
{
    app.add_option("--calibration-images", images,
                   "First images of the training split, for activation ranges")
        ->check(numbersFrom(1, std::int64_t{1} << 40))
        ->capture_default_str();
}

engine::CalibrationOptions CalibrationFlags::options() const
{
    engine::CalibrationOptions options;
    options.images = images;
    return options;
}

void QuantizerFlags::declare(CLI::App& app)
{
    const auto choice = [&app](const char* name, std::string& value, const char* help,
                               std::vector<std::string> legal) {
        app.add_option(name, value, help)
            ->check(CLI::IsMember(std::move(legal)))
            ->capture_default_str();
    };
    const std::vector<std::string> schemes{"affine", "symmetric"};
    const std::vector<std::string> observers{"minmax", "percentile", "mse"};
    choice("--weight-scheme", weightScheme, "Codes with or without a zero point", schemes);
    choice("--weight-granularity", weightGranularity, "One scale per output channel or one for all",
           {"per_channel", "per_tensor"});
    choice("--weight-observer", weightObserver, "How weight ranges are chosen", observers);
    choice("--activation-scheme", activationScheme, "Codes with or without a zero point", schemes);
    choice("--activation-observer", activationObserver, "How activation ranges are chosen",
           observers);
    app.add_flag("--quantize-input", quantizeInput,
                 "Quantize the model's input too (default: it stays in floating point)");
}

UniformPlanOptions QuantizerFlags::options() const
{
    UniformPlanOptions options;
    options.weightScheme = qSchemeFrom(weightScheme).value();
    options.weightGranularity = granularityFrom(weightGranularity).value();
    options.weightObserver = observerFrom(weightObserver).value();
    options.activationScheme = qSchemeFrom(activationScheme).value();
    options.activationObserver = observerFrom(activationObserver).value();
    options.quantizeInput = quantizeInput;
    return options;
}

BitPlan readPlan(const std::string& path)
{
    const std::string text = readTextFile(path);
    return withContext(path, [&] { return bitPlanFromJson(text); });
}

ModelReport inspectModel(Session& session, const engine::ModelRef& model)
{
    return modelReportFromJson(session.runJob(engine::InspectJob{model}).dump());
}

BitPlan readPlanFor(Session& session, const std::string& path, const ModelInfo& model)
{
    BitPlan plan = readPlan(path);
    if (plan.name.empty()) { // projects and reports call it by name
        plan.name = std::filesystem::path(path).stem().string();
    }
    for (const PlanDifference& difference :
         withContext(path, [&] { return checkPlanAgainst(plan, model); })) {
        session.note("note: " + path + ": " + difference.subject + ", " + difference.field +
                     ": the plan has " + difference.left + ", the model " + difference.right);
    }
    return plan;
}

BitPlan planFor(Session& session, const std::string& path, const ModelReport& model)
{
    if (!path.empty()) {
        return readPlanFor(session, path, model.info);
    }
    if (!model.plan) {
        throw CLI::RequiredError("--plan (" + model.info.name + " is not packed)");
    }
    session.note("note: under the plan that the file holds, " + model.plan->name);
    return *model.plan;
}

} // namespace bitloom::cli
