// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/isa.h"
#include "core/pack/bit_packer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace bitloom {

/// IEEE binary16, as its bits.
struct Half {
    std::uint16_t bits = 0;
};

/// What a buffer holds, if it holds nothing but integers.
struct ScannedRange {
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    /// The first value that is no integer of 64 bits: a fraction, NaN, infinite, or beyond. The
    /// range is then not meaningful.
    std::optional<std::size_t> firstOther;
};

/// Smallest, largest and "is each of them an integer?" in one pass. No values: 0 and 0.
///
/// T: std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, Half or float.
/// Errors:  Unsupported for an Isa that this machine lacks.
/// Threads: any.
template <typename T>
ScannedRange scanValues(std::span<const T> values, Isa isa = activeIsa());

/// True where each value equals its integer. False says that one may differ: it does for integer
/// types; Half and float are also not sure of integers beyond 2^24.
///
/// T:      as scanValues.
/// Shapes: as many values as integers. Errors: ShapeMismatch for others, Unsupported as scanValues.
/// Threads: any.
template <typename T>
bool equalsIntegers(std::span<const T> values, std::span<const std::int32_t> integers,
                    Isa isa = activeIsa());

/// Packs integers of any type, codes = value + offset, straight from where they lie.
///
/// Shapes:  as packBits. Numerics: exact; the bytes are those of packBits for every Isa.
/// Errors:  InvalidArgument for bits outside 0..16, or naming the first value that is no integer
///          (Half, float) or whose code is negative or needs more bits (out is then unspecified);
///          ShapeMismatch, Unsupported as packBits.
/// Cost:    one pass over values and out, 24 KiB of stack.
/// Threads: any; values and out must not overlap.
template <typename T>
void packValues(std::span<const T> values, std::int64_t offset, int bits, BitOrder order,
                std::span<std::byte> out, Isa isa = activeIsa());

/// The inverse: value = code - offset.
/// Errors:  InvalidArgument for bits outside 0..16, or where T cannot hold every value that the
/// width
///          allows (Half: integers up to 2048, float: up to 2^24); ShapeMismatch, Unsupported as
///          unpackBits.
template <typename T>
void unpackValues(std::span<const std::byte> packed, int bits, BitOrder order, std::int64_t offset,
                  std::span<T> values, Isa isa = activeIsa());

} // namespace bitloom
