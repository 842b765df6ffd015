// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/row_packer.h"

#include "core/base/error.h"
#include "core/pack/value_kernels.h"
#include "core/pack/value_packer.h"

#include <algorithm>
#include <string>
#include <vector>

namespace bitloom {

namespace {

std::size_t numCodes(const PackedLayout& layout)
{
    return static_cast<std::size_t>(
        checkedMultiply(layout.rows, layout.cols, "the number of codes"));
}

template <typename Words>
void requireSizes(const PackedLayout& layout, std::size_t codes, Words words)
{
    const auto expectedWords = static_cast<std::size_t>(layout.words());
    BITLOOM_REQUIRE(codes == numCodes(layout), ErrorCode::ShapeMismatch, "a matrix of ",
                    layout.rows, " x ", layout.cols, " has ", numCodes(layout), " codes, not ",
                    codes);
    BITLOOM_REQUIRE(words.size() == expectedWords, ErrorCode::ShapeMismatch, "a matrix of ",
                    layout.rows, " x ", layout.cols, " packs into ", expectedWords, " words, not ",
                    words.size());
}

bool isOneStream(const PackedLayout& layout)
{
    // Rows that fill their words leave no gaps, so the whole matrix is one stream as well.
    return layout.unit == PackUnit::Tensor ||
           (layout.rowBits.empty() && layout.cols * layout.bits % kPackWordBits == 0);
}

/// Calls pack(row, values, bits, bytes) with the part of the values and of the words of each row.
template <typename Value, typename Pack>
void forEachPackedRow(std::span<const Value> values, const PackedLayout& layout,
                      std::span<std::uint32_t> words, Pack pack)
{
    const auto cols = static_cast<std::size_t>(layout.cols);
    for (std::int64_t row = 0; row < layout.rows; ++row) {
        const int bits = layout.bitsOfRow(row);
        const auto length = static_cast<std::size_t>(wordsPerRow(layout.cols, bits));
        try {
            pack(row, values.first(cols), bits, std::as_writable_bytes(words.first(length)));
        } catch (Error& error) {
            error.addContext("row " + std::to_string(row));
            throw;
        }
        values = values.subspan(cols);
        words = words.subspan(length);
    }
}

template <typename Code>
void packRows(std::span<const Code> codes, const PackedLayout& layout,
              std::span<std::uint32_t> words, Isa isa)
{
    requireSizes(layout, codes.size(), words);
    if (isOneStream(layout)) {
        packBits(codes, layout.bits, BitOrder::LsbFirst, std::as_writable_bytes(words), isa);
        return;
    }
    forEachPackedRow(
        codes, layout, words,
        [isa](std::int64_t, std::span<const Code> some, int bits, std::span<std::byte> out) {
            packBits(some, bits, BitOrder::LsbFirst, out, isa);
        });
}

template <typename Code>
void unpackRows(std::span<const std::uint32_t> words, const PackedLayout& layout,
                std::span<Code> codes, Isa isa)
{
    requireSizes(layout, codes.size(), words);
    if (isOneStream(layout)) {
        unpackBits(std::as_bytes(words), layout.bits, BitOrder::LsbFirst, codes, isa);
        return;
    }
    const auto cols = static_cast<std::size_t>(layout.cols);
    for (std::int64_t row = 0; row < layout.rows; ++row) {
        const int bits = layout.bitsOfRow(row);
        const auto length = static_cast<std::size_t>(wordsPerRow(layout.cols, bits));
        unpackBits(std::as_bytes(words.first(length)), bits, BitOrder::LsbFirst, codes.first(cols),
                   isa);
        codes = codes.subspan(cols);
        words = words.subspan(length);
    }
}

} // namespace

int PackedLayout::widestBits() const
{
    return rowBits.empty() ? bits : *std::max_element(rowBits.begin(), rowBits.end());
}

std::int64_t PackedLayout::words() const
{
    BITLOOM_REQUIRE(rows >= 0 && cols >= 0, ErrorCode::InvalidArgument, "a matrix of ", rows, " x ",
                    cols);
    if (rowBits.empty()) {
        return packedWords(rows, cols, bits, unit);
    }
    BITLOOM_REQUIRE(unit == PackUnit::Row, ErrorCode::InvalidArgument,
                    "widths per row need the unit row, not tensor");
    BITLOOM_REQUIRE(static_cast<std::int64_t>(rowBits.size()) == rows, ErrorCode::ShapeMismatch,
                    rowBits.size(), " row widths for ", rows, " rows");
    return packedWords(cols, rowBits);
}

void packMatrix(std::span<const std::uint8_t> codes, const PackedLayout& layout,
                std::span<std::uint32_t> words, Isa isa)
{
    packRows(codes, layout, words, isa);
}

void packMatrix(std::span<const std::uint16_t> codes, const PackedLayout& layout,
                std::span<std::uint32_t> words, Isa isa)
{
    packRows(codes, layout, words, isa);
}

template <typename T>
void packMatrixValues(std::span<const T> values, std::span<const std::int64_t> offsets,
                      const PackedLayout& layout, std::span<std::uint32_t> words, Isa isa)
{
    requireSizes(layout, values.size(), words);
    const bool isOneOffset = offsets.size() == 1;
    BITLOOM_REQUIRE(isOneOffset || static_cast<std::int64_t>(offsets.size()) == layout.rows,
                    ErrorCode::ShapeMismatch, offsets.size(), " offsets for ", layout.rows,
                    " rows; 1 or one per row were expected");
    BITLOOM_REQUIRE(isOneOffset || layout.unit == PackUnit::Row, ErrorCode::InvalidArgument,
                    "offsets per row need the unit row, not tensor");
    if (isOneOffset && isOneStream(layout)) {
        packValues(values, offsets.front(), layout.bits, BitOrder::LsbFirst,
                   std::as_writable_bytes(words), isa);
        return;
    }
    forEachPackedRow(
        values, layout, words,
        [&](std::int64_t row, std::span<const T> some, int bits, std::span<std::byte> out) {
            const std::size_t at = isOneOffset ? 0 : static_cast<std::size_t>(row);
            packValues(some, offsets[at], bits, BitOrder::LsbFirst, out, isa);
        });
}

#define BITLOOM_INSTANTIATE(T)                                                                     \
    template void packMatrixValues<T>(std::span<const T>, std::span<const std::int64_t>,           \
                                      const PackedLayout&, std::span<std::uint32_t>, Isa);
BITLOOM_INSTANTIATE_FOR_VALUES
#undef BITLOOM_INSTANTIATE

void unpackMatrix(std::span<const std::uint32_t> words, const PackedLayout& layout,
                  std::span<std::uint8_t> codes, Isa isa)
{
    unpackRows(words, layout, codes, isa);
}

void unpackMatrix(std::span<const std::uint32_t> words, const PackedLayout& layout,
                  std::span<std::uint16_t> codes, Isa isa)
{
    unpackRows(words, layout, codes, isa);
}

RowPlace placeOfRow(const PackedLayout& layout, std::int64_t row)
{
    layout.words(); // the layout is sound and its counts fit
    BITLOOM_REQUIRE(row >= 0 && row < layout.rows, ErrorCode::InvalidArgument, "row ", row,
                    " of a matrix with ", layout.rows, " rows");
    RowPlace place;
    const int bits = layout.bitsOfRow(row);
    if (layout.unit == PackUnit::Tensor) {
        // 32 codes fill exactly `bits` words: start at such a group.
        const std::int64_t firstCode = row * layout.cols;
        place.skippedCodes = firstCode % kPackWordBits;
        place.firstWord = firstCode / kPackWordBits * bits;
        place.words = wordsPerRow(place.skippedCodes + layout.cols, bits);
        return place;
    }
    place.words = wordsPerRow(layout.cols, bits);
    place.firstWord =
        layout.rowBits.empty()
            ? row * place.words
            : packedWords(layout.cols, layout.rowBits.first(static_cast<std::size_t>(row)));
    return place;
}

void unpackRow(std::span<const std::uint32_t> rowWords, const PackedLayout& layout,
               std::int64_t row, std::span<std::uint16_t> codes, Isa isa)
{
    const RowPlace place = placeOfRow(layout, row);
    const int bits = layout.bitsOfRow(row);
    BITLOOM_REQUIRE(static_cast<std::int64_t>(rowWords.size()) == place.words &&
                        static_cast<std::int64_t>(codes.size()) == layout.cols,
                    ErrorCode::ShapeMismatch, "row ", row, " has ", place.words, " words and ",
                    layout.cols, " codes, not ", rowWords.size(), " and ", codes.size());
    if (place.skippedCodes == 0) {
        unpackBits(std::as_bytes(rowWords), bits, BitOrder::LsbFirst, codes, isa);
        return;
    }
    const auto skipped = static_cast<std::size_t>(place.skippedCodes);
    std::vector<std::uint16_t> withEarlier(skipped + codes.size());
    unpackBits(std::as_bytes(rowWords), bits, BitOrder::LsbFirst, std::span(withEarlier), isa);
    std::copy(withEarlier.begin() + place.skippedCodes, withEarlier.end(), codes.begin());
}

} // namespace bitloom
