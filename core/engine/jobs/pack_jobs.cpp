// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/versions.h"
#include "core/io/conversion.h"
#include "core/io/model_file.h"
#include "core/io/model_source.h"
#include "core/io/packed_model.h"
#include "core/io/weight_source.h"
#include "core/methods/verification.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace bitloom::engine {

using Json = nlohmann::ordered_json;

namespace {

io::PackInfo packInfo(const PackJob& job, const LoadedModel& model, const JobContext& context)
{
    Json config;
    config["seed"] = context.seed;
    if (job.data) {
        config["data"] = job.data->spec;
        config["preprocessing"] = job.data->preprocessing;
        config["calibration_images"] = job.calibration.images;
    }
    Json provenance;
    provenance["source"] = job.model.spec;
    provenance["fingerprint"] = model.info.fingerprint;
    provenance["versions"] = libraryVersions();
    return {config.dump(), provenance.dump()};
}

std::string firstMismatches(const std::vector<PackMismatch>& mismatches)
{
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, mismatches.size()); ++i) {
        text += (i == 0 ? "" : "; ") + mismatches[i].tensor + " " + mismatches[i].what;
    }
    return text;
}

/// One line for all tensors that share a fate; a warning where something is lost, or other programs
/// would not find what they look for.
void sayWhatBecame(const io::PackedSource& source, const ConversionRequest& request,
                   JobContext& context)
{
    const std::array formats{request.to.value()};
    const auto reports = foreseeFormats(source, formats, request.dtype, context.control);
    if (!reports) {
        return; // cancelled when all was done
    }
    const ConversionReport& report = reports->front();
    std::map<std::pair<ConversionFate, std::string>, std::vector<std::string>> names;
    for (const ConvertedTensor& tensor : report.tensors) {
        if (tensor.fate != ConversionFate::Kept) {
            names[{tensor.fate, textOf(tensor.what)}].push_back(tensor.name);
        }
    }
    for (const auto& [fate, tensors] : names) {
        const std::string line = joinFirstForPeople(tensors) + " " +
                                 std::string(toString(fate.first)) + ": " + fate.second;
        if (fate.first == ConversionFate::Lost || request.to == WeightFormat::CompressedTensors) {
            context.warn(line);
        } else {
            context.info(line);
        }
    }
    for (const Phrase& loss : report.losses) {
        context.warn({PhraseId::NotInFile, {loss}});
    }
}

} // namespace

ConversionRequest exportRequest(const std::string& output, const std::optional<WeightFormat>& to)
{
    ConversionRequest request;
    request.output = output;
    request.to = to.value_or(exportFormat(output));
    return request;
}

std::optional<PackSheet> packAndProve(const ConversionRequest& request, const LoadedModel& model,
                                      const BitPlan& plan, const QuantState& state,
                                      const io::PackInfo& info, JobContext& context)
{
    const io::ModelSource source(model, plan, state, info);
    PackSheet sheet;
    const auto proveModel = [&](const std::filesystem::path& staged) {
        PackVerification proof = verifyPackedFile(staged, &model, context.control, &state);
        BITLOOM_REQUIRE(!proof.finished || proof.mismatches.empty(), ErrorCode::VerifyFailed,
                        request.output, " was written but does not read back as it should: ",
                        firstMismatches(proof.mismatches));
        sheet = std::move(proof.sheet);
        return proof.finished;
    };
    sheet.bytesFp32 = model.info.storedBytes;
    const bool complete =
        holdsModel(*request.to)
            ? writeWeights(source, request, context.control, WeightProof(proveModel))
            : writeWeights(source, request, context.control, sheet);
    if (!complete) {
        return std::nullopt;
    }
    sheet.fileName = std::filesystem::path(request.output).filename().string();
    sheet.format = toString(*request.to);
    sayWhatBecame(source, request, context);
    return sheet;
}

JobOutcome run(const PackJob& job, JobContext& context)
{
    ConversionRequest request = exportRequest(job.output, job.to);
    request.dtype = job.dtype;
    request.compress = job.compress;
    requireMeaningful(request);
    if (const auto input = modelFilePath(job.model.spec); !input.empty()) {
        requireOtherThanInput(job.output, input);
    }
    requireWritable(job.output);
    const auto model = openJobModel(job.model, context);
    requirePlanOf(job.plan, *model);
    requireFiniteWeights(*model);
    const auto state = calibratePlan(*model, job.plan, job.data, job.calibration, context);
    if (!state) {
        return {{}, false};
    }
    const std::optional<PackSheet> sheet =
        packAndProve(request, *model, job.plan, *state, packInfo(job, *model, context), context);
    return sheet ? JobOutcome{toJson(*sheet)} : JobOutcome{{}, false};
}

JobOutcome run(const UnpackJob& job, JobContext& context)
{
    ConversionRequest request;
    request.input = job.file;
    request.output = job.output;
    request.to = std::filesystem::path(job.output).extension() == ".safetensors"
                     ? WeightFormat::SafetensorsState
                     : WeightFormat::TorchState;
    request.salvage = job.salvage;
    const std::optional<ConversionReport> report = convertWeights(request, context.control);
    if (!report) {
        return {{}, false};
    }
    for (const Phrase& note : report->notes) {
        context.warn(note);
    }
    return {Json{{"tensors", report->tensors.size()}, {"output", job.output}}.dump()};
}

JobOutcome run(const VerifyJob& job, JobContext& context)
{
    std::shared_ptr<const LoadedModel> against;
    const auto source = io::requirePackedWeights(job.file);
    if (job.against) {
        against = openComparedModel(*job.against, *source, context);
    } else if (source->meta().hasNetwork()) {
        withContext(job.file, [&] { requireNetworkFits(*source); });
    }
    const PackVerification proof = verifyPackedFile(job.file, against.get(), context.control);
    return {toJson(proof), proof.finished};
}

} // namespace bitloom::engine
