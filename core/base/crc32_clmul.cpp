// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/crc32_clmul.h"

#include "core/base/error.h"

#include <array>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace bitloom::detail {

#ifdef __x86_64__

namespace {

/// x^power modulo the polynomial of CRC-32, bits reversed as the CRC has them and moved up by one:
/// the product of two reversed numbers is one bit too low.
constexpr std::uint64_t powerOfX(unsigned power)
{
    std::uint32_t remainder = 1;
    for (unsigned i = 0; i < power; ++i) {
        remainder = (remainder << 1U) ^ ((remainder >> 31U) * 0x04C11DB7U);
    }
    std::uint64_t reversed = 0;
    for (unsigned i = 0; i < 32; ++i) {
        reversed |= std::uint64_t{(remainder >> i) & 1U} << (31 - i);
    }
    return reversed << 1U;
}
// The constants of the paper.
static_assert(powerOfX(4 * 128 + 32) == 0x154442BD4 && powerOfX(4 * 128 - 32) == 0x1C6E41596 &&
              powerOfX(128 + 32) == 0x1751997D0 && powerOfX(128 - 32) == 0x0CCAA009E);

/// The pair of factors that moves 16 bytes on by so many bits.
template <unsigned kBits>
__m128i factors()
{
    constexpr std::uint64_t kLow = powerOfX(kBits + 32);
    constexpr std::uint64_t kHigh = powerOfX(kBits - 32);
    return _mm_set_epi64x(static_cast<long long>(kHigh), static_cast<long long>(kLow));
}

__attribute__((target("pclmul,sse4.1"))) inline __m128i fold(__m128i value, __m128i by,
                                                             __m128i next)
{
    const __m128i low = _mm_clmulepi64_si128(value, by, 0x00);
    const __m128i high = _mm_clmulepi64_si128(value, by, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

inline __m128i load(const std::byte* from)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

/// The 16 bytes that stand for the four lanes, and after them for all whole 16 bytes up to the end.
__attribute__((target("pclmul,sse4.1"))) __m128i
foldRest(__m128i a, __m128i b, __m128i c, __m128i d, const std::byte* at, const std::byte* end)
{
    const __m128i byOne = factors<128>();
    a = fold(fold(fold(a, byOne, b), byOne, c), byOne, d);
    for (; at != end; at += 16) {
        a = fold(a, byOne, load(at));
    }
    return a;
}

__attribute__((target("pclmul,sse4.1"))) __m128i foldNarrow(std::span<const std::byte> bytes,
                                                            std::uint32_t start)
{
    const std::byte* at = bytes.data();
    const std::byte* const end = at + bytes.size();
    __m128i a = _mm_xor_si128(load(at), _mm_cvtsi32_si128(static_cast<int>(~start)));
    __m128i b = load(at + 16);
    __m128i c = load(at + 32);
    __m128i d = load(at + 48);
    const __m128i byFour = factors<4 * 128>();
    for (at += 64; end - at >= 64; at += 64) {
        a = fold(a, byFour, load(at));
        b = fold(b, byFour, load(at + 16));
        c = fold(c, byFour, load(at + 32));
        d = fold(d, byFour, load(at + 48));
    }
    return foldRest(a, b, c, d, at, end);
}

constexpr std::size_t kWideBytes = 256;

bool hasWideCarrylessMultiply()
{
    static const bool has =
        __builtin_cpu_supports("vpclmulqdq") != 0 && __builtin_cpu_supports("avx512f") != 0;
    return has;
}

__attribute__((target("vpclmulqdq,avx512f"))) inline __m512i foldWide(__m512i value, __m512i by,
                                                                      __m512i next)
{
    constexpr int kXorOfThree = 0x96;
    return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(value, by, 0x00),
                                     _mm512_clmulepi64_epi128(value, by, 0x11), next, kXorOfThree);
}

/// Of factors() four.
template <unsigned kBits>
__attribute__((target("avx512f"))) inline __m512i wideFactors()
{
    constexpr auto kLow = static_cast<long long>(powerOfX(kBits + 32));
    constexpr auto kHigh = static_cast<long long>(powerOfX(kBits - 32));
    return _mm512_set_epi64(kHigh, kLow, kHigh, kLow, kHigh, kLow, kHigh, kLow);
}

__attribute__((target("avx512f"))) inline __m512i loadWide(const std::byte* from)
{
    return _mm512_loadu_si512(from);
}

/// Four times four lanes at once. bytes: at least kWideBytes.
__attribute__((target("vpclmulqdq,avx512f,pclmul,sse4.1"))) __m128i
foldFourfold(std::span<const std::byte> bytes, std::uint32_t start)
{
    const std::byte* at = bytes.data();
    const std::byte* const end = at + bytes.size();
    __m512i a = _mm512_xor_si512(
        loadWide(at), _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(~start))));
    __m512i b = loadWide(at + 64);
    __m512i c = loadWide(at + 128);
    __m512i d = loadWide(at + 192);
    const __m512i bySixteen = wideFactors<16 * 128>();
    for (at += kWideBytes; static_cast<std::size_t>(end - at) >= kWideBytes; at += kWideBytes) {
        a = foldWide(a, bySixteen, loadWide(at));
        b = foldWide(b, bySixteen, loadWide(at + 64));
        c = foldWide(c, bySixteen, loadWide(at + 128));
        d = foldWide(d, bySixteen, loadWide(at + 192));
    }
    const __m512i byFour = wideFactors<4 * 128>();
    a = foldWide(foldWide(foldWide(a, byFour, b), byFour, c), byFour, d);
    for (; end - at >= 64; at += 64) {
        a = foldWide(a, byFour, loadWide(at));
    }
    // Through memory, not by extraction: g++ 12 warns about its own intrinsics (GCC bug 105593).
    std::array<std::byte, 64> lanes{};
    _mm512_storeu_si512(lanes.data(), a);
    return foldRest(load(lanes.data()), load(lanes.data() + 16), load(lanes.data() + 32),
                    load(lanes.data() + 48), at, end);
}

} // namespace

bool hasCarrylessMultiply()
{
    static const bool has =
        __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
    return has;
}

void foldCrc32(std::span<const std::byte> bytes, std::uint32_t start, Isa isa, std::byte* folded)
{
    const bool isWide =
        isa == Isa::Avx512 && bytes.size() >= kWideBytes && hasWideCarrylessMultiply();
    const __m128i lane = isWide ? foldFourfold(bytes, start) : foldNarrow(bytes, start);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(folded), lane);
}

#else

bool hasCarrylessMultiply()
{
    return false;
}

void foldCrc32(std::span<const std::byte>, std::uint32_t, Isa, std::byte*)
{
    fail(ErrorCode::Internal, "this processor does not multiply without carries");
}

#endif

} // namespace bitloom::detail
