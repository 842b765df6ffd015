// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/checked_math.h"
#include "core/base/error.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace bitloom {

// How packed integer codes lie in memory and in files. This header is the one place that says so.
//
// A weight tensor is seen as a matrix [rows, cols]: the channel axis moved to the front, rows = its
// length, cols = elements / rows, in C order. A convolution weight [O, I, kH, kW] has axis 0: rows
// = O, cols = I*kH*kW; a transposed convolution has axis 1.
//
// Row r holds its codes in b_r bits each, 0 <= b_r <= 16:
//   * bit order: code c takes the bits [c*b, (c+1)*b) of the row's stream, lowest bit first; bit k
//   of the stream
//     is bit k%32 of word k/32; words are 32 bit little-endian, so bit k is also bit k%8 of byte
//     k/8;
//   * padding: a row is rounded up to whole words, W_r = ceil(cols*b_r / 32); padding bits are 0;
//   * start: the sum of W over the rows before it; a 0-bit row has no words.
// Unit "row" is the above. Unit "tensor" packs all rows*cols codes as one row (one width for all):
// no padding between channels, chosen where row padding would waste more than 5 % (depthwise
// convolutions, say).

inline constexpr int kPackWordBits = 32;
inline constexpr std::int64_t kPackWordBytes = 4;
inline constexpr int kMaxPackedBits = 16;

enum class PackUnit {
    Row,    ///< each row starts at a word: random access to rows, a width per row
    Tensor, ///< one row for the whole tensor
};

constexpr std::string_view toString(PackUnit unit)
{
    return unit == PackUnit::Row ? "row" : "tensor";
}

/// A tensor seen as a matrix, and where the channel axis was.
struct MatrixView {
    std::int64_t rows = 0;  ///< length of the channel axis; 1 for a tensor without dimensions
    std::int64_t cols = 0;  ///< elements per row; 0 when the tensor is empty
    std::int64_t outer = 1; ///< product of the sizes before the axis
    std::int64_t inner = 1; ///< product of the sizes after the axis
};

/// Errors: CorruptFile for negative or overflowing sizes, InvalidArgument for an axis the shape
/// does not have.
inline MatrixView matrixViewOf(std::span<const std::int64_t> shape, std::int64_t axis)
{
    checkedNumel(shape, "the tensor shape");
    if (shape.empty()) {
        BITLOOM_REQUIRE(axis == 0, ErrorCode::InvalidArgument, "axis ", axis,
                        " of a tensor without dimensions; only 0 is possible");
        return {1, 1, 1, 1};
    }
    BITLOOM_REQUIRE(axis >= 0 && axis < static_cast<std::int64_t>(shape.size()),
                    ErrorCode::InvalidArgument, "axis ", axis, " of a tensor with ", shape.size(),
                    " dimensions");
    const auto at = static_cast<std::size_t>(axis);
    MatrixView view;
    view.rows = shape[at];
    // A zero elsewhere could hide an overflow in the product of the other sizes.
    view.outer = checkedNumel(shape.first(at), "the tensor shape");
    view.inner = checkedNumel(shape.subspan(at + 1), "the tensor shape");
    view.cols =
        view.rows == 0 ? 0 : checkedMultiply(view.outer, view.inner, "the tensor's row length");
    return view;
}

/// ceil(cols * bits / 32) without overflow for any cols >= 0. Errors: InvalidArgument for bits
/// outside 0..16.
inline std::int64_t wordsPerRow(std::int64_t cols, int bits)
{
    BITLOOM_REQUIRE(bits >= 0 && bits <= kMaxPackedBits, ErrorCode::InvalidArgument,
                    "packed codes have 0 to ", kMaxPackedBits, " bits, not ", bits);
    BITLOOM_REQUIRE(cols >= 0, ErrorCode::InvalidArgument, "a row of ", cols, " codes");
    // 32 codes take exactly `bits` words.
    return cols / kPackWordBits * bits + ceilDivide(cols % kPackWordBits * bits, kPackWordBits);
}

/// Words of a matrix whose rows all have the same width.
inline std::int64_t packedWords(std::int64_t rows, std::int64_t cols, int bits, PackUnit unit)
{
    if (unit == PackUnit::Tensor) {
        return wordsPerRow(checkedMultiply(rows, cols, "the number of codes"), bits);
    }
    return checkedMultiply(rows, wordsPerRow(cols, bits), "the number of packed words");
}

/// Words of a matrix with a width per row (unit "row" only).
inline std::int64_t packedWords(std::int64_t cols, std::span<const std::uint8_t> rowBits)
{
    std::int64_t words = 0;
    for (const std::uint8_t bits : rowBits) {
        words = checkedAdd(words, wordsPerRow(cols, bits), "the number of packed words");
    }
    return words;
}

/// Bytes of packed codes, the number a cost model counts and a packed file stores.
inline std::int64_t packedBytes(std::int64_t rows, std::int64_t cols, int bits, PackUnit unit)
{
    return checkedMultiply(packedWords(rows, cols, bits, unit), kPackWordBytes,
                           "the number of packed bytes");
}

/// The writer's rule: "tensor" when padding each row costs more than 5 % of the codes' own bits and
/// one row for the whole tensor is smaller; else "row".
inline PackUnit choosePackUnit(std::int64_t rows, std::int64_t cols, int bits)
{
    const std::int64_t asRows = packedWords(rows, cols, bits, PackUnit::Row);
    const std::int64_t asTensor = packedWords(rows, cols, bits, PackUnit::Tensor);
    const double codeBits =
        static_cast<double>(rows) * static_cast<double>(cols) * static_cast<double>(bits);
    const double rowBits = static_cast<double>(asRows) * kPackWordBits;
    // 20 * padding > codes; exact in double below 2^48 words.
    const bool wasteful = 20.0 * (rowBits - codeBits) > codeBits;
    return wasteful && asTensor < asRows ? PackUnit::Tensor : PackUnit::Row;
}

} // namespace bitloom
