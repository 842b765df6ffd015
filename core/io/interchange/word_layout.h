// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// How the codes of a row lie in 32-bit words, lowest bit first. The two differ for 3, 5, 6 and 7
/// bits only.
enum class WordLayout {
    Dense,  ///< one after the other, across words: as core/pack/block_layout.h says
    Padded, ///< 32 / bits whole codes per word, the bits above them 0
};

std::string_view toString(WordLayout layout); ///< "dense" | "padded"
std::optional<WordLayout> wordLayoutFrom(std::string_view text);

/// Words of a row. bits: 1 to 8.
std::int64_t wordsOf(std::int64_t cols, int bits, WordLayout layout);

/// Codes [rows, cols] from words [rows, wordsOf(cols, bits, layout)].
/// Errors: ShapeMismatch for another number of words.
std::vector<std::uint8_t> unpackWords(std::span<const std::uint32_t> words, std::int64_t rows,
                                      std::int64_t cols, int bits, WordLayout layout);
/// The way back, dense.
std::vector<std::uint32_t> packWords(std::span<const std::uint8_t> codes, std::int64_t rows,
                                     std::int64_t cols, int bits);

/// [rows, cols] as [cols, rows].
template <typename T>
std::vector<T> transposedMatrix(const std::vector<T>& values, std::int64_t rows, std::int64_t cols)
{
    std::vector<T> result(values.size());
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t col = 0; col < cols; ++col) {
            result[static_cast<std::size_t>(col * rows + row)] =
                values[static_cast<std::size_t>(row * cols + col)];
        }
    }
    return result;
}

} // namespace bitloom::io
