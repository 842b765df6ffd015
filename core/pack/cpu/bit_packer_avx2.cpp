// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/bit_kernels.h"

#include <immintrin.h>

#include <cstring>

// One step handles 32 bytes of codes in two 128-bit halves: 16 codes (widths 1..7) or 8 codes
// (widths 9..15) each. Packing joins neighbours by doubling up to 64 bits, then a byte shuffle
// closes the gaps. Unpacking shuffles the bytes that hold a code into an own 16-bit (32-bit for
// widths 9..15) element and shifts it down. A half is loaded or stored with 16 bytes though it
// needs fewer. Where that could pass the end of a buffer, the step goes through a local copy
// instead.
namespace bitloom::detail {

namespace {

constexpr std::uint8_t kNone = 0x80; ///< in a shuffle: give 0

struct Bytes32 {
    alignas(32) std::uint8_t at[32];
};
struct Numbers16 {
    alignas(32) std::uint16_t at[16];
};
struct Numbers32 {
    alignas(32) std::uint32_t at[8];
};

template <typename Table>
inline __m256i load(const Table& table)
{
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(&table));
}

inline __m256i loadHalves(const std::uint8_t* first, const std::uint8_t* second)
{
    return _mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(second),
                               reinterpret_cast<const __m128i*>(first));
}

inline void storeHalves(std::uint8_t* first, std::uint8_t* second, __m256i halves)
{
    // In this order: the second half overwrites what the first left behind its own bytes.
    _mm_storeu_si128(reinterpret_cast<__m128i*>(first), _mm256_castsi256_si128(halves));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(second), _mm256_extracti128_si256(halves, 1));
}

/// mask ? a : b, bit by bit.
inline __m256i select(__m256i mask, __m256i a, __m256i b)
{
    return _mm256_or_si256(_mm256_and_si256(mask, a), _mm256_andnot_si256(mask, b));
}

inline unsigned foldOr(__m256i all)
{
    __m128i folded = _mm_or_si128(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
    folded = _mm_or_si128(folded, _mm_srli_si128(folded, 8));
    folded = _mm_or_si128(folded, _mm_srli_si128(folded, 4));
    return static_cast<unsigned>(_mm_cvtsi128_si32(folded));
}

// ---- widths 1..7: 32 codes a step, 2*Bits bytes a half
// ----------------------------------------------------------

template <int Bits, int Order>
constexpr Bytes32 closeGaps8()
{
    Bytes32 index{};
    for (int byte = 0; byte < 32; ++byte) {
        const int inHalf = byte % 16;
        const int inGroup = inHalf % Bits;
        index.at[byte] =
            inHalf >= 2 * Bits
                ? kNone
                : static_cast<std::uint8_t>(inHalf / Bits * 8 +
                                            (Order == kLsb ? inGroup : Bits - 1 - inGroup));
    }
    return index;
}

template <int Bits, int Order>
inline __m256i pack8Step(__m256i codes)
{
    static constexpr Bytes32 kClose = closeGaps8<Bits, Order>();
    constexpr int kOne = 1 << Bits;
    constexpr int kTwo = 1 << 2 * Bits;
    // The weights are the unsigned operand: 2^7 fits there, and codes below 128 are not negative.
    const __m256i pairWeights =
        _mm256_set1_epi16(static_cast<short>(Order == kLsb ? (kOne << 8) | 1 : (1 << 8) | kOne));
    const __m256i fourWeights =
        _mm256_set1_epi32(Order == kLsb ? (kTwo << 16) | 1 : (1 << 16) | kTwo);
    const __m256i pairs = _mm256_maddubs_epi16(pairWeights, codes);
    const __m256i fours = _mm256_madd_epi16(pairs, fourWeights);
    const __m256i lowFour = _mm256_set1_epi64x((1LL << 4 * Bits) - 1);
    const __m256i eights =
        Order == kLsb
            ? select(lowFour, fours, _mm256_srli_epi64(fours, 32 - 4 * Bits))
            : select(lowFour, _mm256_srli_epi64(fours, 32), _mm256_slli_epi64(fours, 4 * Bits));
    return _mm256_shuffle_epi8(eights, load(kClose));
}

template <int Bits, int Order>
unsigned pack8(const std::uint8_t* codes, std::size_t count, std::uint8_t* packed)
{
    constexpr std::size_t kStepBytes = 4 * Bits;
    const std::uint8_t* const end = packed + (count * Bits + 7) / 8;
    __m256i all = _mm256_setzero_si256();
    for (; count >= 32 && end - packed >= 2 * Bits + 16;
         count -= 32, codes += 32, packed += kStepBytes) {
        const __m256i step = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
        all = _mm256_or_si256(all, step);
        storeHalves(packed, packed + 2 * Bits, pack8Step<Bits, Order>(step));
    }
    while (count > 0) {
        const std::size_t now = count < 32 ? count : 32;
        Bytes32 local{};
        std::memcpy(local.at, codes, now);
        all = _mm256_or_si256(all, load(local));
        std::uint8_t bytes[2 * Bits + 16];
        storeHalves(bytes, bytes + 2 * Bits, pack8Step<Bits, Order>(load(local)));
        std::memcpy(packed, bytes, (now * Bits + 7) / 8);
        count -= now;
        codes += now;
        packed += kStepBytes;
    }
    const unsigned folded = foldOr(all);
    return (folded | folded >> 8 | folded >> 16 | folded >> 24) & 0xFFU;
}

/// For code 8*part+j of each half: the two bytes from the one where it starts.
template <int Bits, int Order>
constexpr Bytes32 window8(int part)
{
    Bytes32 index{};
    for (int element = 0; element < 16; ++element) {
        const int start = (8 * part + element % 8) * Bits / 8;
        index.at[2 * element] = static_cast<std::uint8_t>(Order == kLsb ? start : start + 1);
        index.at[2 * element + 1] = static_cast<std::uint8_t>(Order == kLsb ? start + 1 : start);
    }
    return index;
}

/// Powers of two that move the code of each 16-bit element to its top.
template <int Bits, int Order>
constexpr Numbers16 toTop8()
{
    Numbers16 factor{};
    for (int element = 0; element < 16; ++element) {
        const int start = element % 8 * Bits % 8;
        factor.at[element] =
            static_cast<std::uint16_t>(1U << (Order == kLsb ? 16 - Bits - start : start));
    }
    return factor;
}

template <int Bits, int Order>
inline __m256i unpack8Step(__m256i halves)
{
    static constexpr Bytes32 kFirst = window8<Bits, Order>(0);
    static constexpr Bytes32 kSecond = window8<Bits, Order>(1);
    static constexpr Numbers16 kToTop = toTop8<Bits, Order>();
    const __m256i toTop = load(kToTop);
    const __m256i first = _mm256_mullo_epi16(_mm256_shuffle_epi8(halves, load(kFirst)), toTop);
    const __m256i second = _mm256_mullo_epi16(_mm256_shuffle_epi8(halves, load(kSecond)), toTop);
    return _mm256_packus_epi16(_mm256_srli_epi16(first, 16 - Bits),
                               _mm256_srli_epi16(second, 16 - Bits));
}

template <int Bits, int Order>
void unpack8(const std::uint8_t* packed, std::size_t count, std::uint8_t* codes)
{
    constexpr std::size_t kStepBytes = 4 * Bits;
    const std::uint8_t* const end = packed + (count * Bits + 7) / 8;
    for (; count >= 32 && end - packed >= 2 * Bits + 16;
         count -= 32, codes += 32, packed += kStepBytes) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes),
                            unpack8Step<Bits, Order>(loadHalves(packed, packed + 2 * Bits)));
    }
    while (count > 0) {
        const std::size_t now = count < 32 ? count : 32;
        std::uint8_t bytes[2 * Bits + 16] = {};
        std::memcpy(bytes, packed, (now * Bits + 7) / 8);
        Bytes32 local{};
        _mm256_store_si256(reinterpret_cast<__m256i*>(local.at),
                           unpack8Step<Bits, Order>(loadHalves(bytes, bytes + 2 * Bits)));
        std::memcpy(codes, local.at, now);
        count -= now;
        codes += now;
        packed += kStepBytes;
    }
}

