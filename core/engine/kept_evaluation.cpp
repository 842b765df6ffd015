// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/kept_evaluation.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/engine/portable_path.h"
#include "core/types/json_input.h"
#include "core/types/json_output.h"

#include <nlohmann/json.hpp>

namespace bitloom::engine {

namespace {
using Json = nlohmann::ordered_json;
constexpr const char* kEvaluationFormat = "bitloom.evaluation";
constexpr int kEvaluationVersion = 1;
constexpr std::size_t kShortDigest = 12;
} // namespace

std::string evaluationFileName(const KeptEvaluation& evaluation,
                               const std::filesystem::path& folder)
{
    // The batch size changes nothing that is measured.
    const Json question{portableSpec(evaluation.data.spec, folder), evaluation.data.split,
                        evaluation.data.limit, evaluation.data.preprocessing,
                        evaluation.calibrationImages};
    Sha256 hash;
    hash.update(question.dump());
    const std::string plan = evaluation.planDigest.empty()
                                 ? std::string("float")
                                 : evaluation.planDigest.substr(0, kShortDigest);
    return plan + "-" + hash.hexDigest().substr(0, kShortDigest) + ".json";
}

std::string evaluationToJson(const KeptEvaluation& evaluation, const std::filesystem::path& folder)
{
    const DataRef& data = evaluation.data;
    const Json document{{"format", kEvaluationFormat},
                        {"version", kEvaluationVersion},
                        {"plan_digest", evaluation.planDigest},
                        {"data",
                         {{"spec", portableSpec(data.spec, folder)},
                          {"split", data.split},
                          {"limit", data.limit},
                          {"preprocessing", data.preprocessing},
                          {"batch_size", data.batchSize}}},
                        {"calibration_images", evaluation.calibrationImages},
                        {"result", Json::parse(toJson(evaluation.result))}};
    return document.dump() + "\n";
}

KeptEvaluation evaluationFromJson(std::string_view text, const std::filesystem::path& folder)
{
    try {
        const Json document = Json::parse(text);
        BITLOOM_REQUIRE(
            document.is_object() && document.value("format", Json()) == kEvaluationFormat,
            ErrorCode::UnknownFormat, "the file is not of the format ", kEvaluationFormat);
        BITLOOM_REQUIRE(document.at("version").get<int>() <= kEvaluationVersion,
                        ErrorCode::Unsupported, "the file has version ",
                        document.at("version").dump(), ", this program reads up to ",
                        kEvaluationVersion);
        const Json& data = document.at("data");
        return {document.at("plan_digest"),
                {localSpec(data.at("spec"), folder), data.at("split"),
                 data.at("limit").get<std::int64_t>(), data.at("preprocessing"),
                 data.at("batch_size").get<std::int64_t>()},
                document.at("calibration_images").get<std::int64_t>(),
                evalResultFromJson(document.at("result").dump())};
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, error.what());
    }
}

} // namespace bitloom::engine
