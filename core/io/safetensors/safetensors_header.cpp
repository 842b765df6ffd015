// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/safetensors_header.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace bitloom::io {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kDataAlignment = 64;
constexpr std::string_view kMetadataKey = "__metadata__";

/// Builds the entries while the text is read, so that no document of any other form is ever in
/// memory.
class HeaderHandler final : public nlohmann::json_sax<Json> {
public:
    explicit HeaderHandler(SafetensorsHeader& header) : m_header(&header) {}

    bool null() override { refuse("null"); }
    bool boolean(bool value) override { refuse(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { refuse(std::to_string(value)); }
    bool number_float(number_float_t /*value*/, const string_t& text) override { refuse(text); }
    bool binary(binary_t& /*value*/) override { refuse("binary data"); }

    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_place == Place::InShape) {
            BITLOOM_REQUIRE(value <= std::numeric_limits<std::int64_t>::max(),
                            ErrorCode::CorruptFile, "tensor ", entry().name, " has the size ",
                            value, ", which does not fit 63 bits");
            entry().shape.push_back(static_cast<std::int64_t>(value));
            return true;
        }
        if (m_place == Place::InOffsets && m_offsets.size() < 2) {
            m_offsets.push_back(value);
            return true;
        }
        refuse(std::to_string(value));
    }

    bool string(string_t& value) override
    {
        if (m_place == Place::MetadataText) {
            m_metadataText->assign(value);
            m_place = Place::InMetadata;
            return true;
        }
        if (m_place != Place::Type) {
            refuse("the text \"" + value + "\"");
        }
        const auto type = safetensorsTypeFrom(value);
        BITLOOM_REQUIRE(type.has_value(), ErrorCode::Unsupported, "tensor ", entry().name,
                        " has the dtype \"", value,
                        "\", which this version does not know; known are BOOL, U8 to U64, I8 to "
                        "I64, F16, BF16, F32, F64, C64 and the small floats F4 to F8");
        entry().type = *type;
        m_place = Place::InTensor;
        return true;
    }

    bool start_object(std::size_t /*count*/) override
    {
        if (m_place == Place::File) {
            m_place = Place::InFile;
        } else if (m_place == Place::Tensor) {
            m_place = Place::InTensor;
        } else if (m_place == Place::Metadata) {
            m_place = Place::InMetadata;
        } else {
            refuse("an object");
        }
        return true;
    }

    bool key(string_t& name) override
    {
        if (m_place == Place::InFile) {
            BITLOOM_REQUIRE(m_names.insert(name).second, ErrorCode::CorruptFile, "the key ", name,
                            " occurs twice in the header");
            if (name == kMetadataKey) {
                m_place = Place::Metadata;
            } else {
                m_header->entries.emplace_back().name = name;
                m_keys.clear();
                m_place = Place::Tensor;
            }
        } else if (m_place == Place::InMetadata) {
            const auto [text, added] = m_header->metadata.try_emplace(name);
            BITLOOM_REQUIRE(added, ErrorCode::CorruptFile, "the key ", name,
                            " occurs twice in __metadata__");
            m_metadataText = &text->second;
            m_place = Place::MetadataText;
        } else {
            m_place = placeOfTensorKey(name);
        }
        return true;
    }

    bool end_object() override
    {
        if (m_place == Place::InTensor) {
            for (const std::string_view needed : {"dtype", "shape", "data_offsets"}) {
                BITLOOM_REQUIRE(m_keys.contains(needed), ErrorCode::CorruptFile, "tensor ",
                                entry().name, " has no ", needed, " in the header");
            }
        }
        m_place = m_place == Place::InFile ? Place::End : Place::InFile;
        return true;
    }

    bool start_array(std::size_t /*count*/) override
    {
        if (m_place == Place::Shape) {
            m_place = Place::InShape;
        } else if (m_place == Place::Offsets) {
            m_offsets.clear();
            m_place = Place::InOffsets;
        } else {
            refuse("a list");
        }
        return true;
    }