// ---- widths 9..15: 16 codes a step, Bits bytes a half
// ----------------------------------------------------------- A half holds two 64-bit lanes of 4
// codes. For odd widths the second lane's codes start in the middle of a byte: kHalfByte is the
// byte and kHalfBit the bit in it.

template <int Bits>
constexpr int kHalfByte = 4 * Bits / 8;
template <int Bits>
constexpr int kHalfBit = 4 * Bits % 8;

template <int Bits, int Order>
constexpr Bytes32 closeGaps16(int lane)
{
    Bytes32 index{};
    for (int byte = 0; byte < 32; ++byte) {
        const int inHalf = byte % 16;
        const int inLane = lane == 0 ? inHalf : inHalf - kHalfByte<Bits>;
        const bool holds =
            inHalf < Bits && inLane >= 0 && (lane == 1 || inHalf < (4 * Bits + 7) / 8);
        index.at[byte] =
            holds ? static_cast<std::uint8_t>(lane * 8 + (Order == kLsb ? inLane : 7 - inLane))
                  : kNone;
    }
    return index;
}

template <int Bits, int Order>
inline __m256i pack16Step(__m256i codes)
{
    static constexpr Bytes32 kFirst = closeGaps16<Bits, Order>(0);
    static constexpr Bytes32 kSecond = closeGaps16<Bits, Order>(1);
    const __m256i lowOne = _mm256_set1_epi32((1 << Bits) - 1);
    const __m256i lowTwo = _mm256_set1_epi64x((1LL << 2 * Bits) - 1);
    const __m256i move = _mm256_set_epi64x(kHalfBit<Bits>, 0, kHalfBit<Bits>, 0);
    __m256i joined;
    if constexpr (Order == kLsb) {
        const __m256i twos = select(lowOne, codes, _mm256_srli_epi32(codes, 16 - Bits));
        const __m256i fours = select(lowTwo, twos, _mm256_srli_epi64(twos, 32 - 2 * Bits));
        joined = _mm256_sllv_epi64(fours, move);
    } else {
        const __m256i twos =
            select(lowOne, _mm256_srli_epi32(codes, 16), _mm256_slli_epi32(codes, Bits));
        const __m256i fours =
            select(lowTwo, _mm256_srli_epi64(twos, 32), _mm256_slli_epi64(twos, 2 * Bits));
        joined = _mm256_srlv_epi64(_mm256_slli_epi64(fours, 64 - 4 * Bits), move);
    }
    return _mm256_or_si256(_mm256_shuffle_epi8(joined, load(kFirst)),
                           _mm256_shuffle_epi8(joined, load(kSecond)));
}

