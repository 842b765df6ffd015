// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The vector form of kernels_scalar.cpp over a wrapper Simd (see kernels_avx2.cpp): kLanes floats
// per register, kSteps registers make the 16 lanes of the contract. Being a template on Simd, no
// symbol is shared between files that are compiled for different processors.
#include "core/ops/cpu/kernels.h"

namespace bitloom::ops {

template <typename Simd>
struct SimdKernels {
    using Float = typename Simd::Float;
    static constexpr int kLanes = 16;
    static constexpr int kWidth = Simd::kLanes;
    static constexpr int kSteps = kLanes / kWidth;

    static Float levelOf(Float x, Float scale, Float zeroPoint, Float quantMin, Float quantMax)
    {
        const Float level = Simd::add(Simd::round(Simd::divide(x, scale)), zeroPoint);
        return Simd::minKeepingNan(quantMax, Simd::maxKeepingNan(quantMin, level));
    }

    static Float forward(Float x, Float scale, Float zeroPoint, Float quantMin, Float quantMax)
    {
        const Float q = levelOf(x, scale, zeroPoint, quantMin, quantMax);
        return Simd::multiply(Simd::subtract(q, zeroPoint), scale);
    }

    /// Returns the slope for the scale; dx gets the masked g.
    static Float backward(Float g, Float x, Float scale, Float zeroPoint, Float quantMin,
                          Float quantMax, Float& dx)
    {
        const Float ratio = Simd::divide(x, scale);
        const Float rounded = Simd::round(ratio);
        const Float level = Simd::add(rounded, zeroPoint);
        const auto below = Simd::less(level, quantMin);
        const auto above = Simd::less(quantMax, level);
        const auto inside = Simd::within(level, quantMin, quantMax);
        Float slope = Simd::keepWhere(inside, Simd::subtract(rounded, ratio));
        slope = Simd::select(below, Simd::subtract(quantMin, zeroPoint), slope);
        slope = Simd::select(above, Simd::subtract(quantMax, zeroPoint), slope);
        dx = Simd::keepWhere(inside, g);
        return slope;
    }

    static double addLanes(double (&sums)[kLanes])
    {
        for (int half = kLanes / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; ++lane) {
                sums[lane] += sums[lane + half];
            }
        }
        return sums[0];
    }

    static void copy(const float* from, float* to, int64_t count)
    {
        for (int64_t i = 0; i < count; ++i) {
            to[i] = from[i];
        }
    }

    static void forwardRun(const float* x, float* y, int64_t count, const Grid& grid)
    {
        const Float scale = Simd::all(grid.scale);
        const Float zeroPoint = Simd::all(grid.zeroPoint);
        const Float low = Simd::all(grid.quantMin);
        const Float high = Simd::all(grid.quantMax);
        int64_t i = 0;
        for (; i + kWidth <= count; i += kWidth) {
            Simd::store(y + i, forward(Simd::load(x + i), scale, zeroPoint, low, high));
        }
        if (i < count) {
            float tail[kWidth] = {};
            copy(x + i, tail, count - i);
            Simd::store(tail, forward(Simd::load(tail), scale, zeroPoint, low, high));
            copy(tail, y + i, count - i);
        }
    }

    static void forwardColumns(const float* x, float* y, int64_t count, const GridColumns& grid)
    {
        const Float low = Simd::all(grid.quantMin);
        const Float high = Simd::all(grid.quantMax);
        int64_t i = 0;
        for (; i + kWidth <= count; i += kWidth) {
            Simd::store(y + i, forward(Simd::load(x + i), Simd::load(grid.scale + i),
                                       Simd::load(grid.zeroPoint + i), low, high));
        }
        for (; i < count; ++i) {
            const Grid one = {grid.scale[i], grid.zeroPoint[i], grid.quantMin, grid.quantMax};
            forwardRun(x + i, y + i, 1, one);
        }
    }

    static double backwardRun(const float* g, const float* x, float* dx, int64_t count,
                              const Grid& grid)
    {
        const Float scale = Simd::all(grid.scale);
        const Float zeroPoint = Simd::all(grid.zeroPoint);
        const Float low = Simd::all(grid.quantMin);
        const Float high = Simd::all(grid.quantMax);
        typename Simd::DoubleSum sums[kSteps] = {};
        const auto step = [&](const float* gAt, const float* xAt, float* dxAt) {
            for (int s = 0; s < kSteps; ++s) {
                const Float upstream = Simd::load(gAt + s * kWidth);
                Float masked;
                const Float slope = backward(upstream, Simd::load(xAt + s * kWidth), scale,
                                             zeroPoint, low, high, masked);
                Simd::store(dxAt + s * kWidth, masked);
                sums[s].addProduct(upstream, slope);
            }
        };
        int64_t i = 0;
        for (; i + kLanes <= count; i += kLanes) {
            step(g + i, x + i, dx + i);
        }
        if (i < count) {
            // Padding has g = 0 and adds +0 to its lanes.
            float gTail[kLanes] = {};
            float xTail[kLanes] = {};
            float dxTail[kLanes];
            copy(g + i, gTail, count - i);
            copy(x + i, xTail, count - i);
            step(gTail, xTail, dxTail);
            copy(dxTail, dx + i, count - i);
        }
        double lanes[kLanes];
        for (int s = 0; s < kSteps; ++s) {
            sums[s].store(lanes + s * kWidth);
        }
        return addLanes(lanes);
    }

