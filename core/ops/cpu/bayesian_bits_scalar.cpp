// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reference: one element at a time, in the words of the definition. The other tables are tested
// against it.
#include "core/ops/cpu/bayesian_bits_kernels.h"

#include <cmath>

namespace bitloom::ops {
namespace {

constexpr int kResidualLanes = 8;

/// Written so that NaN passes through.
float relu(float value)
{
    return value <= 0.0F ? 0.0F : value;
}

/// PACT's clip in its published order of evaluation: not a bitwise min and max.
struct Clipped {
    float value;
    bool inside; ///< neither relu is at its zero side
};

Clipped clip(float x, const ResidualGrid& grid)
{
    const float aboveLow = x - grid.low;
    const float belowHigh = grid.span - relu(aboveLow);
    return {-relu(belowHigh) + grid.high, aboveLow > 0.0F && belowHigh > 0.0F};
}

/// The parentheses v_j of all levels that are on; v_0 is the quantized value before the channel's
/// gate.
struct Parentheses {
    float v[kMaxResidualLevels];
};

Parentheses quantize(float clipped, const ResidualGrid& grid)
{
    Parentheses result{};
    float rest = clipped;
    for (int j = 0; j < grid.levels; ++j) {
        result.v[j] = grid.scale[j] * std::nearbyint(rest / grid.scale[j]);
        rest = rest - result.v[j];
    }
    const int last = grid.levels - 1;
    result.v[last] = result.v[last] + grid.tail;
    for (int j = last - 1; j >= 0; --j) {
        result.v[j] = result.v[j] + grid.gate[j] * result.v[j + 1];
    }
    return result;
}

/// Eight partial sums of exact products.
class Sum {
public:
    void add(int64_t i, float g, float factor)
    {
        m_lanes[i % kResidualLanes] += static_cast<double>(g) * static_cast<double>(factor);
    }
    double total() const
    {
        double sums[kResidualLanes];
        for (int lane = 0; lane < kResidualLanes; ++lane) {
            sums[lane] = m_lanes[lane];
        }
        for (int half = kResidualLanes / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; ++lane) {
                sums[lane] += sums[lane + half];
            }
        }
        return sums[0];
    }

private:
    double m_lanes[kResidualLanes] = {};
};

void forwardRun(const float* x, float* y, int64_t count, const ResidualGrid& grid)
{
    for (int64_t i = 0; i < count; ++i) {
        y[i] = grid.channelGate * quantize(clip(x[i], grid).value, grid).v[0];
    }
}

void backwardRun(const float* g, const float* x, float* dx, int64_t count, const ResidualGrid& grid,
                 ResidualSums& sums)
{
    Sum range;
    Sum value;
    Sum level[kMaxResidualLevels - 1];
    for (int64_t i = 0; i < count; ++i) {
        const Clipped clipped = clip(x[i], grid);
        const Parentheses quantized = quantize(clipped.value, grid);
        dx[i] = clipped.inside ? g[i] * grid.channelGate : 0.0F;
        range.add(i, g[i], quantized.v[0] - (clipped.inside ? clipped.value : 0.0F));
        value.add(i, g[i], quantized.v[0]);
        for (int j = 1; j < grid.levels; ++j) {
            level[j - 1].add(i, g[i], quantized.v[j]);
        }
    }
    sums.range += range.total();
    if (grid.hasChannelGate) {
        sums.value += value.total();
    }
    for (int j = 1; j < grid.levels; ++j) {
        sums.level[j - 1] += level[j - 1].total();
    }
}

} // namespace

const BayesianBitsKernels kBayesianBitsScalar = {forwardRun, backwardRun};

} // namespace bitloom::ops
