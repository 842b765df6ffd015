// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/bitpack_layout.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/pack/bit_packer.h"

#include <algorithm>
#include <bit>

namespace bitloom {

namespace {

void requireWidth(int bits, int lowest)
{
    BITLOOM_REQUIRE(bits >= lowest && bits <= kMaxBitPackBits, ErrorCode::InvalidArgument, "width ",
                    bits, " is not supported by BitPack, which has ", lowest, " to ",
                    kMaxBitPackBits, " bits");
}

} // namespace

std::vector<std::int64_t> bitPackShape(std::span<const std::int64_t> shape, int bits)
{
    requireWidth(bits, 0);
    BITLOOM_REQUIRE(!shape.empty(), ErrorCode::InvalidArgument,
                    "BitPack cannot pack a tensor without dimensions; store it as it is");
    for (const std::int64_t size : shape) {
        BITLOOM_REQUIRE(size >= 0, ErrorCode::InvalidArgument, "a shape has the negative size ",
                        size);
        checkedMultiply(size, std::int64_t{8}, "a dimension");
    }
    auto chosen = std::find_if(shape.begin(), shape.end(),
                               [bits](std::int64_t size) { return size * bits % 8 == 0; });
    if (chosen == shape.end()) {
        chosen = std::max_element(shape.begin(), shape.end());
    }
    std::vector<std::int64_t> packed(shape.begin(), shape.end());
    packed[static_cast<std::size_t>(chosen - shape.begin())] = ceilDivide(*chosen * bits, 8);
    checkedNumel(packed, "a packed tensor");
    return packed;
}

int tightBitWidth(std::uint64_t highest)
{
    return static_cast<int>(std::bit_width(highest));
}

int publishedBitPackWidth(std::uint64_t highest)
{
    for (int bits = 1; bits < kMaxBitPackBits; ++bits) {
        if (highest < (std::uint64_t{1} << bits) - 1) {
            return bits;
        }
    }
    return kMaxBitPackBits;
}

std::vector<std::byte> bitPack(std::span<const std::uint8_t> codes,
                               std::span<const std::int64_t> shape, int bits, Isa isa)
{
    requireWidth(bits, 1);
    const std::int64_t count = checkedNumel(shape, "a tensor of codes");
    BITLOOM_REQUIRE(count == static_cast<std::int64_t>(codes.size()), ErrorCode::ShapeMismatch,
                    "a shape of ", count, " elements for ", codes.size(), " codes");
    std::vector<std::byte> packed(
        static_cast<std::size_t>(checkedNumel(bitPackShape(shape, bits), "a packed tensor")));
    packBits(codes, bits, BitOrder::MsbFirst, packed, isa);
    return packed;
}

std::vector<std::uint8_t> bitUnpack(std::span<const std::byte> packed,
                                    std::span<const std::int64_t> shape, int bits, Isa isa)
{
    requireWidth(bits, 0);
    const std::int64_t count = checkedNumel(shape, "a tensor of codes");
    const std::size_t needed = packedStreamBytes(static_cast<std::size_t>(count), bits);
    BITLOOM_REQUIRE(needed <= packed.size(), ErrorCode::ShapeMismatch, count, " codes of ", bits,
                    " bits need ", needed, " bytes, ", packed.size(), " given");
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(count));
    unpackBits(packed, bits, BitOrder::MsbFirst, std::span(codes), isa);
    return codes;
}

std::int64_t setPaddingBits(std::span<const std::byte> packed, std::int64_t count, int bits)
{
    const auto end = packedStreamBytes(static_cast<std::size_t>(count), bits);
    std::int64_t set = 0;
    for (const std::byte byte : packed.subspan(std::min(end, packed.size()))) {
        set += std::popcount(std::to_integer<unsigned>(byte));
    }
    // The stream's last byte is filled from its highest bit on.
    const auto used = static_cast<unsigned>(count % 8 * bits % 8);
    if (used != 0 && end <= packed.size()) {
        set += std::popcount(std::to_integer<unsigned>(packed[end - 1]) & (0xFFU >> used));
    }
    return set;
}

} // namespace bitloom
