// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/bit_kernels.h"

#include <bit>
#include <cstring>
#include <type_traits>

namespace bitloom::detail {

static_assert(std::endian::native == std::endian::little,
              "packed words are little-endian and are used in place");

namespace full_width {

unsigned pack8(const std::uint8_t* codes, std::size_t count, std::uint8_t* packed)
{
    std::memcpy(packed, codes, count);
    return 0; // any byte fits 8 bits
}

void unpack8(const std::uint8_t* packed, std::size_t count, std::uint8_t* codes)
{
    std::memcpy(codes, packed, count);
}

namespace {
void swapBytesOfPairs(const std::uint8_t* from, std::size_t pairs, std::uint8_t* to)
{
    for (std::size_t i = 0; i < pairs; ++i) {
        std::uint16_t value = 0;
        std::memcpy(&value, from + 2 * i, 2);
        value = static_cast<std::uint16_t>((value >> 8) | (value << 8));
        std::memcpy(to + 2 * i, &value, 2);
    }
}
} // namespace

template <int Order>
unsigned pack16(const std::uint16_t* codes, std::size_t count, std::uint8_t* packed)
{
    if constexpr (Order == kLsb) {
        std::memcpy(packed, codes, 2 * count);
    } else {
        swapBytesOfPairs(reinterpret_cast<const std::uint8_t*>(codes), count, packed);
    }
    return 0;
}

template <int Order>
void unpack16(const std::uint8_t* packed, std::size_t count, std::uint16_t* codes)
{
    if constexpr (Order == kLsb) {
        std::memcpy(codes, packed, 2 * count);
    } else {
        swapBytesOfPairs(packed, count, reinterpret_cast<std::uint8_t*>(codes));
    }
}

template unsigned pack16<kLsb>(const std::uint16_t*, std::size_t, std::uint8_t*);
template unsigned pack16<kMsb>(const std::uint16_t*, std::size_t, std::uint8_t*);
template void unpack16<kLsb>(const std::uint8_t*, std::size_t, std::uint16_t*);
template void unpack16<kMsb>(const std::uint8_t*, std::size_t, std::uint16_t*);

} // namespace full_width

namespace {

// Eight codes always fill exactly `Bits` bytes. They are joined in one wide number: LSB-first, the
// first code in its lowest bits and the lowest byte first; MSB-first, the first code in its highest
// bits and the highest byte first.
__extension__ typedef unsigned __int128 UInt128;
template <int Bits>
using GroupNumber = std::conditional_t<(Bits <= 8), std::uint64_t, UInt128>;

template <int Bits, int Order>
constexpr int codeShift(int index)
{
    return Order == kLsb ? index * Bits : (7 - index) * Bits;
}

template <int Bits, int Order>
constexpr int byteShift(int index)
{
    return Order == kLsb ? index * 8 : (Bits - 1 - index) * 8;
}

template <int Bits, int Order, typename Code>
void packGroup(const Code* codes, std::uint8_t* packed)
{
    GroupNumber<Bits> number = 0;
    for (int i = 0; i < 8; ++i) {
        number |= static_cast<GroupNumber<Bits>>(codes[i]) << codeShift<Bits, Order>(i);
    }
    for (int i = 0; i < Bits; ++i) {
        packed[i] = static_cast<std::uint8_t>(number >> byteShift<Bits, Order>(i));
    }
}

template <int Bits, int Order, typename Code>
void unpackGroup(const std::uint8_t* packed, Code* codes)
{
    GroupNumber<Bits> number = 0;
    for (int i = 0; i < Bits; ++i) {
        number |= static_cast<GroupNumber<Bits>>(packed[i]) << byteShift<Bits, Order>(i);
    }
    for (int i = 0; i < 8; ++i) {
        codes[i] = static_cast<Code>((number >> codeShift<Bits, Order>(i)) & ((1U << Bits) - 1U));
    }
}

template <int Bits, int Order, typename Code>
unsigned pack(const Code* codes, std::size_t count, std::uint8_t* packed)
{
    unsigned all = 0;
    for (; count >= 8; count -= 8, codes += 8, packed += Bits) {
        for (int i = 0; i < 8; ++i) {
            all |= codes[i];
        }
        packGroup<Bits, Order>(codes, packed);
    }
    if (count > 0) {
        Code lastCodes[8] = {};
        std::uint8_t lastBytes[Bits];
        for (std::size_t i = 0; i < count; ++i) {
            lastCodes[i] = codes[i];
            all |= codes[i];
        }
        packGroup<Bits, Order>(lastCodes, lastBytes);
        std::memcpy(packed, lastBytes, (count * Bits + 7) / 8);
    }
    return all;
}

template <int Bits, int Order, typename Code>
void unpack(const std::uint8_t* packed, std::size_t count, Code* codes)
{
    for (; count >= 8; count -= 8, codes += 8, packed += Bits) {
        unpackGroup<Bits, Order>(packed, codes);
    }
    if (count > 0) {
        Code lastCodes[8];
        std::uint8_t lastBytes[Bits] = {};
        std::memcpy(lastBytes, packed, (count * Bits + 7) / 8);
        unpackGroup<Bits, Order>(lastBytes, lastCodes);
        std::memcpy(codes, lastCodes, count * sizeof(Code));
    }
}

template <int Bits, int Order>
constexpr Pack8 pack8 = &pack<Bits, Order, std::uint8_t>;
template <int Bits, int Order>
constexpr Unpack8 unpack8 = &unpack<Bits, Order, std::uint8_t>;
template <int Bits, int Order>
constexpr Pack16 pack16 = &pack<Bits, Order, std::uint16_t>;
template <int Bits, int Order>
constexpr Unpack16 unpack16 = &unpack<Bits, Order, std::uint16_t>;

} // namespace

const BitKernels kScalarKernels = BITLOOM_BIT_KERNELS(pack8, unpack8, pack16, unpack16, full_width);

} // namespace bitloom::detail
