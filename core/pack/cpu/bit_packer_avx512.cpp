// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/bit_kernels.h"

#include <immintrin.h>

// One step handles 64 bytes of codes: eight 64-bit lanes of 8 codes (widths 1..7) or of 4 codes
// (widths 9..15). Packing joins neighbours inside a lane by doubling, then one byte permutation
// closes the gaps. Unpacking spreads the bytes over the lanes with one permutation, and
// vpmultishiftqb cuts every code out of its lane at once. All loads and stores are masked to the
// bytes that belong to the step, so nothing outside the buffers is touched and the last, partial
// step needs no other code.
namespace bitloom::detail {

namespace {

struct Bytes64 {
    alignas(64) std::uint8_t at[64];
};

inline __m512i load(const Bytes64& bytes)
{
    return _mm512_load_si512(bytes.at);
}

inline __mmask64 firstBytes(std::size_t count)
{
    return count >= 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
}

/// mask ? a : b, bit by bit.
inline __m512i select(__m512i mask, __m512i a, __m512i b)
{
    return _mm512_ternarylogic_epi64(mask, a, b, 0xCA);
}

// ---- widths 1..7
// ------------------------------------------------------------------------------------------------

template <int Bits, int Order>
constexpr Bytes64 closeGaps8()
{
    Bytes64 index{};
    for (int byte = 0; byte < 8 * Bits; ++byte) {
        const int inGroup = byte % Bits;
        index.at[byte] = static_cast<std::uint8_t>(byte / Bits * 8 +
                                                   (Order == kLsb ? inGroup : Bits - 1 - inGroup));
    }
    return index;
}

/// Lane i takes the 8 bytes from i*Bits on: its 8 codes and some bits more.
template <int Bits, int Order>
constexpr Bytes64 spread8()
{
    Bytes64 index{};
    for (int lane = 0; lane < 8; ++lane) {
        for (int byte = 0; byte < 8; ++byte) {
            index.at[lane * 8 + byte] =
                static_cast<std::uint8_t>(lane * Bits + (Order == kLsb ? byte : 7 - byte));
        }
    }
    return index;
}

template <int Bits, int Order>
constexpr Bytes64 shifts8()
{
    Bytes64 shift{};
    for (int code = 0; code < 64; ++code) {
        const int inLane = code % 8;
        shift.at[code] =
            static_cast<std::uint8_t>(Order == kLsb ? inLane * Bits : 64 - (inLane + 1) * Bits);
    }
    return shift;
}

template <int Bits, int Order>
inline __m512i join8(__m512i codes)
{
    constexpr int kOne = 1 << Bits;
    constexpr int kTwo = 1 << 2 * Bits;
    // The weights are the unsigned operand: 2^7 fits there, and codes below 128 are not negative.
    const __m512i pairWeights =
        _mm512_set1_epi16(static_cast<short>(Order == kLsb ? (kOne << 8) | 1 : (1 << 8) | kOne));
    const __m512i fourWeights =
        _mm512_set1_epi32(Order == kLsb ? (kTwo << 16) | 1 : (1 << 16) | kTwo);
    const __m512i pairs = _mm512_maddubs_epi16(pairWeights, codes);
    const __m512i fours = _mm512_madd_epi16(pairs, fourWeights);
    const __m512i lowFour = _mm512_set1_epi64((1LL << 4 * Bits) - 1);
    if constexpr (Order == kLsb) {
        return select(lowFour, fours, _mm512_srli_epi64(fours, 32 - 4 * Bits));
    } else {
        return select(lowFour, _mm512_srli_epi64(fours, 32), _mm512_slli_epi64(fours, 4 * Bits));
    }
}

template <int Bits, int Order>
unsigned pack8(const std::uint8_t* codes, std::size_t count, std::uint8_t* packed)
{
    static constexpr Bytes64 kClose = closeGaps8<Bits, Order>();
    const __m512i close = load(kClose);
    const __mmask64 stepBytes = firstBytes(8 * Bits);
    __m512i all = _mm512_setzero_si512();
    for (; count >= 64; count -= 64, codes += 64, packed += 8 * Bits) {
        const __m512i step = _mm512_loadu_si512(codes);
        all = _mm512_or_si512(all, step);
        _mm512_mask_storeu_epi8(packed, stepBytes,
                                _mm512_permutexvar_epi8(close, join8<Bits, Order>(step)));
    }
    if (count > 0) {
        const __m512i step = _mm512_maskz_loadu_epi8(firstBytes(count), codes);
        all = _mm512_or_si512(all, step);
        _mm512_mask_storeu_epi8(packed, firstBytes((count * Bits + 7) / 8),
                                _mm512_permutexvar_epi8(close, join8<Bits, Order>(step)));
    }
    const auto folded = static_cast<unsigned>(_mm512_reduce_or_epi32(all));
    return (folded | folded >> 8 | folded >> 16 | folded >> 24) & 0xFFU;
}

template <int Bits, int Order>
void unpack8(const std::uint8_t* packed, std::size_t count, std::uint8_t* codes)
{
    static constexpr Bytes64 kSpread = spread8<Bits, Order>();
    static constexpr Bytes64 kShifts = shifts8<Bits, Order>();
    const __m512i spread = load(kSpread);
    const __m512i shifts = load(kShifts);
    const __m512i codeMask = _mm512_set1_epi8((1 << Bits) - 1);
    const auto cut = [&](__m512i bytes) {
        return _mm512_and_si512(
            codeMask, _mm512_multishift_epi64_epi8(shifts, _mm512_permutexvar_epi8(spread, bytes)));
    };
    const __mmask64 stepBytes = firstBytes(8 * Bits);
    for (; count >= 64; count -= 64, codes += 64, packed += 8 * Bits) {
        _mm512_storeu_si512(codes, cut(_mm512_maskz_loadu_epi8(stepBytes, packed)));
    }
    if (count > 0) {
        const __mmask64 lastBytes = firstBytes((count * Bits + 7) / 8);
        _mm512_mask_storeu_epi8(codes, firstBytes(count),
                                cut(_mm512_maskz_loadu_epi8(lastBytes, packed)));
    }
}

// ---- widths 9..15
// -----------------------------------------------------------------------------------------------
// 8 codes take Bits bytes but two lanes. For odd widths the second lane's 4 codes start in the
// middle of a byte: kHalfByte is the byte and kHalfBit the bit in it.

template <int Bits>
constexpr int kHalfByte = 4 * Bits / 8;
template <int Bits>
constexpr int kHalfBit = 4 * Bits % 8;

template <int Bits, int Order>
constexpr Bytes64 closeGaps16(int half)
{
    Bytes64 index{};
    for (int byte = 0; byte < 4 * Bits; ++byte) {
        const int inGroup = byte % Bits;
        const int inLane = half == 0 ? inGroup : inGroup - kHalfByte<Bits>;
        if (inLane >= 0 && inLane < 8) {
            index.at[byte] = static_cast<std::uint8_t>((byte / Bits * 2 + half) * 8 +
                                                       (Order == kLsb ? inLane : 7 - inLane));
        }
    }
    return index;
}

/// The output bytes that hold bits of the first (half 0) or second lane of their group.
template <int Bits>
constexpr std::uint64_t bytesOfHalf(int half)
{
    std::uint64_t mask = 0;
    for (int byte = 0; byte < 4 * Bits; ++byte) {
        const int inGroup = byte % Bits;
        const bool holds = half == 0 ? inGroup < (4 * Bits + 7) / 8 : inGroup >= kHalfByte<Bits>;
        mask |= static_cast<std::uint64_t>(holds) << byte;
    }
    return mask;
}

template <int Bits, int Order>
constexpr Bytes64 spread16()
{
    Bytes64 index{};
    for (int lane = 0; lane < 8; ++lane) {
        for (int byte = 0; byte < 8; ++byte) {
            index.at[lane * 8 + byte] = static_cast<std::uint8_t>(
                lane / 2 * Bits + lane % 2 * kHalfByte<Bits> + (Order == kLsb ? byte : 7 - byte));
        }
    }
    return index;
}

template <int Bits, int Order>
constexpr Bytes64 shifts16()
{
    Bytes64 shift{};
    for (int code = 0; code < 32; ++code) {
        const int inLane = code % 4;
        const int skip = code / 4 % 2 * kHalfBit<Bits>;
        const int position = Order == kLsb ? skip + inLane * Bits : 64 - skip - (inLane + 1) * Bits;
        shift.at[2 * code] = static_cast<std::uint8_t>(position);
        // May pass 63: vpmultishiftqb wraps around and the mask removes the bits.
        shift.at[2 * code + 1] = static_cast<std::uint8_t>((position + 8) % 64);
    }
    return shift;
}

/// Four codes of each lane joined: at the bottom (LSB-first) or at the top (MSB-first), odd lanes
/// moved by kHalfBit.
template <int Bits, int Order>
inline __m512i join16(__m512i codes)
{
    const __m512i lowOne = _mm512_set1_epi32((1 << Bits) - 1);
    const __m512i lowTwo = _mm512_set1_epi64((1LL << 2 * Bits) - 1);
    const __m512i move = _mm512_set_epi64(kHalfBit<Bits>, 0, kHalfBit<Bits>, 0, kHalfBit<Bits>, 0,
                                          kHalfBit<Bits>, 0);
    if constexpr (Order == kLsb) {
        const __m512i twos = select(lowOne, codes, _mm512_srli_epi32(codes, 16 - Bits));
        const __m512i fours = select(lowTwo, twos, _mm512_srli_epi64(twos, 32 - 2 * Bits));
        return _mm512_sllv_epi64(fours, move);
    } else {
        const __m512i twos =
            select(lowOne, _mm512_srli_epi32(codes, 16), _mm512_slli_epi32(codes, Bits));
        const __m512i fours =
            select(lowTwo, _mm512_srli_epi64(twos, 32), _mm512_slli_epi64(twos, 2 * Bits));
        return _mm512_srlv_epi64(_mm512_slli_epi64(fours, 64 - 4 * Bits), move);
    }
}

template <int Bits, int Order>
unsigned pack16(const std::uint16_t* codes, std::size_t count, std::uint8_t* packed)
{
    static constexpr Bytes64 kFirst = closeGaps16<Bits, Order>(0);
    static constexpr Bytes64 kSecond = closeGaps16<Bits, Order>(1);
    const __m512i first = load(kFirst);
    const __m512i second = load(kSecond);
    const auto close = [&](__m512i step) {
        const __m512i joined = join16<Bits, Order>(step);
        return _mm512_or_si512(_mm512_maskz_permutexvar_epi8(bytesOfHalf<Bits>(0), first, joined),
                               _mm512_maskz_permutexvar_epi8(bytesOfHalf<Bits>(1), second, joined));
    };
    const __mmask64 stepBytes = firstBytes(4 * Bits);
    __m512i all = _mm512_setzero_si512();
    for (; count >= 32; count -= 32, codes += 32, packed += 4 * Bits) {
        const __m512i step = _mm512_loadu_si512(codes);
        all = _mm512_or_si512(all, step);
        _mm512_mask_storeu_epi8(packed, stepBytes, close(step));
    }
    if (count > 0) {
        const __m512i step = _mm512_maskz_loadu_epi8(firstBytes(2 * count), codes);
        all = _mm512_or_si512(all, step);
        _mm512_mask_storeu_epi8(packed, firstBytes((count * Bits + 7) / 8), close(step));
    }
    const auto folded = static_cast<unsigned>(_mm512_reduce_or_epi32(all));
    return (folded | folded >> 16) & 0xFFFFU;
}

template <int Bits, int Order>
void unpack16(const std::uint8_t* packed, std::size_t count, std::uint16_t* codes)
{
    static constexpr Bytes64 kSpread = spread16<Bits, Order>();
    static constexpr Bytes64 kShifts = shifts16<Bits, Order>();
    const __m512i spread = load(kSpread);
    const __m512i shifts = load(kShifts);
    const __m512i codeMask = _mm512_set1_epi16((1 << Bits) - 1);
    const auto cut = [&](__m512i bytes) {
        return _mm512_and_si512(
            codeMask, _mm512_multishift_epi64_epi8(shifts, _mm512_permutexvar_epi8(spread, bytes)));
    };
    const __mmask64 stepBytes = firstBytes(4 * Bits);
    for (; count >= 32; count -= 32, codes += 32, packed += 4 * Bits) {
        _mm512_storeu_si512(codes, cut(_mm512_maskz_loadu_epi8(stepBytes, packed)));
    }
    if (count > 0) {
        const __mmask64 lastBytes = firstBytes((count * Bits + 7) / 8);
        _mm512_mask_storeu_epi8(codes, firstBytes(2 * count),
                                cut(_mm512_maskz_loadu_epi8(lastBytes, packed)));
    }
}

} // namespace

extern const BitKernels kAvx512Kernels =
    BITLOOM_BIT_KERNELS(pack8, unpack8, pack16, unpack16, full_width);

} // namespace bitloom::detail
