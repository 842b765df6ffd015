// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/file_map.h"

#include "core/base/error.h"
#include "core/types/detail/phrase_json.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bitloom {

using json::Cursor;
using json::Json;

namespace {

constexpr std::array kKinds{RegionKind::Codes,   RegionKind::Values, RegionKind::Scales,
                            RegionKind::Offsets, RegionKind::Layout, RegionKind::Metadata,
                            RegionKind::Padding};
constexpr int kMostBits = 128; ///< of a value

std::string nameOf(const FileRegion& region)
{
    return std::string(toString(region.kind)) +
           (region.tensor.empty() ? std::string() : " of " + region.tensor);
}

/// Adds what lies between two regions.
void addGap(std::vector<FileRegion>& regions, std::int64_t begin, std::int64_t end,
            std::span<const std::byte> content, bool beforeAligned)
{
    std::int64_t used = end;
    while (beforeAligned && used > begin &&
           content[static_cast<std::size_t>(used - 1)] == std::byte{0}) {
        --used;
    }
    if (used > begin) {
        regions.push_back({{}, RegionKind::Metadata, begin, used - begin, 0});
    }
    if (end > used) {
        regions.push_back({{}, RegionKind::Padding, used, end - used, 0});
    }
}

} // namespace

std::string_view toString(RegionKind kind)
{
    switch (kind) {
    case RegionKind::Codes:
        return "codes";
    case RegionKind::Values:
        return "values";
    case RegionKind::Scales:
        return "scales";
    case RegionKind::Offsets:
        return "offsets";
    case RegionKind::Layout:
        return "layout";
    case RegionKind::Metadata:
        return "metadata";
    case RegionKind::Padding:
        break;
    }
    return "padding";
}

std::int64_t FileMap::bytesOf(RegionKind kind) const
{
    std::int64_t sum = 0;
    for (const FileRegion& region : regions) {
        sum += region.kind == kind ? region.bytes : 0;
    }
    return sum;
}

void completeRegions(FileMap& map, std::span<const std::byte> content, std::int64_t alignment)
{
    map.fileBytes = static_cast<std::int64_t>(content.size());
    std::erase_if(map.regions, [](const FileRegion& region) { return region.bytes == 0; });
    std::sort(map.regions.begin(), map.regions.end(),
              [](const FileRegion& a, const FileRegion& b) { return a.offset < b.offset; });
    std::vector<FileRegion> whole;
    std::int64_t end = 0;
    for (FileRegion& region : map.regions) {
        BITLOOM_REQUIRE(region.offset >= end, ErrorCode::CorruptFile, nameOf(region), " and ",
                        whole.empty() ? std::string() : nameOf(whole.back()),
                        " lie on the same bytes, from ", region.offset, " to ", end);
        BITLOOM_REQUIRE(region.bytes <= map.fileBytes - region.offset, ErrorCode::CorruptFile,
                        nameOf(region), " ends behind the file, at byte ",
                        region.offset + region.bytes, " of ", map.fileBytes);
        addGap(whole, end, region.offset, content, region.offset % alignment == 0);
        end = region.offset + region.bytes;
        FileRegion* last = whole.empty() ? nullptr : &whole.back();
        if (last != nullptr && last->kind == region.kind && last->tensor == region.tensor &&
            last->bits == region.bits) {
            last->bytes += region.bytes;
        } else {
            whole.push_back(std::move(region));
        }
    }
    addGap(whole, end, map.fileBytes, content, false);
    map.regions = std::move(whole);
}

std::string toJson(const FileMap& map)
{
    Json document;
    document["file"] = map.file;
    Json phrases = Json::object();
    json::put(document, phrases, "format", map.format);
    document["source"] = map.source;
    document["file_bytes"] = map.fileBytes;
    Json& regions = document["regions"] = Json::array();
    for (const FileRegion& region : map.regions) {
        Json object;
        object["tensor"] = region.tensor;
        object["kind"] = toString(region.kind);
        object["offset"] = region.offset;
        object["bytes"] = region.bytes;
        object["bits"] = region.bits;
        regions.push_back(std::move(object));
    }
    document["phrases"] = std::move(phrases);
    return json::dumpLine(document);
}

FileMap fileMapFromJson(std::string_view text)
{
    const Json document = json::parse(text, "file map");
    const Cursor root(document);
    FileMap map;
    map.file = root.at("file").text();
    map.format = json::phraseUnder(root, "format");
    map.source = root.at("source").text();
    map.fileBytes = root.at("file_bytes").integer(0);
    const Cursor regions = root.at("regions");
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const Cursor object = regions.at(i);
        map.regions.push_back(
            {object.at("tensor").text(), json::named(object.at("kind"), kKinds),
             object.at("offset").integer(0), object.at("bytes").integer(0),
             static_cast<int>(object.at("bits").integer(FileRegion::kBitsPerRow, kMostBits))});
    }
    return map;
}

} // namespace bitloom
