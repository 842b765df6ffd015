// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// A small picture of one item of a dataset, as decoded, before any normalisation.
struct Thumbnail {
    std::int64_t image = 0; ///< item of the dataset
    std::int64_t label = 0;
    std::string className; ///< empty where the dataset has no name for it
    int width = 0;         ///< pixels; the longer side is at most the size asked for
    int height = 0;
    std::vector<std::uint8_t> rgb; ///< 3 * width * height bytes, rows from the top
};

inline constexpr int kSmallestThumbnail = 8; ///< pixels on the longer side
inline constexpr int kLargestThumbnail = 512;
/// How many of that size one list may hold: 1,000, or fewer where they are large, so that their
/// JSON stays below what readers accept.
constexpr std::size_t mostThumbnails(int size)
{
    constexpr std::size_t kMost = 1000;
    constexpr std::size_t kMostBytes = std::size_t{32} << 20;
    const auto side = static_cast<std::size_t>(size);
    return std::min(kMost, kMostBytes / (3 * side * side));
}

/// One line {"thumbnails":[{image,label,class_name,width,height,rgb}]}, rgb in base64.
std::string toJson(const std::vector<Thumbnail>& thumbnails);
/// Errors: CorruptFile (bytes that are not base64 or too few or many for the size),
/// InvalidArgument, each with the key's path.
std::vector<Thumbnail> thumbnailsFromJson(std::string_view text);

} // namespace bitloom
