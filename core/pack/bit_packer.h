// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/isa.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace bitloom {

enum class BitOrder {
    LsbFirst, ///< ours: bit k of the stream is bit k%8 of byte k/8, codes lowest bit first
    MsbFirst, ///< BitPack: bit k of the stream is bit 7-k%8 of byte k/8, codes highest bit first
};

/// ceil(count * bits / 8).
std::size_t packedStreamBytes(std::size_t count, int bits);

/// Packs codes one after the other into a stream without gaps.
///
/// Shapes:  out at least packedStreamBytes(codes.size(), bits) bytes; bytes of out behind the
/// stream become 0. Numerics: the bytes are the same for every Isa. 0 bits: no stream, all codes
/// must be 0. Errors:  InvalidArgument for bits outside 0..8 (uint8 codes) or 0..16 (uint16 codes),
/// or naming the first code
///          that needs more bits (out is then unspecified); ShapeMismatch if out is too small;
///          Unsupported for an Isa that this machine lacks.
/// Threads: any; reads only codes, writes only out. The two must not overlap.
void packBits(std::span<const std::uint8_t> codes, int bits, BitOrder order,
              std::span<std::byte> out, Isa isa = activeIsa());
void packBits(std::span<const std::uint16_t> codes, int bits, BitOrder order,
              std::span<std::byte> out, Isa isa = activeIsa());

/// The inverse: the first codes.size() codes of a stream.
///
/// Shapes:  packed at least packedStreamBytes(codes.size(), bits) bytes; more are ignored.
/// Errors:  InvalidArgument, ShapeMismatch, Unsupported as above.
void unpackBits(std::span<const std::byte> packed, int bits, BitOrder order,
                std::span<std::uint8_t> codes, Isa isa = activeIsa());
void unpackBits(std::span<const std::byte> packed, int bits, BitOrder order,
                std::span<std::uint16_t> codes, Isa isa = activeIsa());

} // namespace bitloom
