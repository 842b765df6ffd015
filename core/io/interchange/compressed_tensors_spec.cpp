// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/compressed_tensors_spec.h"

#include "core/base/error.h"
#include "core/base/hash.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <system_error>

namespace bitloom::io {

using Json = nlohmann::ordered_json;

namespace {

constexpr int kSpecVersion = 1;
constexpr std::size_t kCrcDigits = 8;

Json describe(const PackedActivation& activation)
{
    return {{"name", activation.name},
            {"bits", activation.bits},
            {"signed", activation.isSigned},
            {"per_channel", activation.perChannel},
            {"scale", activation.scale},
            {"zero_point", activation.zeroPoint},
            {"range", {activation.low, activation.high}}};
}

PackedActivation activationFrom(const Json& json)
{
    PackedActivation activation;
    activation.name = json.at("name").get<std::string>();
    activation.bits = json.at("bits").get<int>();
    activation.isSigned = json.at("signed").get<bool>();
    activation.perChannel = json.at("per_channel").get<bool>();
    activation.scale = json.at("scale").get<std::vector<float>>();
    activation.zeroPoint = json.at("zero_point").get<std::vector<std::int32_t>>();
    activation.low = json.at("range").at(0).get<float>();
    activation.high = json.at("range").at(1).get<float>();
    return activation;
}

std::string_view textOf(StoredZeroPoints zeroPoints)
{
    return zeroPoints == StoredZeroPoints::None     ? "none"
           : zeroPoints == StoredZeroPoints::Packed ? "packed"
                                                    : "plain";
}

Json describe(const CompressedTensorSpec& spec)
{
    const PackedTensorHeader& header = spec.header;
    Json json = {{"name", header.name},
                 {"shape", header.shape},
                 {"axis", header.axis},
                 {"dtype", header.dtype},
                 {"encoding", toString(header.encoding)},
                 {"has_scale", spec.hasScale},
                 {"zero_points", textOf(spec.zeroPoints)}};
    if (header.bits != PackedTensorHeader::kBitsPerRow) {
        json["bits"] = header.bits;
    }
    if (header.groupSize != 0) {
        json["group_size"] = header.groupSize;
    }
    if (!spec.origin.empty()) {
        json["origin"] = spec.origin;
    }
    return json;
}

CompressedTensorSpec tensorFrom(const Json& json)
{
    CompressedTensorSpec spec;
    PackedTensorHeader& header = spec.header;
    header.name = json.at("name").get<std::string>();
    header.shape = json.at("shape").get<std::vector<std::int64_t>>();
    header.axis = json.at("axis").get<std::int64_t>();
    header.dtype = json.at("dtype").get<std::string>();
    const auto encoding = codeEncodingFrom(json.at("encoding").get<std::string>());
    BITLOOM_REQUIRE(encoding.has_value(), ErrorCode::CorruptFile, header.name, " has the encoding ",
                    json.at("encoding").dump(), ", which is none");
    header.encoding = *encoding;
    header.bits = json.value("bits", PackedTensorHeader::kBitsPerRow);
    BITLOOM_REQUIRE(header.bits <= kMaxPackedBits &&
                        (header.bits >= 0 || header.bits == PackedTensorHeader::kBitsPerRow),
                    ErrorCode::CorruptFile, header.name, " has codes of ", header.bits,
                    " bits; 0 to ", kMaxPackedBits, " are possible");
    header.groupSize = json.value("group_size", std::int64_t{0});
    BITLOOM_REQUIRE(header.groupSize >= 0, ErrorCode::CorruptFile, header.name,
                    " has a group size of ", header.groupSize);
    spec.hasScale = json.at("has_scale").get<bool>();
    spec.origin = json.value("origin", std::vector<std::int32_t>());
    const auto zeroPoints = json.at("zero_points").get<std::string>();
    for (const auto known :
         {StoredZeroPoints::None, StoredZeroPoints::Packed, StoredZeroPoints::Plain}) {
        if (textOf(known) == zeroPoints) {
            spec.zeroPoints = known;
            return spec;
        }
    }
    fail(ErrorCode::CorruptFile, header.name, " has zero points of the kind \"", zeroPoints,
         "\", which is none");
}

Json describe(const PackedMeta& meta)
{
    // Its JSON stays text: parsed and written again it might not be the same bytes.
    return {{"model", meta.model},   {"creator", meta.creator}, {"created", meta.created},
            {"config", meta.config}, {"graph", meta.graph},     {"provenance", meta.provenance}};
}

PackedMeta metaFrom(const Json& json)
{
    const auto text = [&json](const char* key) { return json.at(key).get<std::string>(); };
    return {text("model"),  text("creator"), text("created"),
            text("config"), text("graph"),   text("provenance")};
}

} // namespace

std::uint32_t contentCrc(const PackedTensor& tensor)
{
    std::uint32_t crc = crc32(tensor.payload());
    const auto add = [&crc](const auto& values) {
        crc = crc32(std::as_bytes(std::span(values)), crc);
    };
    add(tensor.rowBits);
    add(tensor.scale);
    add(tensor.zeroPoint);
    add(tensor.origin);
    add(tensor.gIdx);
    return crc;
}

std::string crcText(const std::map<std::string, std::uint32_t>& crcs)
{
    std::string text;
    for (const auto& [name, crc] : crcs) {
        text += crc32Text(crc);
    }
    return text;
}

std::map<std::string, std::uint32_t> crcsFrom(std::string_view text,
                                              const std::vector<PackedTensorHeader>& tensors)
{
    BITLOOM_REQUIRE(text.size() == kCrcDigits * tensors.size(), ErrorCode::CorruptFile, kCrcKey,
                    " in the metadata has ", text.size(), " digits, ", tensors.size(),
                    " tensors have ", kCrcDigits, " each");
    std::map<std::string, std::uint32_t> crcs;
    for (const PackedTensorHeader& header : tensors) {
        crcs.emplace(header.name, 0);
    }
    for (auto& [name, crc] : crcs) {
        const char* const end = text.data() + kCrcDigits;
        const auto [stop, error] = std::from_chars(text.data(), end, crc, 16);
        BITLOOM_REQUIRE(error == std::errc() && stop == end, ErrorCode::CorruptFile, kCrcKey,
                        " in the metadata has \"", text.substr(0, kCrcDigits), "\" for ", name,
                        ", which is no number of 8 hex digits");
        text.remove_prefix(kCrcDigits);
    }
    return crcs;
}

std::string toJson(const CompressedTensorsSpec& spec)
{
    try {
        Json json = {{"version", kSpecVersion},
                     {"meta", describe(spec.meta)},
                     {"activations", Json::array()},
                     {"tensors", Json::array()}};
        for (const PackedActivation& activation : spec.activations) {
            json["activations"].push_back(describe(activation));
        }
        for (const CompressedTensorSpec& tensor : spec.tensors) {
            json["tensors"].push_back(describe(tensor));
        }
        return json.dump();
    } catch (const Json::exception& error) {
        fail(ErrorCode::InvalidArgument,
             "what the packed file says of itself is not UTF-8: ", error.what());
    }
}

CompressedTensorsSpec compressedTensorsSpecFrom(std::string_view text)
{
    try {
        const Json json = Json::parse(text);
        const int version = json.at("version").get<int>();
        BITLOOM_REQUIRE(version == kSpecVersion, ErrorCode::Unsupported, kSpecKey,
                        " has the version ", version, ", this program reads ", kSpecVersion);
        CompressedTensorsSpec spec;
        spec.meta = metaFrom(json.at("meta"));
        for (const Json& activation : json.at("activations")) {
            spec.activations.push_back(activationFrom(activation));
        }
        for (const Json& tensor : json.at("tensors")) {
            spec.tensors.push_back(tensorFrom(tensor));
        }
        return spec;
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, kSpecKey, " in the metadata is damaged: ", error.what());
    }
}

} // namespace bitloom::io
