// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// 8 floats in a register, for the files compiled for AVX2 only. In the anonymous namespace, so
// that none of it can meet a function of the same name compiled for another processor.
#include <immintrin.h>

namespace bitloom::ops {
namespace {

struct Avx2 {
    static constexpr int kLanes = 8;
    using Float = __m256;

    static Float all(float value) { return _mm256_set1_ps(value); }
    static Float load(const float* at) { return _mm256_loadu_ps(at); }
    static void store(float* at, Float value) { _mm256_storeu_ps(at, value); }
    static void storeInteger(int32_t* at, Float value)
    {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm256_cvtps_epi32(value));
    }
    static Float add(Float a, Float b) { return _mm256_add_ps(a, b); }
    static Float subtract(Float a, Float b) { return _mm256_sub_ps(a, b); }
    static Float multiply(Float a, Float b) { return _mm256_mul_ps(a, b); }
    static Float divide(Float a, Float b) { return _mm256_div_ps(a, b); }
    static Float round(Float a)
    {
        return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    static Float absolute(Float a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0F), a); }
    // The instructions return their second operand if either is NaN.
    static Float minKeepingNan(Float bound, Float a) { return _mm256_min_ps(bound, a); }
    static Float maxKeepingNan(Float bound, Float a) { return _mm256_max_ps(bound, a); }

    using Mask = __m256;
    static Mask less(Float a, Float b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
    static Mask within(Float a, Float low, Float high)
    {
        return _mm256_and_ps(_mm256_cmp_ps(low, a, _CMP_LE_OQ), _mm256_cmp_ps(a, high, _CMP_LE_OQ));
    }
    static Mask bothPositive(Float a, Float b)
    {
        const Float zero = _mm256_setzero_ps();
        return _mm256_and_ps(_mm256_cmp_ps(a, zero, _CMP_GT_OQ),
                             _mm256_cmp_ps(b, zero, _CMP_GT_OQ));
    }
    static Float keepWhere(Mask mask, Float a) { return _mm256_and_ps(mask, a); }
    static Float select(Mask mask, Float yes, Float no) { return _mm256_blendv_ps(no, yes, mask); }

    static Float integerFromBits(Float a) { return _mm256_cvtepi32_ps(_mm256_castps_si256(a)); }
    static Float bitsFromInteger(Float a) { return _mm256_castsi256_ps(_mm256_cvttps_epi32(a)); }

    struct DoubleSum {
        __m256d low = _mm256_setzero_pd();
        __m256d high = _mm256_setzero_pd();
        void load(const double* at)
        {
            low = _mm256_loadu_pd(at);
            high = _mm256_loadu_pd(at + 4);
        }
        void store(double* at) const
        {
            _mm256_storeu_pd(at, low);
            _mm256_storeu_pd(at + 4, high);
        }
        void addProduct(Float a, Float b)
        {
            low = _mm256_add_pd(low, _mm256_mul_pd(_mm256_cvtps_pd(_mm256_castps256_ps128(a)),
                                                   _mm256_cvtps_pd(_mm256_castps256_ps128(b))));
            high = _mm256_add_pd(high, _mm256_mul_pd(_mm256_cvtps_pd(_mm256_extractf128_ps(a, 1)),
                                                     _mm256_cvtps_pd(_mm256_extractf128_ps(b, 1))));
        }
    };

    /// Eight partial sums: element i of a run goes to lane i % 8.
    using EightSums = DoubleSum;
};

} // namespace
} // namespace bitloom::ops
