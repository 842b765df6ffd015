// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// One line {"thumbnails":[{image,label,class_name,width,height,rgb}]}, rgb in base64.
std::string toJson(const std::vector<Thumbnail>& thumbnails);
/// Errors: CorruptFile (bytes that are not base64 or too few or many for the size),
/// InvalidArgument, each with the key's path.
std::vector<Thumbnail> thumbnailsFromJson(std::string_view text);

} // namespace bitloom
