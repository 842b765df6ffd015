// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/pack_sheet.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace bitloom {

namespace {
using Json = nlohmann::ordered_json;

Json numberOrNull(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json toObject(const PackSheetRow& row)
{
    return {{"name", row.name},
            {"kind", row.kind},
            {"bits", row.bits},
            {"shape", row.shape},
            {"packed_bytes", row.packedBytes},
            {"padding_bits", row.paddingBits},
            {"scale_bytes", row.scaleBytes},
            {"crc32", row.crc32},
            {"verified", row.verified}};
}
} // namespace

bool holdsModel(const PackSheet& sheet)
{
    const auto format = weightFormatFrom(sheet.format);
    return format && holdsModel(*format);
}

std::string toJson(const PackSheet& sheet)
{
    Json tensors = Json::array();
    for (const PackSheetRow& row : sheet.tensors) {
        tensors.push_back(toObject(row));
    }
    const Json object = {{"version", PackSheet::kVersion},
                         {"file", sheet.fileName},
                         {"format", sheet.format},
                         {"file_bytes", sheet.fileBytes},
                         {"payload_bytes", sheet.payloadBytes},
                         {"metadata_bytes", sheet.metadataBytes},
                         {"bytes_fp32", sheet.bytesFp32},
                         {"ratio", numberOrNull(sheet.ratio)},
                         {"sha256", sheet.sha256},
                         {"verified", sheet.verified},
                         {"images", sheet.images},
                         {"top1_float_percent", numberOrNull(sheet.top1FloatPercent)},
                         {"top1_plan_percent", numberOrNull(sheet.top1PlanPercent)},
                         {"top1_packed_percent", numberOrNull(sheet.top1PackedPercent)},
                         {"tensors", std::move(tensors)}};
    // Names come from files: bytes that are no UTF-8 are replaced instead of failing the export.
    return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace bitloom
