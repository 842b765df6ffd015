// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/engine/versions.h"
#include "core/io/model_file.h"
#include "core/io/packed_model.h"
#include "core/io/state/state_dict.h"
#include "core/methods/verification.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
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

JobOutcome run(const PackJob& job, JobContext& context)
{
    requireWritable(job.output);
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const auto state = calibratePlan(*model, job.plan, job.data, job.calibration, context);
    if (!state) {
        return {{}, false};
    }
    const std::optional<PackVerification> proof =
        packAndProve(job.output, *model, job.plan, *state, packInfo(job, *model, context), context);
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
    const PackVerification proof = verifyPackedFile(job.file, against.get(), context.control);
    Json result;
    result["verified"] = proof.sheet.verified;
    result["tensors"] = proof.sheet.tensors.size();
    Json& mismatches = result["mismatches"] = Json::array();
    for (const PackMismatch& mismatch : proof.mismatches) {
        mismatches.push_back({{"tensor", mismatch.tensor}, {"what", mismatch.what}});
    }
    result["sheet"] = Json::parse(toJson(proof.sheet));
    return {result.dump(), proof.finished};
}

} // namespace bitloom::engine
