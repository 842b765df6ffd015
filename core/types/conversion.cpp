// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/conversion.h"

#include "core/types/detail/json_support.h"

#include <array>
#include <utility>

namespace bitloom {

using json::Json;

namespace {

constexpr std::array kFormats{
    std::pair(WeightFormat::Packed, "hdf5"),
    std::pair(WeightFormat::BitPack, "bitpack"),
    std::pair(WeightFormat::BitPackExact, "bitpack-exact"),
    std::pair(WeightFormat::BitPackLegacy, "bitpack-legacy"),
    std::pair(WeightFormat::BitPackExactLegacy, "bitpack-exact-legacy"),
    std::pair(WeightFormat::TorchState, "pth"),
    std::pair(WeightFormat::SafetensorsState, "safetensors"),
    std::pair(WeightFormat::CompressedTensors, "compressed-tensors"),
};

} // namespace

std::string_view toString(WeightFormat format)
{
    for (const auto& [known, name] : kFormats) {
        if (known == format) {
            return name;
        }
    }
    return "unknown";
}

std::optional<WeightFormat> weightFormatFrom(std::string_view name)
{
    for (const auto& [format, known] : kFormats) {
        if (name == known) {
            return format;
        }
    }
    return std::nullopt;
}

const std::vector<std::string>& weightFormatNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& [format, name] : kFormats) {
            all.emplace_back(name);
        }
        return all;
    }();
    return names;
}

std::string_view toString(ConversionFate fate)
{
    switch (fate) {
    case ConversionFate::Kept:
        return "kept";
    case ConversionFate::Changed:
        return "changed";
    case ConversionFate::Lost:
        return "lost";
    }
    return "unknown";
}

std::string toJson(const ConversionReport& report)
{
    Json document;
    document["input"] = report.input;
    document["input_format"] = report.inputFormat;
    document["output"] = report.output;
    document["output_format"] = report.outputFormat;
    document["input_bytes"] = report.inputBytes;
    document["output_bytes"] = report.outputBytes;
    document["verified"] = report.verified;
    Json& tensors = document["tensors"] = Json::array();
    for (const ConvertedTensor& tensor : report.tensors) {
        Json object;
        object["name"] = tensor.name;
        object["shape"] = tensor.shape;
        object["before"] = tensor.before;
        object["after"] = tensor.after;
        object["fate"] = toString(tensor.fate);
        object["what"] = tensor.what;
        tensors.push_back(std::move(object));
    }
    document["losses"] = report.losses;
    document["notes"] = report.notes;
    return json::dumpLine(document);
}

} // namespace bitloom
