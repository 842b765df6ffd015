// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/thumbnail.h"

#include "core/base/base64.h"
#include "core/types/detail/json_support.h"

#include <optional>
#include <utility>

namespace bitloom {

using json::Cursor;
using json::Json;

std::string toJson(const std::vector<Thumbnail>& thumbnails)
{
    Json document;
    Json& list = document["thumbnails"] = Json::array();
    for (const Thumbnail& thumbnail : thumbnails) {
        Json object;
        object["image"] = thumbnail.image;
        object["label"] = thumbnail.label;
        object["class_name"] = thumbnail.className;
        object["width"] = thumbnail.width;
        object["height"] = thumbnail.height;
        object["rgb"] = toBase64(thumbnail.rgb);
        list.push_back(std::move(object));
    }
    return json::dumpLine(document);
}

std::vector<Thumbnail> thumbnailsFromJson(std::string_view text)
{
    constexpr std::int64_t kMostPixels = 1 << 16;
    const Json document = json::parse(text, "thumbnails");
    const Cursor list = Cursor(document).at("thumbnails");
    std::vector<Thumbnail> thumbnails;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Cursor object = list.at(i);
        Thumbnail thumbnail;
        thumbnail.image = object.at("image").integer(0);
        thumbnail.label = object.at("label").integer(0);
        thumbnail.className = object.at("class_name").text();
        thumbnail.width = static_cast<int>(object.at("width").integer(1, kMostPixels));
        thumbnail.height = static_cast<int>(object.at("height").integer(1, kMostPixels));
        const Cursor pixels = object.at("rgb");
        std::optional<std::vector<std::uint8_t>> bytes = fromBase64(pixels.text());
        if (!bytes) {
            pixels.fail(ErrorCode::CorruptFile, "the text is not base64");
        }
        const std::size_t expected = std::size_t{3} * static_cast<std::size_t>(thumbnail.width) *
                                     static_cast<std::size_t>(thumbnail.height);
        if (bytes->size() != expected) {
            pixels.fail(ErrorCode::CorruptFile, "found ", bytes->size(), " bytes, a picture of ",
                        thumbnail.width, " x ", thumbnail.height, " has ", expected);
        }
        thumbnail.rgb = std::move(*bytes);
        thumbnails.push_back(std::move(thumbnail));
    }
    return thumbnails;
}

} // namespace bitloom
