// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/engine/versions.h"
#include "core/io/conversion.h"
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/model_file.h"
#include "core/io/model_source.h"
#include "core/io/packed_model.h"
#include "core/io/weight_source.h"
#include "core/methods/verification.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

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

WeightFormat weightFormatOf(const std::filesystem::path& output)
{
    return output.extension() == ".safetensors" ? WeightFormat::CompressedTensors
                                                : WeightFormat::Packed;
}

std::string firstMismatches(const std::vector<PackMismatch>& mismatches)
{
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, mismatches.size()); ++i) {
        text += (i == 0 ? "" : "; ") + mismatches[i].tensor + " " + mismatches[i].what;
    }
    return text;
}

/// Says which tensors other programs do not read, and why.
void sayWhoReads(const io::PackedSource& source, const JobContext& context)
{
    for (const io::PackedTensorHeader& header : source.tensors()) {
        if (header.kind != io::PackedKind::Int) {
            continue;
        }
        const io::CompressedTensorsFit fit =
            io::compressedTensorsFit(source.readParameters(header.name));
        if (!fit.isCompatible) {
            context.warn(header.name + " is read by Bitloom alone: " + fit.reason);
        } else if (!fit.reason.empty()) {
            context.info(header.name + ": " + fit.reason);
        }
    }
}

} // namespace

std::optional<PackVerification> packAndProve(const PackOutput& output, const LoadedModel& model,
                                             const BitPlan& plan, const QuantState& state,
                                             const io::PackInfo& info, JobContext& context)
{
    const std::filesystem::path path = output.path;
    ConversionRequest request;
    request.output = output.path;
    request.to = weightFormatOf(path);
    request.compress = output.compress;
    const io::ModelSource source(model, plan, state, info);
    PackVerification proof;
    const bool complete =
        writeWeights(source, request, context.control, [&](const std::filesystem::path& staged) {
            proof = verifyPackedFile(staged, &model, context.control, &state);
            BITLOOM_REQUIRE(!proof.finished || proof.mismatches.empty(), ErrorCode::VerifyFailed,
                            output.path, " was written but does not read back as it should: ",
                            firstMismatches(proof.mismatches));
            return proof.finished;
        });
    if (!complete) {
        return std::nullopt;
    }
    proof.sheet.fileName = path.filename().string();
    if (*request.to == WeightFormat::CompressedTensors) {
        sayWhoReads(source, context);
    }
    return proof;
}

JobOutcome run(const PackJob& job, JobContext& context)
{
    if (const auto input = modelFilePath(job.model.spec); !input.empty()) {
        requireOtherThanInput(job.output, input);
    }
    requireWritable(job.output);
    BITLOOM_REQUIRE(job.compress == 0 || weightFormatOf(job.output) == WeightFormat::Packed,
                    ErrorCode::InvalidArgument, "--compress is of HDF5; ", job.output,
                    " has no compression");
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const auto state = calibratePlan(*model, job.plan, job.data, job.calibration, context);
    if (!state) {
        return {{}, false};
    }
    const std::optional<PackVerification> proof =
        packAndProve({job.output, job.compress}, *model, job.plan, *state,
                     packInfo(job, *model, context), context);
    if (!proof) {
        return {{}, false};
    }
    return {toJson(proof->sheet)};
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
    for (const std::string& note : report->notes) {
        context.warn(note);
    }
    return {Json{{"tensors", report->tensors.size()}, {"output", job.output}}.dump()};
}

JobOutcome run(const VerifyJob& job, JobContext& context)
{
    std::shared_ptr<const LoadedModel> against;
    if (job.against) {
        against = openJobModel(*job.against, context);
    } else if (const auto source = io::requirePackedWeights(job.file);
               source->meta().hasNetwork()) {
        withContext(job.file, [&] { readPackedModel(*source); }); // throws where it cannot be built
    }
    PackVerification proof = verifyPackedFile(job.file, against.get(), context.control);
    VerifyReport report;
    report.verified = proof.sheet.verified;
    report.mismatches = std::move(proof.mismatches);
    report.differences = std::move(proof.differences);
    report.differenceCount = proof.differenceCount;
    report.sheet = std::move(proof.sheet);
    return {toJson(report), proof.finished};
}

} // namespace bitloom::engine
