// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/isa.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bitloom {

// How BitPack lays out the codes of one tensor: all codes in C order as one MSB-first stream
// (BitOrder::MsbFirst) without any alignment, poured into a tensor of bytes whose shape is that of
// the codes with one dimension shortened; the bytes behind the stream are 0. Which dimension it is
// has no effect on where bits lie.

inline constexpr int kMaxBitPackBits = 8;

/// The shape of the bytes that hold codes of this shape: dimension i becomes
/// ceil(shape[i] * bits / 8), where i is the first one with shape[i] * bits % 8 == 0, or else the
/// largest one, the first on ties.
/// Errors: InvalidArgument for bits outside 0..8, negative sizes and a shape without dimensions;
///         CorruptFile for sizes that overflow.
std::vector<std::int64_t> bitPackShape(std::span<const std::int64_t> shape, int bits);

/// The smallest width that holds codes 0..highest.
int tightBitWidth(std::uint64_t highest);

/// The width that BitPack chooses: the smallest one of 1..8 with highest < 2^width - 1, which is
/// wider than needed by one bit where highest = 2^width - 1; 8 for everything beyond.
int publishedBitPackWidth(std::uint64_t highest);

/// The bytes of bitPackShape(shape, bits).
/// Errors: InvalidArgument for bits outside 1..8 or naming the first code that needs more;
///         ShapeMismatch if shape and codes do not have the same number of elements.
std::vector<std::byte> bitPack(std::span<const std::uint8_t> codes,
                               std::span<const std::int64_t> shape, int bits,
                               Isa isa = activeIsa());

/// The inverse; packed may be longer than the stream.
/// Errors: InvalidArgument for bits outside 0..8; ShapeMismatch if packed is shorter than the
///         stream of this shape.
std::vector<std::uint8_t> bitUnpack(std::span<const std::byte> packed,
                                    std::span<const std::int64_t> shape, int bits,
                                    Isa isa = activeIsa());

/// How many bits behind the first count codes are not 0, where they should be.
std::int64_t setPaddingBits(std::span<const std::byte> packed, std::int64_t count, int bits);

} // namespace bitloom
