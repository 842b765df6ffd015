// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reference: one element at a time, in the words of the definition. The other tables are tested
// against it.
#include "core/ops/cpu/kernels.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace bitloom::ops {
namespace {

constexpr int kLanes = 16;

/// Written so that NaN passes through: both comparisons are false.
float clampKeepingNan(float value, float low, float high)
{
    const float raised = value < low ? low : value;
    return raised > high ? high : raised;
}

float levelOf(float x, float scale, float zeroPoint, float quantMin, float quantMax)
{
    return clampKeepingNan(std::nearbyint(x / scale) + zeroPoint, quantMin, quantMax);
}

struct Gradient {
    float dx;
    double dscale;
};

Gradient gradientOf(float g, float x, float scale, float zeroPoint, float quantMin, float quantMax)
{
    const float ratio = x / scale;
    const float rounded = std::nearbyint(ratio);
    const float level = rounded + zeroPoint;
    float slope = 0.0F; // NaN is neither inside nor outside: no gradient
    bool inside = false;
    if (level < quantMin) {
        slope = quantMin - zeroPoint;
    } else if (level > quantMax) {
        slope = quantMax - zeroPoint;
    } else if (level == level) {
        slope = rounded - ratio;
        inside = true;
    }
    return {inside ? g : 0.0F, static_cast<double>(g) * static_cast<double>(slope)};
}

template <typename Sum>
double addLanes(Sum (&lanes)[kLanes])
{
    double sums[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
        sums[lane] = static_cast<double>(lanes[lane]);
    }
    for (int half = kLanes / 2; half > 0; half /= 2) {
        for (int lane = 0; lane < half; ++lane) {
            sums[lane] += sums[lane + half];
        }
    }
    return sums[0];
}

float powerOf(float error)
{
    int32_t bits = 0;
    std::memcpy(&bits, &error, sizeof(bits));
    const float seedValue = kSeedOffset - static_cast<float>(bits) * 0.2F;
    const auto seedBits = static_cast<int32_t>(seedValue);
    float seed = 0;
    std::memcpy(&seed, &seedBits, sizeof(seed));

    const float product = error * seed;
    const float square = seed * seed;
    const float rest = 1.0F - product * (square * square);
    float polynomial = kPowerPolynomial[5];
    for (int i = 4; i >= 0; --i) {
        polynomial = polynomial * rest + kPowerPolynomial[i];
    }
    return product * product * product * polynomial;
}

void forwardRun(const float* x, float* y, int64_t count, const Grid& grid)
{
    for (int64_t i = 0; i < count; ++i) {
        const float q = levelOf(x[i], grid.scale, grid.zeroPoint, grid.quantMin, grid.quantMax);
        y[i] = (q - grid.zeroPoint) * grid.scale;
    }
}

void forwardColumns(const float* x, float* y, int64_t count, const GridColumns& grid)
{
    for (int64_t i = 0; i < count; ++i) {
        const float q =
            levelOf(x[i], grid.scale[i], grid.zeroPoint[i], grid.quantMin, grid.quantMax);
        y[i] = (q - grid.zeroPoint[i]) * grid.scale[i];
    }
}

double backwardRun(const float* g, const float* x, float* dx, int64_t count, const Grid& grid)
{
    double lanes[kLanes] = {};
    for (int64_t i = 0; i < count; ++i) {
        const Gradient gradient =
            gradientOf(g[i], x[i], grid.scale, grid.zeroPoint, grid.quantMin, grid.quantMax);
        dx[i] = gradient.dx;
        lanes[i % kLanes] += gradient.dscale;
    }
    return addLanes(lanes);
}

void backwardColumns(const float* g, const float* x, float* dx, int64_t count,
                     const GridColumns& grid, double* dscale)
{
    for (int64_t i = 0; i < count; ++i) {
        const Gradient gradient =
            gradientOf(g[i], x[i], grid.scale[i], grid.zeroPoint[i], grid.quantMin, grid.quantMax);
        dx[i] = gradient.dx;
        dscale[i] += gradient.dscale;
    }
}

void codesRun(const float* x, int32_t* q, int64_t count, const Grid& grid)
{
    for (int64_t i = 0; i < count; ++i) {
        q[i] = static_cast<int32_t>(
            levelOf(x[i], grid.scale, grid.zeroPoint, grid.quantMin, grid.quantMax));
    }
}

void scoreBlock(const float* x, int64_t count, const ScaleCandidate* candidates,
                int64_t numCandidates, double* sums)
{
    for (int64_t k = 0; k < numCandidates; ++k) {
        const ScaleCandidate& candidate = candidates[k];
        float lanes[kLanes] = {};
        for (int64_t i = 0; i < count; ++i) {
            const float level = clampKeepingNan(std::nearbyint(x[i] * candidate.inverseScale),
                                                candidate.low, candidate.high);
            lanes[i % kLanes] += powerOf(std::fabs(x[i] - level * candidate.scale));
        }
        sums[k] += addLanes(lanes);
    }
}

} // namespace

const Kernels kKernelsScalar = {forwardRun,      forwardColumns, backwardRun,
                                backwardColumns, codesRun,       scoreBlock};

} // namespace bitloom::ops
