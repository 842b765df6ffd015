// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// 16 floats in a register, for the files compiled for AVX-512 only. In the anonymous namespace, so
// that none of it can meet a function of the same name compiled for another processor.
#include <immintrin.h>

namespace bitloom::ops {
namespace {

struct Avx512 {
    static constexpr int kLanes = 16;
    using Float = __m512;

    static Float all(float value) { return _mm512_set1_ps(value); }
    static Float load(const float* at) { return _mm512_loadu_ps(at); }
    static void store(float* at, Float value) { _mm512_storeu_ps(at, value); }
    static void storeInteger(int32_t* at, Float value)
    {
        _mm512_storeu_si512(at, _mm512_cvtps_epi32(value));
    }
    static Float add(Float a, Float b) { return _mm512_add_ps(a, b); }
    static Float subtract(Float a, Float b) { return _mm512_sub_ps(a, b); }
    static Float multiply(Float a, Float b) { return _mm512_mul_ps(a, b); }
    static Float divide(Float a, Float b) { return _mm512_div_ps(a, b); }
    static Float round(Float a)
    {
        return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    static Float absolute(Float a) { return _mm512_abs_ps(a); }
    // The instructions return their second operand if either is NaN.
    static Float minKeepingNan(Float bound, Float a) { return _mm512_min_ps(bound, a); }
    static Float maxKeepingNan(Float bound, Float a) { return _mm512_max_ps(bound, a); }

    using Mask = __mmask16;
    static Mask less(Float a, Float b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
    static Mask within(Float a, Float low, Float high)
    {
        return _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(low, a, _CMP_LE_OQ), a, high, _CMP_LE_OQ);
    }
    static Mask bothPositive(Float a, Float b)
    {
        const Float zero = _mm512_setzero_ps();
        return _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(a, zero, _CMP_GT_OQ), b, zero,
                                       _CMP_GT_OQ);
    }
    static Float keepWhere(Mask mask, Float a) { return _mm512_maskz_mov_ps(mask, a); }
    static Float select(Mask mask, Float yes, Float no)
    {
        return _mm512_mask_mov_ps(no, mask, yes);
    }

    static Float integerFromBits(Float a) { return _mm512_cvtepi32_ps(_mm512_castps_si512(a)); }
    static Float bitsFromInteger(Float a) { return _mm512_castsi512_ps(_mm512_cvttps_epi32(a)); }

    struct DoubleSum {
        __m512d low = _mm512_setzero_pd();
        __m512d high = _mm512_setzero_pd();
        void load(const double* at)
        {
            low = _mm512_loadu_pd(at);
            high = _mm512_loadu_pd(at + 8);
        }
        void store(double* at) const
        {
            _mm512_storeu_pd(at, low);
            _mm512_storeu_pd(at + 8, high);
        }
        void addProduct(Float a, Float b)
        {
            low = _mm512_add_pd(low, _mm512_mul_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(a)),
                                                   _mm512_cvtps_pd(_mm512_castps512_ps256(b))));
            high =
                _mm512_add_pd(high, _mm512_mul_pd(_mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1)),
                                                  _mm512_cvtps_pd(_mm512_extractf32x8_ps(b, 1))));
        }
    };

    /// Eight partial sums: element i of a run goes to lane i % 8. The products are exact, so the
    /// fused multiply-add rounds like an addition.
    struct EightSums {
        __m512d sum = _mm512_setzero_pd();
        void store(double* at) const { _mm512_storeu_pd(at, sum); }
        void addProduct(Float a, Float b)
        {
            sum = _mm512_fmadd_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(a)),
                                  _mm512_cvtps_pd(_mm512_castps512_ps256(b)), sum);
            sum = _mm512_fmadd_pd(_mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1)),
                                  _mm512_cvtps_pd(_mm512_extractf32x8_ps(b, 1)), sum);
        }
    };
};

} // namespace
} // namespace bitloom::ops
