// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only plain C headers here: this file is compiled with AVX flags too (see
// core/ops/CMakeLists.txt).
#include <stdint.h>

namespace bitloom {
enum class Isa;
}

namespace bitloom::ops {

/// Grid of one quantizer as the kernels take it: q = clamp(rne(x / scale) + zeroPoint, quantMin,
/// quantMax). All float32; zeroPoint and the bounds hold integers.
struct Grid {
    float scale;
    float zeroPoint;
    float quantMin;
    float quantMax;
};

/// Grids that differ only in scale and zero point from element to element (the channel is the
/// innermost dimension).
struct GridColumns {
    const float* scale;
    const float* zeroPoint;
    float quantMin;
    float quantMax;
};

/// One candidate of the scale search: y = clamp(rne(x * inverseScale), low, high) * scale,
/// with low = quantMin - zeroPoint and high = quantMax - zeroPoint.
struct ScaleCandidate {
    float scale;
    float inverseScale;
    float low;
    float high;
};

/// Elements of x that scoreBlock takes at most, so that its float32 partial sums stay accurate.
inline constexpr int64_t kScoreBlock = 1024;

/// Inner loops over contiguous runs, one table per instruction set; kernels_scalar.cpp is the
/// reference that says what they compute. Sums keep 16 lanes (element i goes to lane i % 16) that
/// are added pairwise at the end (lane j + lane j+8, then +4, +2, +1), so every table gives the
/// same bits.
struct Kernels {
    /// y = fake-quantized x; NaN stays NaN.
    void (*forwardRun)(const float* x, float* y, int64_t count, const Grid& grid);
    void (*forwardColumns)(const float* x, float* y, int64_t count, const GridColumns& grid);
    /// dx = straight-through gradient; returns the sum for the scale, in double.
    double (*backwardRun)(const float* g, const float* x, float* dx, int64_t count,
                          const Grid& grid);
    /// The same for one grid per element; adds each element's share to dscale[i].
    void (*backwardColumns)(const float* g, const float* x, float* dx, int64_t count,
                            const GridColumns& grid, double* dscale);
    /// q as integers; x must hold no NaN.
    void (*codesRun)(const float* x, int32_t* q, int64_t count, const Grid& grid);
    /// sums[k] += sum of |x - y_k|^2.4 for each candidate; count <= kScoreBlock, |x| about 1 (no
    /// overflow guard).
    void (*scoreBlock)(const float* x, int64_t count, const ScaleCandidate* candidates,
                       int64_t numCandidates, double* sums);
};

/// The table of the active instruction set.
const Kernels& kernels();
/// The table of one instruction set; isa must be available.
const Kernels& kernelsFor(Isa isa);

extern const Kernels kKernelsScalar;
extern const Kernels kKernelsAvx2;
extern const Kernels kKernelsAvx512;

/// |e|^2.4 = (e * s)^3 * P(1 - e * s^5) with s near e^(-1/5): the seed s comes from the exponent
/// bits (bits(s) = kSeedOffset - bits(e) / 5), 1 - e * s^5 is within +-0.155 and P approximates (1
/// - r)^(-0.6) there. Measured: relative error <= 6e-7 in float32 arithmetic without fused
/// multiply-add; e = 0 gives 0.
inline constexpr float kSeedOffset = 1277903859.0F;
inline constexpr float kPowerPolynomial[6] = {1.0000001F,  0.6000005F, 0.47989357F,
                                              0.41583166F, 0.3861978F, 0.35808095F};

} // namespace bitloom::ops
