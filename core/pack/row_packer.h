// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/pack/bit_packer.h"
#include "core/pack/block_layout.h"

#include <cstdint>
#include <span>

namespace bitloom {

/// The layout of one packed matrix (see block_layout.h). rowBits must outlive its uses.
struct PackedLayout {
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    PackUnit unit = PackUnit::Row;
    int bits = 0;                          ///< of all rows; not used where rowBits is given
    std::span<const std::uint8_t> rowBits; ///< empty, or one width per row (unit Row only)

    int bitsOfRow(std::int64_t row) const
    {
        return rowBits.empty() ? bits : rowBits[static_cast<std::size_t>(row)];
    }
    int widestBits() const;
    /// Errors: ShapeMismatch for rowBits of another length, InvalidArgument for a width outside
    /// 0..16, negative sizes, or rowBits with unit Tensor; CorruptFile when the count does not fit
    /// 64 bits.
    std::int64_t words() const;
};

/// Packs codes [rows, cols] in C order into words.
///
/// Shapes:  codes rows*cols; words exactly layout.words(). Padding bits become 0.
/// Errors:  as packBits and PackedLayout::words; the message names row and column. ShapeMismatch
/// for wrong sizes.
///          uint8 codes cannot fill rows wider than 8 bits (InvalidArgument).
void packMatrix(std::span<const std::uint8_t> codes, const PackedLayout& layout,
                std::span<std::uint32_t> words, Isa isa = activeIsa());
void packMatrix(std::span<const std::uint16_t> codes, const PackedLayout& layout,
                std::span<std::uint32_t> words, Isa isa = activeIsa());

/// Packs integers of any type [rows, cols] in C order, codes = value + offset, straight from where
/// they lie.
///
/// T:       as packValues. offsets: one, or one per row.
/// Shapes:  as packMatrix. Errors: as packMatrix and packValues.
template <typename T>
void packMatrixValues(std::span<const T> values, std::span<const std::int64_t> offsets,
                      const PackedLayout& layout, std::span<std::uint32_t> words,
                      Isa isa = activeIsa());

void unpackMatrix(std::span<const std::uint32_t> words, const PackedLayout& layout,
                  std::span<std::uint8_t> codes, Isa isa = activeIsa());
void unpackMatrix(std::span<const std::uint32_t> words, const PackedLayout& layout,
                  std::span<std::uint16_t> codes, Isa isa = activeIsa());

/// The words that hold one row, and where its codes begin in them.
struct RowPlace {
    std::int64_t firstWord = 0;
    std::int64_t words = 0;
    std::int64_t skippedCodes =
        0; ///< unit Tensor: codes of earlier rows at the start of the first word's group
};

/// Errors: InvalidArgument for a row that does not exist. Cost: O(1), with rowBits O(row).
RowPlace placeOfRow(const PackedLayout& layout, std::int64_t row);

/// One row's codes from the words that placeOfRow names.
/// Shapes:  rowWords exactly place.words; codes cols.
void unpackRow(std::span<const std::uint32_t> rowWords, const PackedLayout& layout,
               std::int64_t row, std::span<std::uint16_t> codes, Isa isa = activeIsa());

} // namespace bitloom
