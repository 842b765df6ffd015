// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/integer_file.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace bitloom {

namespace {

using Json = nlohmann::ordered_json;

Json toObject(const PackedIntegerInfo& tensor)
{
    const bool raw = tensor.bits == PackedIntegerInfo::kRaw;
    const bool perRow = tensor.bits == PackedIntegerInfo::kBitsPerRow;
    Json object{{"name", tensor.name}, {"kind", raw ? "raw" : "packed"}};
    object["bits"] = raw || perRow ? Json(nullptr) : Json(tensor.bits);
    object["offset"] = raw || perRow ? Json(nullptr) : Json(tensor.offset);
    object["shape"] = tensor.shape;
    object["dtype"] = tensor.dtype.empty() ? Json(nullptr) : Json(tensor.dtype);
    object["source_bytes"] = tensor.sourceBytes;
    object["packed_bytes"] = tensor.packedBytes;
    object["padding_bits"] = tensor.paddingBits;
    object["scale_bytes"] = tensor.scaleBytes;
    object["crc32"] = tensor.crc32;
    return object;
}

Json toObject(const PackedIntegerReport& report)
{
    Json tensors = Json::array();
    std::int64_t sourceBytes = 0;
    for (const PackedIntegerInfo& tensor : report.tensors) {
        tensors.push_back(toObject(tensor));
        sourceBytes += tensor.sourceBytes;
    }
    Json notes = Json::array();
    for (const Phrase& note : report.notes) {
        notes.push_back(textOf(note));
    }
    return {{"file", report.file},
            {"file_bytes", report.fileBytes},
            {"payload_bytes", report.payloadBytes},
            {"metadata_bytes", report.metadataBytes},
            {"source_bytes", sourceBytes},
            {"notes", std::move(notes)},
            {"tensors", std::move(tensors)}};
}

/// Names come from files: bytes that are no UTF-8 are replaced instead of failing.
std::string dump(const Json& object)
{
    return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string toJson(const PackedIntegerReport& report)
{
    return dump(toObject(report));
}

std::string toJson(const IntegerComparison& comparison)
{
    Json differences = Json::array();
    for (const IntegerDifference& difference : comparison.differences) {
        differences.push_back({{"tensor", difference.tensor}, {"what", difference.what}});
    }
    return dump({{"verified", comparison.differences.empty()},
                 {"original", comparison.original},
                 {"compared", comparison.compared},
                 {"differences", std::move(differences)},
                 {"packed", toObject(comparison.packed)}});
}

} // namespace bitloom
