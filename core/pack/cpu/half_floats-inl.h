// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the files of core/pack/cpu that are compiled with F16C, which every processor with AVX2 has.
// Without external names: each of them gets a copy in its own instructions.
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

namespace bitloom::detail {
namespace {

void floatsOfHalves(const std::uint16_t* halves, std::size_t count, float* floats)
{
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(halves + i));
        _mm256_storeu_ps(floats + i, _mm256_cvtph_ps(eight));
    }
    for (; i < count; ++i) {
        floats[i] = _cvtsh_ss(halves[i]);
    }
}

void halvesOfFloats(const float* floats, std::size_t count, std::uint16_t* halves)
{
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m128i eight =
            _mm256_cvtps_ph(_mm256_loadu_ps(floats + i), _MM_FROUND_TO_NEAREST_INT);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(halves + i), eight);
    }
    for (; i < count; ++i) {
        halves[i] = _cvtss_sh(floats[i], _MM_FROUND_TO_NEAREST_INT);
    }
}

} // namespace
} // namespace bitloom::detail
