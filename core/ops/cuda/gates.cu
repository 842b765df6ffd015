// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda/gates.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/level_prices.h"
#include "core/ops/philox.h"

#include <cuda_runtime.h>

namespace bitloom::ops::cuda {
namespace {

constexpr int kThreads = 128;
constexpr int kWarp = 32;
constexpr int kWarps = 32; ///< of the regulariser's block
constexpr unsigned kAllLanes = 0xffffffffU;
constexpr std::int64_t kLevelGates = 4;

__device__ GateValue gateOf(float logit, std::int64_t index, GateMode mode, const GateDraws& draws)
{
    switch (mode) {
    case GateMode::L0:
        return stochasticGate(
            logit, draws.uniforms != nullptr
                       ? draws.uniforms[index]
                       : uniformAt(draws.seed, draws.step, static_cast<std::uint64_t>(index)));
    case GateMode::Fixed:
        return fixedGate(logit);
    default:
        return evaluationGate(logit);
    }
}

__global__ void gatesKernel(GateRows rows, GateMode mode, GateDraws draws, float* gates,
                            float* slopes)
{
    const std::int64_t begin = rows.offsets[blockIdx.x];
    const std::int64_t end = rows.offsets[blockIdx.x + 1];
    const std::int64_t levels = end - kLevelGates;
    if (begin < 0 || levels < begin || end > rows.numGates) {
        return;
    }
    for (std::int64_t i = begin + threadIdx.x; i < end; i += blockDim.x) {
        bool isCut = false;
        for (std::int64_t level = levels; level <= i; ++level) {
            isCut =
                isCut || (mode != GateMode::Evaluation && rows.logits[level] <= kAbsorbingLogit);
        }
        const GateValue gate =
            isCut ? GateValue{0.0F, 0.0F} : gateOf(rows.logits[i], i, mode, draws);
        gates[i] = gate.z;
        slopes[i] = gate.slope;
    }
}

/// The sum over a warp, the same in all its lanes.
__device__ double sumOfWarp(double value)
{
    for (int half = kWarp / 2; half > 0; half /= 2) {
        value += __shfl_xor_sync(kAllLanes, value, half);
    }
    return value;
}

__global__ void __launch_bounds__(kWarp* kWarps)
    regulariserKernel(GateRows rows, const float* levelWeights, float* total, float* shares,
                      float* gradient)
{
    const int warp = static_cast<int>(threadIdx.x) / kWarp;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    double sum = 0;
    for (std::int64_t q = warp; q < rows.numQuantizers; q += kWarps) {
        const std::int64_t begin = rows.offsets[q];
        const std::int64_t levels = rows.offsets[q + 1] - kLevelGates;
        if (begin < 0 || levels < begin || levels + kLevelGates > rows.numGates) {
            continue;
        }
        const auto channels = static_cast<double>(levels - begin);
        double mean = 0;
        for (std::int64_t i = begin + lane; i < levels; i += kWarp) {
            mean += static_cast<double>(probabilityOn(rows.logits[i]));
        }
        mean = channels > 0 ? sumOfWarp(mean) / channels : 0.0;
        const LevelPrices prices = levelPrices(
            rows.logits + levels, levelWeights + q * (kLevelGates + 1), channels > 0, mean);
        for (std::int64_t i = begin + lane; i < levels; i += kWarp) {
            const auto p = static_cast<double>(probabilityOn(rows.logits[i]));
            gradient[i] = static_cast<float>(prices.meanSlope * p * (1.0 - p) / channels);
        }
        if (lane == 0) {
            for (std::int64_t j = 0; j < kLevelGates; ++j) {
                gradient[levels + j] = static_cast<float>(prices.levelSlope[j]);
            }
            shares[q] = static_cast<float>(prices.price);
            sum += prices.price;
        }
    }
    __shared__ double sums[kWarps];
    if (lane == 0) {
        sums[warp] = sum;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        double all = 0;
        for (const double one : sums) {
            all += one;
        }
        *total = static_cast<float>(all);
    }
}

} // namespace

Status launchGates(const GateRows& rows, GateMode mode, const GateDraws& draws, float* gates,
                   float* slopes, Stream stream)
{
    gatesKernel<<<static_cast<unsigned>(rows.numQuantizers), kThreads, 0, stream>>>(
        rows, mode, draws, gates, slopes);
    return cudaGetLastError();
}

Status launchRegulariser(const GateRows& rows, const float* levelWeights, float* total,
                         float* shares, float* gradient, Stream stream)
{
    regulariserKernel<<<1, kWarp * kWarps, 0, stream>>>(rows, levelWeights, total, shares,
                                                        gradient);
    return cudaGetLastError();
}

} // namespace bitloom::ops::cuda