    bool end_array() override
    {
        if (m_place == Place::InOffsets) {
            BITLOOM_REQUIRE(m_offsets.size() == 2, ErrorCode::CorruptFile, "tensor ", entry().name,
                            ": data_offsets has ", m_offsets.size(),
                            " numbers, two were expected: begin and end");
            entry().begin = m_offsets[0];
            entry().end = m_offsets[1];
        }
        m_place = Place::InTensor;
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override
    {
        // The library's own text repeats what it read last, which may be the whole file.
        fail(ErrorCode::CorruptFile, "the header is not valid JSON at byte ",
             kLengthBytes + position, " of the file");
    }

private:
    /// Where the next value or key stands.
    enum class Place {
        File,
        InFile,
        Metadata,
        InMetadata,
        MetadataText,
        Tensor,
        InTensor,
        Type,
        Shape,
        InShape,
        Offsets,
        InOffsets,
        End,
    };

    SafetensorsEntry& entry() { return m_header->entries.back(); }

    Place placeOfTensorKey(const std::string& name)
    {
        const auto place = name == "dtype"          ? std::optional(Place::Type)
                           : name == "shape"        ? std::optional(Place::Shape)
                           : name == "data_offsets" ? std::optional(Place::Offsets)
                                                    : std::nullopt;
        BITLOOM_REQUIRE(place.has_value(), ErrorCode::CorruptFile, "tensor ", entry().name,
                        " has the key ", name,
                        " in the header; the format has dtype, shape and data_offsets only");
        BITLOOM_REQUIRE(m_keys.insert(name).second, ErrorCode::CorruptFile, "tensor ", entry().name,
                        " has the key ", name, " twice in the header");
        return *place;
    }

    /// What the place is, and what belongs there.
    std::pair<std::string, std::string_view> expectation()
    {
        switch (m_place) {
        case Place::Metadata:
            return {"__metadata__", "an object of texts"};
        case Place::MetadataText:
            return {"a value of __metadata__", "a text"};
        case Place::Tensor:
            return {"the description of tensor " + entry().name, "an object"};
        case Place::Type:
            return {"the dtype of tensor " + entry().name, "a text"};
        case Place::Shape:
            return {"the shape of tensor " + entry().name, "a list of sizes"};
        case Place::InShape:
            return {"a size of tensor " + entry().name, "a whole number from 0"};
        case Place::Offsets:
        case Place::InOffsets:
            return {"data_offsets of tensor " + entry().name, "a list of two whole numbers"};
        default:
            return {"its whole", "an object of tensors"};
        }
    }

    [[noreturn]] void refuse(std::string_view found)
    {
        const auto [what, expected] = expectation();
        fail(ErrorCode::CorruptFile, "the header has ", found, " as ", what, ", ", expected,
             " was expected");
    }

    SafetensorsHeader* m_header;
    Place m_place = Place::File;
    std::set<std::string> m_names;
    std::set<std::string, std::less<>> m_keys; ///< of the tensor that is being read
    std::vector<std::uint64_t> m_offsets;
    std::string* m_metadataText = nullptr;
};

void requireOwnSize(const SafetensorsEntry& entry, std::uint64_t dataBytes)
{
    BITLOOM_REQUIRE(entry.begin <= entry.end, ErrorCode::CorruptFile, "tensor ", entry.name,
                    " begins at byte ", entry.begin, " of the data and ends before it, at byte ",
                    entry.end);
    const std::uint64_t needed = safetensorsBytes(entry.name, entry.type, entry.shape);
    BITLOOM_REQUIRE(entry.end - entry.begin == needed, ErrorCode::CorruptFile, "tensor ",
                    entry.name, " of dtype ", toString(entry.type), " and shape ",
                    shapeText(entry.shape), " needs ", needed, " bytes, its data_offsets [",
                    entry.begin, ", ", entry.end, "] give it ", entry.end - entry.begin);
    BITLOOM_REQUIRE(entry.end <= dataBytes, ErrorCode::CorruptFile, "tensor ", entry.name,
                    " ends at byte ", entry.end, " of the data, which has ", dataBytes,
                    " bytes: the file is cut off or damaged");
}

void requireTiled(std::span<const SafetensorsEntry> entries, std::uint64_t dataBytes)
{
    std::uint64_t position = 0;
    const std::string* before = nullptr;
    for (const SafetensorsEntry& entry : entries) {
        BITLOOM_REQUIRE(entry.begin >= position, ErrorCode::CorruptFile, "tensor ", entry.name,
                        " begins at byte ", entry.begin, " of the data, where tensor ", *before,
                        " still lies: it ends at byte ", position);
        BITLOOM_REQUIRE(entry.begin == position, ErrorCode::CorruptFile, "the bytes ", position,
                        " to ", entry.begin, " of the data, before tensor ", entry.name,
                        ", belong to no tensor");
        position = entry.end;
        before = &entry.name;
    }
    BITLOOM_REQUIRE(position == dataBytes, ErrorCode::CorruptFile, "the last ",
                    dataBytes - position, " bytes of the file, from byte ", position,
                    " of the data, belong to no tensor");
}

std::uint64_t lengthOf(std::span<const std::byte> content)
{
    BITLOOM_REQUIRE(content.size() >= kLengthBytes, ErrorCode::CorruptFile, "the file has ",
                    content.size(),
                    " bytes; a safetensors file has at least 8 for the length of "
                    "its header");
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) {
        length = (length << 8U) | std::to_integer<std::uint64_t>(content[i]);
    }
    BITLOOM_REQUIRE(length <= kMaxSafetensorsHeaderBytes, ErrorCode::CorruptFile, "the header is ",
                    length, " bytes long, at most ", kMaxSafetensorsHeaderBytes, " are read");
    BITLOOM_REQUIRE(length <= content.size() - kLengthBytes, ErrorCode::CorruptFile,
                    "the header is ", length, " bytes long, the file has ",
                    content.size() - kLengthBytes, " after the length: it is cut off or damaged");
    return length;
}

} // namespace

