// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/crc32_clmul.h"

#include "core/base/error.h"

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

} // namespace

bool hasCarrylessMultiply()
{
    static const bool has =
        __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
    return has;
}

__attribute__((target("pclmul,sse4.1"))) void foldCrc32(std::span<const std::byte> bytes,
                                                        std::uint32_t start, std::byte* folded)
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
    const __m128i byOne = factors<128>();
    a = fold(fold(fold(a, byOne, b), byOne, c), byOne, d);
    for (; at != end; at += 16) {
        a = fold(a, byOne, load(at));
    }
    _mm_storeu_si128(reinterpret_cast<__m128i*>(folded), a);
}

#else

bool hasCarrylessMultiply()
{
    return false;
}

void foldCrc32(std::span<const std::byte>, std::uint32_t, std::byte*)
{
    fail(ErrorCode::Internal, "this processor does not multiply without carries");
}

#endif

} // namespace bitloom::detail
