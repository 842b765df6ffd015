// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The vector form of bayesian_bits_scalar.cpp over a wrapper Simd (see simd_avx2-inl.h). Being a
// template on Simd, no symbol is shared between files that are compiled for different processors.
// The number of levels is a template argument: those that are off cost nothing.
#include "core/ops/cpu/bayesian_bits_kernels.h"

namespace bitloom::ops {

template <typename Simd>
struct BayesianBitsSimd {
    using Float = typename Simd::Float;
    static constexpr int kWidth = Simd::kLanes;
    static constexpr int kSumLanes = 8;
    /// Registers that run through the levels in turns. Measured with five levels: 4 takes 0.6 of
    /// the time of 1 (Zen 4), 8 no less.
    static constexpr int kInTurns = 4;

    /// A ResidualGrid in registers, and the formulas over it.
    template <int kLevels>
    struct Quantizer {
        explicit Quantizer(const ResidualGrid& grid)
            : zero(Simd::all(0.0F)), low(Simd::all(grid.low)), high(Simd::all(grid.high)),
              span(Simd::all(grid.span)), tail(Simd::all(grid.tail)),
              channelGate(Simd::all(grid.channelGate))
        {
            for (int j = 0; j < kLevels; ++j) {
                scale[j] = Simd::all(grid.scale[j]);
                gate[j] = Simd::all(j + 1 < kLevels ? grid.gate[j] : 0.0F);
            }
        }

        /// The two relus of the clip: both positive means inside.
        Float aboveLow(Float x) const { return Simd::subtract(x, low); }
        Float belowHigh(Float above) const
        {
            return Simd::subtract(span, Simd::maxKeepingNan(zero, above));
        }
        Float clipped(Float below) const
        {
            return Simd::subtract(high, Simd::maxKeepingNan(zero, below));
        }

        /// The parentheses v_j of all levels, for kBatch registers in turns: each is one long
        /// chain of dependent instructions.
        template <int kBatch>
        void quantize(const Float (&value)[kBatch], Float (&v)[kLevels][kBatch]) const
        {
            Float rest[kBatch];
            for (int b = 0; b < kBatch; ++b) {
                rest[b] = value[b];
            }
            for (int j = 0; j < kLevels; ++j) {
                for (int b = 0; b < kBatch; ++b) {
                    v[j][b] = Simd::divide(rest[b], scale[j]);
                }
                for (int b = 0; b < kBatch; ++b) {
                    v[j][b] = Simd::multiply(scale[j], Simd::round(v[j][b]));
                    rest[b] = Simd::subtract(rest[b], v[j][b]);
                }
            }
            for (int b = 0; b < kBatch; ++b) {
                v[kLevels - 1][b] = Simd::add(v[kLevels - 1][b], tail);
            }
            for (int j = kLevels - 2; j >= 0; --j) {
                for (int b = 0; b < kBatch; ++b) {
                    v[j][b] = Simd::add(v[j][b], Simd::multiply(gate[j], v[j + 1][b]));
                }
            }
        }

        Float zero, low, high, span, tail, channelGate;
        Float scale[kLevels];
        Float gate[kLevels];
    };

    static void copy(const float* from, float* to, int64_t count)
    {
        for (int64_t i = 0; i < count; ++i) {
            to[i] = from[i];
        }
    }

    template <int kBatch, int kLevels>
    static void forwardStep(const float* x, float* y, const Quantizer<kLevels>& quantizer)
    {
        Float clipped[kBatch];
        for (int b = 0; b < kBatch; ++b) {
            const Float above = quantizer.aboveLow(Simd::load(x + b * kWidth));
            clipped[b] = quantizer.clipped(quantizer.belowHigh(above));
        }
        Float v[kLevels][kBatch];
        quantizer.quantize(clipped, v);
        for (int b = 0; b < kBatch; ++b) {
            Simd::store(y + b * kWidth, Simd::multiply(quantizer.channelGate, v[0][b]));
        }
    }

    template <int kLevels>
    static void forwardLevels(const float* x, float* y, int64_t count, const ResidualGrid& grid)
    {
        const Quantizer<kLevels> quantizer(grid);
        int64_t i = 0;
        for (; i + kInTurns * kWidth <= count; i += kInTurns * kWidth) {
            forwardStep<kInTurns>(x + i, y + i, quantizer);
        }
        for (; i + kWidth <= count; i += kWidth) {
            forwardStep<1>(x + i, y + i, quantizer);
        }
        if (i < count) {
            float buffer[kWidth] = {};
            copy(x + i, buffer, count - i);
            forwardStep<1>(buffer, buffer, quantizer);
            copy(buffer, y + i, count - i);
        }
    }

    static double total(const typename Simd::EightSums& sums)
    {
        double lanes[kSumLanes];
        sums.store(lanes);
        for (int half = kSumLanes / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; ++lane) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }

