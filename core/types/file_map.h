// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What a run of bytes of a file of weights holds.
enum class RegionKind {
    Codes,    ///< packed integers
    Values,   ///< a tensor as it is
    Scales,   ///< of codes
    Offsets,  ///< of codes: zero points, origins
    Layout,   ///< what else is needed to read codes: widths of rows, groups of columns, seen ranges
    Metadata, ///< names, headers, checksums, plan, network
    Padding,  ///< holds nothing: it brings what follows to an even address
};

/// "codes", "values", "scales", "offsets", "layout", "metadata", "padding".
std::string_view toString(RegionKind kind);

/// A run of bytes of a file.
struct FileRegion {
    static constexpr int kBitsPerRow = -1;

    std::string tensor; ///< whose they are; empty: the file's own
    RegionKind kind = RegionKind::Metadata;
    std::int64_t offset = 0; ///< from the start of the file
    std::int64_t bytes = 0;
    int bits = 0; ///< of one code or value; kBitsPerRow: several widths; 0: there are none
};

/// Where everything lies in one file of weights.
struct FileMap {
    std::string file;   ///< as given
    Phrase format;      ///< for people: "packed HDF5 1.0"
    std::string source; ///< the model that it was packed from, as the file says; empty: it does not
    std::int64_t fileBytes = 0;
    /// By offset. They cover the file: each begins where the one before it ends, their bytes add up
    /// to fileBytes.
    std::vector<FileRegion> regions;

    std::int64_t bytesOf(RegionKind kind) const;
};

/// Sorts the regions, joins neighbours of one tensor and kind, and takes what none of them covers
/// as metadata; of that, zero bytes in front of a region that begins at a multiple of alignment are
/// padding. content: the whole file.
/// Errors: CorruptFile naming two regions that lie on the same bytes, or one that ends behind the
/// file.
void completeRegions(FileMap& map, std::span<const std::byte> content, std::int64_t alignment);

/// One line (docs/formats.md, "file map").
std::string toJson(const FileMap& map);
/// Errors: CorruptFile, InvalidArgument with the key's path.
FileMap fileMapFromJson(std::string_view text);

} // namespace bitloom
