// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/packed_detail.h"

#include "core/types/detail/histogram_json.h"
#include "core/types/detail/json_support.h"

namespace bitloom {

using json::Cursor;
using json::finite;
using json::Json;

std::string toJson(const PackedDetail& detail)
{
    Json document;
    document["tensor"] = detail.tensor;
    document["shape"] = detail.shape;
    document["bits"] = detail.bits;
    document["first"] = detail.first;
    document["counts"] = detail.counts;
    document["entropy_bits"] = finite(detail.entropyBits, "entropy_bits");
    if (detail.against) {
        Json& against = document["against"] = Json::object();
        against["model"] = detail.against->model;
        json::writeGridHistogram(detail.against->weights, against["weights"] = Json::object());
        against["max_abs_error"] = finite(detail.against->maxAbsError, "max_abs_error");
        against["max_at"] = detail.against->maxAt;
        against["mse"] = finite(detail.against->meanSquaredError, "mse");
        against["sqnr_db"] = json::optionalNumber(detail.against->sqnrDb, "sqnr_db");
    }
    return json::dumpLine(document);
}

PackedDetail packedDetailFromJson(std::string_view text)
{
    const Json document = json::parse(text, "packed detail");
    const Cursor root(document);
    PackedDetail detail;
    detail.tensor = root.at("tensor").text();
    detail.shape = json::integers(root.at("shape"), 0);
    detail.bits = static_cast<int>(root.at("bits").integer(0, 16));
    detail.first = root.at("first").integer();
    detail.counts = json::integers(root.at("counts"), 0);
    detail.entropyBits = root.at("entropy_bits").number();
    if (const auto object = root.find("against")) {
        FloatComparison against;
        against.model = object->at("model").text();
        json::readGridHistogram(object->at("weights"), against.weights);
        against.maxAbsError = object->at("max_abs_error").number();
        against.maxAt = object->at("max_at").integer(0);
        against.meanSquaredError = object->at("mse").number();
        against.sqnrDb = json::numberOrNull(object->at("sqnr_db"));
        detail.against = std::move(against);
    }
    return detail;
}

} // namespace bitloom
