// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/engine/versions.h"
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/interchange/compressed_tensors_source.h"
#include "core/io/model_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_model.h"
#include "core/io/state/state_dict.h"
#include "core/methods/verification.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>

namespace bitloom::engine {

using Json = nlohmann::ordered_json;

namespace {

PackInfo packInfo(const PackJob& job, const LoadedModel& model, const JobContext& context)
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

} // namespace

std::optional<PackVerification> packAndProve(const std::string& output, const LoadedModel& model,
                                             const BitPlan& plan, const QuantState& state,
                                             const PackInfo& info, JobContext& context)
{
    if (!writePackedModel(output, model, plan, state, info, context.control)) {
        return std::nullopt;
    }
    PackVerification proof = verifyPackedFile(output, &model, context.control, &state);
    BITLOOM_REQUIRE(
        !proof.finished || proof.mismatches.empty(), ErrorCode::VerifyFailed, output,
        " was written but does not read back as it should: ", firstMismatches(proof.mismatches));
    return proof;
}

namespace {

/// The sheet of the file as it lies there, with the same proof for the same tensors.
void describeFile(const std::filesystem::path& path, PackSheet& sheet)
{
    const io::CompressedTensorsSource written(path);
    sheet.fileName = path.filename().string();
    sheet.fileBytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    sheet.sha256 = sha256HexOfFile(path);
    sheet.payloadBytes = 0;
    for (PackSheetRow& row : sheet.tensors) {
        const io::PackedTensor tensor = written.readTensor(row.name);
        const std::span<const std::byte> stored = tensor.kind == io::PackedKind::Raw
                                                      ? std::span(tensor.data)
                                                      : std::as_bytes(std::span(tensor.words));
        const std::int64_t bytes = static_cast<std::int64_t>(stored.size());
        row.paddingBits += 8 * (bytes - row.packedBytes); // rows that were joined are not any more
        row.packedBytes = bytes;
        row.crc32 = crc32(stored);
        sheet.payloadBytes += row.packedBytes + row.scaleBytes;
    }
    sheet.metadataBytes = sheet.fileBytes - sheet.payloadBytes;
    sheet.ratio = static_cast<double>(sheet.bytesFp32) / static_cast<double>(sheet.fileBytes);
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

/// The packed file is proven first; the tensors of the safetensors file are then compared with it.
std::optional<PackVerification> packAsCompressedTensors(const PackJob& job,
                                                        const LoadedModel& model,
                                                        const QuantState& state,
                                                        JobContext& context)
{
    const AtomicFile staged(job.output + ".h5"); // goes away again
    std::optional<PackVerification> proof =
        packAndProve(staged.temporaryPath().string(), model, job.plan, state,
                     packInfo(job, model, context), context);
    if (!proof || !proof->finished) {
        return std::nullopt;
    }
    const io::PackedFileReader packed(staged.temporaryPath());
    if (!io::writeCompressedTensors(job.output, packed, context.control)) {
        return std::nullopt;
    }
    sayWhoReads(packed, context);
    describeFile(job.output, proof->sheet);
    return proof;
}

} // namespace

JobOutcome run(const PackJob& job, JobContext& context)
{
    requireWritable(job.output);
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const auto state = calibratePlan(*model, job.plan, job.data, job.calibration, context);
    if (!state) {
        return {{}, false};
    }
    const bool isSafetensors = std::filesystem::path(job.output).extension() == ".safetensors";
    const std::optional<PackVerification> proof =
        isSafetensors ? packAsCompressedTensors(job, *model, *state, context)
                      : packAndProve(job.output, *model, job.plan, *state,
                                     packInfo(job, *model, context), context);
    if (!proof) {
        return {{}, false};
    }
    return {toJson(proof->sheet), proof->finished};
}

JobOutcome run(const UnpackJob& job, JobContext& context)
{
    io::StateDict state;
    state.tensors = unpackedState(job.file);
    if (context.control.shouldStop()) {
        return {{}, false};
    }
    io::writeStateDict(job.output, state);
    return {Json{{"tensors", state.tensors.size()}, {"output", job.output}}.dump()};
}

JobOutcome run(const VerifyJob& job, JobContext& context)
{
    std::shared_ptr<const LoadedModel> against;
    if (job.against) {
        against = openJobModel(*job.against, context);
    } else {
        readPackedModel(job.file); // throws where the network cannot be built from the file
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