std::uint64_t safetensorsBytes(const std::string& name, SafetensorsType type,
                               std::span<const std::int64_t> shape)
{
    const std::string what = "tensor " + name;
    const std::int64_t elements = checkedNumel(shape, what);
    const std::int64_t bits =
        checkedMultiply(elements, static_cast<std::int64_t>(bitsOf(type)), what);
    BITLOOM_REQUIRE(bits % 8 == 0, ErrorCode::CorruptFile, what, " of dtype ", toString(type),
                    " and shape ", shapeText(shape), " takes ", bits,
                    " bits, which is no whole number of bytes");
    return static_cast<std::uint64_t>(bits / 8);
}

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> content)
{
    const std::uint64_t length = lengthOf(content);
    const std::string_view text(reinterpret_cast<const char*>(content.data()) + kLengthBytes,
                                length);
    BITLOOM_REQUIRE(text.starts_with('{'), ErrorCode::CorruptFile,
                    "the header does not start with '{' at byte 8 of the file");
    SafetensorsHeader header;
    header.dataStart = kLengthBytes + length;
    HeaderHandler handler(header);
    Json::sax_parse(text, &handler);
    const std::uint64_t dataBytes = content.size() - header.dataStart;
    for (const SafetensorsEntry& entry : header.entries) {
        requireOwnSize(entry, dataBytes);
    }
    std::ranges::sort(header.entries, {}, [](const SafetensorsEntry& entry) {
        return std::tuple(entry.begin, entry.end, std::string_view(entry.name));
    });
    requireTiled(header.entries, dataBytes);
    return header;
}

std::string makeSafetensorsHeader(std::span<const SafetensorsEntry> entries,
                                  const std::map<std::string, std::string>& metadata)
{
    // Members are joined as text: a document's own look-up of each new key takes linear time.
    std::string text = "{";
    const auto add = [&text](const std::string& key, const Json& value) {
        text += (text.size() > 1 ? "," : "") + Json(key).dump() + ":" + value.dump();
    };
    try {
        if (!metadata.empty()) {
            add(std::string(kMetadataKey), metadata);
        }
        for (const SafetensorsEntry& entry : entries) {
            add(entry.name, {{"dtype", toString(entry.type)},
                             {"shape", entry.shape},
                             {"data_offsets", {entry.begin, entry.end}}});
        }
        text += "}";
    } catch (const Json::type_error&) {
        fail(ErrorCode::InvalidArgument,
             "a tensor's name or a text of the metadata is not valid UTF-8");
    }
    text.append((kDataAlignment - (kLengthBytes + text.size()) % kDataAlignment) % kDataAlignment,
                ' ');
    BITLOOM_REQUIRE(text.size() <= kMaxSafetensorsHeaderBytes, ErrorCode::InvalidArgument,
                    "the header would be ", text.size(), " bytes long, the format allows ",
                    kMaxSafetensorsHeaderBytes);
    std::string length;
    for (unsigned i = 0; i < kLengthBytes; ++i) {
        length += static_cast<char>((text.size() >> (8 * i)) & 0xFFU);
    }
    return length + text;
}

} // namespace bitloom::io
