// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ops/host_device.h"

#include <cstdint>

namespace bitloom::ops {

// Rows of packed codes as words: 32 bits of a row's bytes, little-endian. What the kernels for CUDA
// do for each word or code, plain enough to be tested on the CPU (core/pack has the fast way
// there).

BITLOOM_HOST_DEVICE inline std::uint32_t bytesSwapped(std::uint32_t word)
{
    return (word >> 24) | ((word >> 8) & 0xFF00U) | ((word << 8) & 0xFF0000U) | (word << 24);
}

/// Word `word` of a row of codes: what all codes with a bit in it leave there.
/// bits: 1 to 16. codeAt(i): code i of the row, below 2^bits.
template <typename CodeAt>
BITLOOM_HOST_DEVICE std::uint32_t packedWord(std::int64_t word, int bits, std::int64_t columns,
                                             bool msbFirst, const CodeAt& codeAt)
{
    std::int64_t column = word * 32 / bits;
    int begin = static_cast<int>(column * bits - word * 32); // the first may have begun before
    std::uint32_t result = 0;
    for (; begin < 32 && column < columns; ++column, begin += bits) {
        const std::uint32_t code = codeAt(column);
        const int shift = msbFirst ? 32 - bits - begin : begin;
        result |= shift >= 0 ? code << shift : code >> -shift;
    }
    return msbFirst ? bytesSwapped(result) : result;
}

/// Code `column` of a row. bits: 1 to 16. wordAt(w): word w of the row; called only for words that
/// hold a bit of the code.
template <typename WordAt>
BITLOOM_HOST_DEVICE std::uint32_t packedCode(std::int64_t column, int bits, bool msbFirst,
                                             const WordAt& wordAt)
{
    const std::int64_t bit = column * bits;
    const int begin = static_cast<int>(bit % 32);
    const bool isSplit = begin + bits > 32;
    std::uint64_t first = wordAt(bit / 32);
    std::uint64_t second = isSplit ? wordAt(bit / 32 + 1) : 0;
    const std::uint32_t mask = (1U << bits) - 1;
    if (msbFirst) {
        first = bytesSwapped(static_cast<std::uint32_t>(first));
        second = bytesSwapped(static_cast<std::uint32_t>(second));
        return static_cast<std::uint32_t>((first << 32 | second) >> (64 - begin - bits)) & mask;
    }
    return static_cast<std::uint32_t>((second << 32 | first) >> begin) & mask;
}

} // namespace bitloom::ops
