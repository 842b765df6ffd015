// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/word_layout.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/pack/row_packer.h"

namespace bitloom::io {

namespace {

PackedLayout denseLayout(std::int64_t rows, std::int64_t cols, int bits)
{
    return {rows, cols, PackUnit::Row, bits, {}};
}

} // namespace

std::string_view toString(WordLayout layout)
{
    return layout == WordLayout::Dense ? "dense" : "padded";
}

std::optional<WordLayout> wordLayoutFrom(std::string_view text)
{
    for (const WordLayout layout : {WordLayout::Dense, WordLayout::Padded}) {
        if (toString(layout) == text) {
            return layout;
        }
    }
    return std::nullopt;
}

std::int64_t wordsOf(std::int64_t cols, int bits, WordLayout layout)
{
    return layout == WordLayout::Dense
               ? wordsPerRow(cols, bits)
               : cols / (kPackWordBits / bits) + (cols % (kPackWordBits / bits) != 0 ? 1 : 0);
}

std::vector<std::uint8_t> unpackWords(std::span<const std::uint32_t> words, std::int64_t rows,
                                      std::int64_t cols, int bits, WordLayout layout)
{
    const std::int64_t perRow = wordsOf(cols, bits, layout);
    BITLOOM_REQUIRE(static_cast<std::int64_t>(words.size()) == rows * perRow,
                    ErrorCode::ShapeMismatch, rows, " rows of ", cols, " codes of ", bits,
                    " bits need ", rows * perRow, " words, there are ", words.size());
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(rows * cols));
    if (layout == WordLayout::Dense) {
        unpackMatrix(words, denseLayout(rows, cols, bits), std::span(codes));
        return codes;
    }
    const auto perWord = static_cast<std::size_t>(kPackWordBits / bits);
    const std::uint32_t mask = (1U << static_cast<unsigned>(bits)) - 1U;
    std::size_t at = 0;
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
        const auto rowWords =
            words.subspan(row * static_cast<std::size_t>(perRow), static_cast<std::size_t>(perRow));
        for (std::size_t col = 0; col < static_cast<std::size_t>(cols); ++col) {
            const std::size_t shift = col % perWord * static_cast<std::size_t>(bits);
            codes[at++] = static_cast<std::uint8_t>((rowWords[col / perWord] >> shift) & mask);
        }
    }
    return codes;
}

std::vector<std::uint32_t> packWords(std::span<const std::uint8_t> codes, std::int64_t rows,
                                     std::int64_t cols, int bits)
{
    std::vector<std::uint32_t> words(
        static_cast<std::size_t>(packedWords(rows, cols, bits, PackUnit::Row)));
    packMatrix(codes, denseLayout(rows, cols, bits), std::span(words));
    return words;
}

} // namespace bitloom::io