template <int Bits, int Order>
unsigned pack16(const std::uint16_t* codes, std::size_t count, std::uint8_t* packed)
{
    constexpr std::size_t kStepBytes = 2 * Bits;
    const std::uint8_t* const end = packed + (count * Bits + 7) / 8;
    __m256i all = _mm256_setzero_si256();
    for (; count >= 16 && end - packed >= Bits + 16;
         count -= 16, codes += 16, packed += kStepBytes) {
        const __m256i step = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
        all = _mm256_or_si256(all, step);
        storeHalves(packed, packed + Bits, pack16Step<Bits, Order>(step));
    }
    while (count > 0) {
        const std::size_t now = count < 16 ? count : 16;
        Numbers16 local{};
        std::memcpy(local.at, codes, 2 * now);
        all = _mm256_or_si256(all, load(local));
        std::uint8_t bytes[Bits + 16];
        storeHalves(bytes, bytes + Bits, pack16Step<Bits, Order>(load(local)));
        std::memcpy(packed, bytes, (now * Bits + 7) / 8);
        count -= now;
        codes += now;
        packed += kStepBytes;
    }
    const unsigned folded = foldOr(all);
    return (folded | folded >> 16) & 0xFFFFU;
}

/// For code 4*part+j of each half: the four bytes from the one where it starts.
template <int Bits, int Order>
constexpr Bytes32 window16(int part)
{
    Bytes32 index{};
    for (int byte = 0; byte < 32; ++byte) {
        const int start = (4 * part + byte / 4 % 4) * Bits / 8;
        const int from = start + (Order == kLsb ? byte % 4 : 3 - byte % 4);
        // A code never reaches its fourth byte, so the one behind the half may be 0.
        index.at[byte] = from < 16 ? static_cast<std::uint8_t>(from) : kNone;
    }
    return index;
}

template <int Bits, int Order>
constexpr Numbers32 down16(int part)
{
    Numbers32 shift{};
    for (int element = 0; element < 8; ++element) {
        const int start = (4 * part + element % 4) * Bits % 8;
        shift.at[element] = static_cast<std::uint32_t>(Order == kLsb ? start : 32 - start - Bits);
    }
    return shift;
}

template <int Bits, int Order>
inline __m256i unpack16Step(__m256i halves)
{
    static constexpr Bytes32 kFirst = window16<Bits, Order>(0);
    static constexpr Bytes32 kSecond = window16<Bits, Order>(1);
    static constexpr Numbers32 kFirstDown = down16<Bits, Order>(0);
    static constexpr Numbers32 kSecondDown = down16<Bits, Order>(1);
    const __m256i codeMask = _mm256_set1_epi32((1 << Bits) - 1);
    const __m256i first =
        _mm256_srlv_epi32(_mm256_shuffle_epi8(halves, load(kFirst)), load(kFirstDown));
    const __m256i second =
        _mm256_srlv_epi32(_mm256_shuffle_epi8(halves, load(kSecond)), load(kSecondDown));
    return _mm256_packus_epi32(_mm256_and_si256(first, codeMask),
                               _mm256_and_si256(second, codeMask));
}

template <int Bits, int Order>
void unpack16(const std::uint8_t* packed, std::size_t count, std::uint16_t* codes)
{
    constexpr std::size_t kStepBytes = 2 * Bits;
    const std::uint8_t* const end = packed + (count * Bits + 7) / 8;
    for (; count >= 16 && end - packed >= Bits + 16;
         count -= 16, codes += 16, packed += kStepBytes) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes),
                            unpack16Step<Bits, Order>(loadHalves(packed, packed + Bits)));
    }
    while (count > 0) {
        const std::size_t now = count < 16 ? count : 16;
        std::uint8_t bytes[Bits + 16] = {};
        std::memcpy(bytes, packed, (now * Bits + 7) / 8);
        Numbers16 local = {};
        _mm256_store_si256(reinterpret_cast<__m256i*>(local.at),
                           unpack16Step<Bits, Order>(loadHalves(bytes, bytes + Bits)));
        std::memcpy(codes, local.at, 2 * now);
        count -= now;
        codes += now;
        packed += kStepBytes;
    }
}

} // namespace

extern const BitKernels kAvx2Kernels =
    BITLOOM_BIT_KERNELS(pack8, unpack8, pack16, unpack16, full_width);

} // namespace bitloom::detail
