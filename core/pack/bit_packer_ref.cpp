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

// Up to 8 bits, the eight bytes of eight codes are joined in one register: pairs, then fours, then
// all.

/// `value` in each lane of so many bits.
constexpr std::uint64_t inEachLane(std::uint64_t value, int laneBits)
{
    std::uint64_t all = 0;
    for (int at = 0; at < 64; at += laneBits) {
        all |= value << at;
    }
    return all;
}

template <int Bits>
constexpr std::uint64_t ones()
{
    return (std::uint64_t{1} << Bits) - 1;
}

/// The codes that lie in bytes, the first in the lowest, as a number of 8 * Bits bits.
template <int Bits>
std::uint64_t joinBytes(std::uint64_t codes)
{
    static_assert(Bits < 8);
    constexpr std::uint64_t kBytes = inEachLane(ones<Bits>(), 16);
    constexpr std::uint64_t kPairs = inEachLane(ones<2 * Bits>(), 32);
    const std::uint64_t pairs = (codes & kBytes) | ((codes >> (8 - Bits)) & (kBytes << Bits));
    const std::uint64_t fours =
        (pairs & kPairs) | ((pairs >> (16 - 2 * Bits)) & (kPairs << 2 * Bits));
    return (fours & ones<4 * Bits>()) | (fours >> 32 << 4 * Bits);
}

/// The inverse.
template <int Bits>
std::uint64_t spreadBytes(std::uint64_t number)
{
    static_assert(Bits < 8);
    constexpr std::uint64_t kBytes = inEachLane(ones<Bits>(), 16);
    constexpr std::uint64_t kPairs = inEachLane(ones<2 * Bits>(), 32);
    const std::uint64_t fours = (number & ones<4 * Bits>()) | (number >> 4 * Bits << 32);
    const std::uint64_t pairs = (fours & kPairs) | ((fours >> 2 * Bits & kPairs) << 16);
    return (pairs & kBytes) | ((pairs >> Bits & kBytes) << 8);
}

template <int Bits, int Order>
std::uint64_t joined(const std::uint8_t* codes)
{
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, codes, 8);
    if constexpr (Order == kLsb) {
        return joinBytes<Bits>(bytes);
    } else {
        return __builtin_bswap64(joinBytes<Bits>(__builtin_bswap64(bytes)) << (64 - 8 * Bits));
    }
}

template <int Bits, int Order>
std::uint64_t spread(std::uint64_t number)
{
    if constexpr (Order == kLsb) {
        return spreadBytes<Bits>(number & ones<8 * Bits>());
    } else {
        return __builtin_bswap64(spreadBytes<Bits>(__builtin_bswap64(number) >> (64 - 8 * Bits)));
    }
}

/// Packs whole groups of eight while eight bytes may be written, of which the next group's bytes
/// replace the superfluous ones; moves the arguments on behind them and returns the OR of the
/// codes.
template <int Bits, int Order>
unsigned packFast(const std::uint8_t*& codes, std::size_t& count, std::uint8_t*& packed)
{
    std::uint64_t all = 0;
    for (; count * Bits >= 64; count -= 8, codes += 8, packed += Bits) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, codes, 8);
        all |= bytes;
        const std::uint64_t number = joined<Bits, Order>(codes);
        std::memcpy(packed, &number, 8);
    }
    all |= all >> 32;
    all |= all >> 16;
    return static_cast<unsigned>((all | all >> 8) & 0xFF);
}

/// The same of unpacking, while eight bytes may be read.
template <int Bits, int Order>
void unpackFast(const std::uint8_t*& packed, std::size_t& count, std::uint8_t*& codes)
{
    for (; count * Bits >= 64; count -= 8, codes += 8, packed += Bits) {
        std::uint64_t number = 0;
        std::memcpy(&number, packed, 8);
        const std::uint64_t bytes = spread<Bits, Order>(number);
        std::memcpy(codes, &bytes, 8);
    }
}

template <int Bits, int Order, typename Code>
unsigned pack(const Code* codes, std::size_t count, std::uint8_t* packed)
{
    unsigned all = 0;
    if constexpr (sizeof(Code) == 1) {
        all = packFast<Bits, Order>(codes, count, packed);
    }
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
    if constexpr (sizeof(Code) == 1) {
        unpackFast<Bits, Order>(packed, count, codes);
    }
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