    template <int kLevels>
    struct Sums {
        typename Simd::EightSums range;
        typename Simd::EightSums value;
        typename Simd::EightSums level[kLevels]; // [0] is not used: v_0 has the two above
    };

    template <int kBatch, bool kHasChannelGate, int kLevels>
    static void backwardStep(const float* g, const float* x, float* dx,
                             const Quantizer<kLevels>& quantizer, Sums<kLevels>& sums)
    {
        Float clipped[kBatch];
        Float insideOnly[kBatch];
        for (int b = 0; b < kBatch; ++b) {
            const Float above = quantizer.aboveLow(Simd::load(x + b * kWidth));
            const Float below = quantizer.belowHigh(above);
            const auto inside = Simd::bothPositive(above, below);
            clipped[b] = quantizer.clipped(below);
            insideOnly[b] = Simd::keepWhere(inside, clipped[b]);
            const Float gated = Simd::multiply(Simd::load(g + b * kWidth), quantizer.channelGate);
            Simd::store(dx + b * kWidth, Simd::keepWhere(inside, gated));
        }
        Float v[kLevels][kBatch];
        quantizer.quantize(clipped, v);
        for (int b = 0; b < kBatch; ++b) {
            const Float upstream = Simd::load(g + b * kWidth);
            sums.range.addProduct(upstream, Simd::subtract(v[0][b], insideOnly[b]));
            if constexpr (kHasChannelGate) {
                sums.value.addProduct(upstream, v[0][b]);
            }
            for (int j = 1; j < kLevels; ++j) {
                sums.level[j].addProduct(upstream, v[j][b]);
            }
        }
    }

    template <int kLevels, bool kHasChannelGate>
    static void backwardLevels(const float* g, const float* x, float* dx, int64_t count,
                               const ResidualGrid& grid, ResidualSums& totals)
    {
        const Quantizer<kLevels> quantizer(grid);
        Sums<kLevels> sums;
        int64_t i = 0;
        for (; i + kInTurns * kWidth <= count; i += kInTurns * kWidth) {
            backwardStep<kInTurns, kHasChannelGate>(g + i, x + i, dx + i, quantizer, sums);
        }
        for (; i + kWidth <= count; i += kWidth) {
            backwardStep<1, kHasChannelGate>(g + i, x + i, dx + i, quantizer, sums);
        }
        if (i < count) {
            // Padding has g = 0 and adds +-0 to its lanes, which are never -0.
            float gTail[kWidth] = {};
            float xTail[kWidth] = {};
            float dxTail[kWidth];
            copy(g + i, gTail, count - i);
            copy(x + i, xTail, count - i);
            backwardStep<1, kHasChannelGate>(gTail, xTail, dxTail, quantizer, sums);
            copy(dxTail, dx + i, count - i);
        }
        totals.range += total(sums.range);
        if constexpr (kHasChannelGate) {
            totals.value += total(sums.value);
        }
        for (int j = 1; j < kLevels; ++j) {
            totals.level[j - 1] += total(sums.level[j]);
        }
    }

    static void forwardRun(const float* x, float* y, int64_t count, const ResidualGrid& grid)
    {
        switch (grid.levels) {
        case 1:
            return forwardLevels<1>(x, y, count, grid);
        case 2:
            return forwardLevels<2>(x, y, count, grid);
        case 3:
            return forwardLevels<3>(x, y, count, grid);
        case 4:
            return forwardLevels<4>(x, y, count, grid);
        default:
            return forwardLevels<5>(x, y, count, grid);
        }
    }

    template <bool kHasChannelGate>
    static void backwardGated(const float* g, const float* x, float* dx, int64_t count,
                              const ResidualGrid& grid, ResidualSums& sums)
    {
        switch (grid.levels) {
        case 1:
            return backwardLevels<1, kHasChannelGate>(g, x, dx, count, grid, sums);
        case 2:
            return backwardLevels<2, kHasChannelGate>(g, x, dx, count, grid, sums);
        case 3:
            return backwardLevels<3, kHasChannelGate>(g, x, dx, count, grid, sums);
        case 4:
            return backwardLevels<4, kHasChannelGate>(g, x, dx, count, grid, sums);
        default:
            return backwardLevels<5, kHasChannelGate>(g, x, dx, count, grid, sums);
        }
    }

    static void backwardRun(const float* g, const float* x, float* dx, int64_t count,
                            const ResidualGrid& grid, ResidualSums& sums)
    {
        if (grid.hasChannelGate) {
            backwardGated<true>(g, x, dx, count, grid, sums);
        } else {
            backwardGated<false>(g, x, dx, count, grid, sums);
        }
    }
};

} // namespace bitloom::ops