    static void backwardColumns(const float* g, const float* x, float* dx, int64_t count,
                                const GridColumns& grid, double* dscale)
    {
        const Float low = Simd::all(grid.quantMin);
        const Float high = Simd::all(grid.quantMax);
        int64_t i = 0;
        for (; i + kWidth <= count; i += kWidth) {
            const Float upstream = Simd::load(g + i);
            Float masked;
            const Float slope = backward(upstream, Simd::load(x + i), Simd::load(grid.scale + i),
                                         Simd::load(grid.zeroPoint + i), low, high, masked);
            Simd::store(dx + i, masked);
            typename Simd::DoubleSum sum;
            sum.load(dscale + i);
            sum.addProduct(upstream, slope);
            sum.store(dscale + i);
        }
        for (; i < count; ++i) {
            const Grid one = {grid.scale[i], grid.zeroPoint[i], grid.quantMin, grid.quantMax};
            dscale[i] += backwardRun(g + i, x + i, dx + i, 1, one);
        }
    }

    static void codesRun(const float* x, int32_t* q, int64_t count, const Grid& grid)
    {
        const Float scale = Simd::all(grid.scale);
        const Float zeroPoint = Simd::all(grid.zeroPoint);
        const Float low = Simd::all(grid.quantMin);
        const Float high = Simd::all(grid.quantMax);
        int64_t i = 0;
        for (; i + kWidth <= count; i += kWidth) {
            Simd::storeInteger(q + i, levelOf(Simd::load(x + i), scale, zeroPoint, low, high));
        }
        if (i < count) {
            float tail[kWidth] = {};
            int32_t codes[kWidth];
            copy(x + i, tail, count - i);
            Simd::storeInteger(codes, levelOf(Simd::load(tail), scale, zeroPoint, low, high));
            for (int64_t j = 0; i + j < count; ++j) {
                q[i + j] = codes[j];
            }
        }
    }

    static Float powerOf(Float error)
    {
        const Float seed = Simd::bitsFromInteger(Simd::subtract(
            Simd::all(kSeedOffset), Simd::multiply(Simd::integerFromBits(error), Simd::all(0.2F))));
        const Float product = Simd::multiply(error, seed);
        const Float square = Simd::multiply(seed, seed);
        const Float rest = Simd::subtract(Simd::all(1.0F),
                                          Simd::multiply(product, Simd::multiply(square, square)));
        Float polynomial = Simd::all(kPowerPolynomial[5]);
        for (int i = 4; i >= 0; --i) {
            polynomial =
                Simd::add(Simd::multiply(polynomial, rest), Simd::all(kPowerPolynomial[i]));
        }
        return Simd::multiply(Simd::multiply(Simd::multiply(product, product), product),
                              polynomial);
    }

    static void scoreBlock(const float* x, int64_t count, const ScaleCandidate* candidates,
                           int64_t numCandidates, double* totals)
    {
        for (int64_t k = 0; k < numCandidates; ++k) {
            const Float scale = Simd::all(candidates[k].scale);
            const Float inverse = Simd::all(candidates[k].inverseScale);
            const Float low = Simd::all(candidates[k].low);
            const Float high = Simd::all(candidates[k].high);
            const auto powerAt = [&](const float* at) {
                const Float value = Simd::load(at);
                const Float level = Simd::minKeepingNan(
                    high, Simd::maxKeepingNan(low, Simd::round(Simd::multiply(value, inverse))));
                return powerOf(Simd::absolute(Simd::subtract(value, Simd::multiply(level, scale))));
            };
            Float sums[kSteps];
            for (int s = 0; s < kSteps; ++s) {
                sums[s] = Simd::all(0.0F);
            }
            int64_t i = 0;
            for (; i + kLanes <= count; i += kLanes) {
                for (int s = 0; s < kSteps; ++s) {
                    sums[s] = Simd::add(sums[s], powerAt(x + i + s * kWidth));
                }
            }
            float lanes[kLanes];
            for (int s = 0; s < kSteps; ++s) {
                Simd::store(lanes + s * kWidth, sums[s]);
            }
            if (i < count) {
                float tail[kLanes] = {};
                copy(x + i, tail, count - i);
                for (int s = 0; s < kSteps; ++s) {
                    Simd::store(tail + s * kWidth, powerAt(tail + s * kWidth));
                }
                for (int64_t j = 0; i + j < count; ++j) {
                    lanes[j] += tail[j];
                }
            }
            double wide[kLanes];
            for (int lane = 0; lane < kLanes; ++lane) {
                wide[lane] = static_cast<double>(lanes[lane]);
            }
            totals[k] += addLanes(wide);
        }
    }
};

} // namespace bitloom::ops
