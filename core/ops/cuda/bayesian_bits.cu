// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The grid of blocks is (channels, slices): a block reads range and gates, builds the quantizer of
// its channel and goes through its share of that channel's elements.
#include "core/ops/bayesian_bits_scales.h"
#include "core/ops/cuda/bayesian_bits.h"
#include "core/ops/exact_division.h"

#include <cuda_runtime.h>

namespace bitloom::ops::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffU;
constexpr std::int64_t kElementsPerSlice = 8192;
constexpr std::int64_t kMaxSlices = 2048;
/// range, value and the four levels, as in ResidualSums of the CPU's kernels.
constexpr int kSums = 2 + kMaxResidualLevels - 1;

/// What a block needs of its channel's quantizer.
struct BlockGrid {
    ResidualGrid grid;
    float reciprocal[kMaxResidualLevels];
    bool hasExactReciprocals;
};

__device__ ResidualGrid gridOf(const BayesianBitsProblem& problem, std::int64_t channel)
{
    ResidualGrid grid = problem.gates == nullptr
                            ? singleStepGrid(*problem.xMax, problem.bits, problem.isSigned)
                            : decomposedGrid(*problem.xMax, problem.gates, problem.isSigned);
    if (problem.channelGates != nullptr) {
        grid.hasChannelGate = true;
        grid.channelGate = problem.channelGates[channel];
    }
    return grid;
}

__device__ void buildBlockGrid(const BayesianBitsProblem& problem, BlockGrid& block)
{
    if (threadIdx.x == 0) {
        block.grid = gridOf(problem, blockIdx.x);
        block.hasExactReciprocals = true;
        for (int j = 0; j < block.grid.levels; ++j) {
            const float scale = block.grid.scale[j];
            block.reciprocal[j] = 1.0F / scale;
            block.hasExactReciprocals = block.hasExactReciprocals &&
                                        scale >= kSmallestExactDivisor &&
                                        scale <= kLargestExactDivisor;
        }
    }
    __syncthreads();
}

/// Both comparisons are false for NaN, which therefore stays.
__device__ float relu(float value)
{
    return value <= 0.0F ? 0.0F : value;
}

/// The quantizer in registers; kLevels are on. kByReciprocal: see divideByReciprocal().
template <int kLevels, bool kByReciprocal>
struct Quantizer {
    explicit __device__ Quantizer(const BlockGrid& block) : grid(block.grid)
    {
        for (int j = 0; j < kLevels; ++j) {
            reciprocal[j] = block.reciprocal[j];
        }
    }

    /// x_c and whether it lies inside the range.
    __device__ float clip(float x, bool& inside) const
    {
        const float aboveLow = x - grid.low;
        const float belowHigh = grid.span - relu(aboveLow);
        inside = aboveLow > 0.0F && belowHigh > 0.0F;
        return grid.high - relu(belowHigh);
    }

    /// The parentheses v_j of all levels.
    __device__ void quantize(float clipped, float (&v)[kLevels]) const
    {
        float rest = clipped;
#pragma unroll
        for (int j = 0; j < kLevels; ++j) {
            const float ratio = kByReciprocal
                                    ? divideByReciprocal(rest, grid.scale[j], reciprocal[j])
                                    : __fdiv_rn(rest, grid.scale[j]);
            v[j] = grid.scale[j] * rintf(ratio);
            rest = rest - v[j];
        }
        v[kLevels - 1] = v[kLevels - 1] + grid.tail;
#pragma unroll
        for (int j = kLevels - 2; j >= 0; --j) {
            v[j] = v[j] + grid.gate[j] * v[j + 1];
        }
    }

    ResidualGrid grid;
    float reciprocal[kLevels];
};

template <bool kByReciprocal, typename Body>
__device__ void withLevels(const BlockGrid& block, const Body& body)
{
    switch (block.grid.levels) {
    case 1:
        return body(Quantizer<1, kByReciprocal>(block));
    case 2:
        return body(Quantizer<2, kByReciprocal>(block));
    case 3:
        return body(Quantizer<3, kByReciprocal>(block));
    case 4:
        return body(Quantizer<4, kByReciprocal>(block));
    default:
        return body(Quantizer<5, kByReciprocal>(block));
    }
}

/// Calls body with the block's quantizer; all its threads take the same way.
template <typename Body>
__device__ void withQuantizer(const BlockGrid& block, const Body& body)
{
    if (block.hasExactReciprocals) {
        withLevels<true>(block, body);
    } else {
        withLevels<false>(block, body);
    }
}

/// Calls four(index) for every four neighbours of this block's share of its channel where isVector,
/// and single(index) for the elements that are left.
template <typename Single, typename Four>
__device__ void forEachElement(const BayesianBitsProblem& problem, bool isVector,
                               const Single& single, const Four& four)
{
    const std::int64_t channel = blockIdx.x;
    const std::int64_t count = problem.outer * problem.inner;
    const std::int64_t first = static_cast<std::int64_t>(blockIdx.y) * blockDim.x + threadIdx.x;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.y) * blockDim.x;
    if (isVector) { // then outer is 1
        const std::int64_t begin = channel * problem.inner;
        const std::int64_t vectors = count / 4;
        for (std::int64_t k = first; k < vectors; k += stride) {
            four(begin + 4 * k);
        }
        for (std::int64_t k = 4 * vectors + first; k < count; k += stride) {
            single(begin + k);
        }
        return;
    }
    for (std::int64_t k = first; k < count; k += stride) {
        const std::int64_t row = problem.outer == 1 ? 0 : k / problem.inner;
        const std::int64_t within = k - row * problem.inner;
        single((row * problem.channels + channel) * problem.inner + within);
    }
}

template <int kLevels, bool kByReciprocal>
__device__ void forwardBlock(const BayesianBitsProblem& problem,
                             const Quantizer<kLevels, kByReciprocal>& quantizer, bool isVector,
                             float* y)
{
    const auto quantized = [&](float x) {
        bool inside = false;
        float v[kLevels];
        quantizer.quantize(quantizer.clip(x, inside), v);
        return quantizer.grid.channelGate * v[0];
    };
    forEachElement(
        problem, isVector, [&](std::int64_t i) { y[i] = quantized(problem.x[i]); },
        [&](std::int64_t i) {
            const float4 x = *reinterpret_cast<const float4*>(problem.x + i);
            *reinterpret_cast<float4*>(y + i) =
                make_float4(quantized(x.x), quantized(x.y), quantized(x.z), quantized(x.w));
        });
}

/// The six sums of one thread. Four neighbours are added in float32 first: their products would
/// cost as much in double as all the rest on GPUs with few units for it.
template <int kLevels>
struct ThreadSums {
    double total[kSums] = {};

    __device__ void add(const float (&part)[kSums])
    {
#pragma unroll
        for (int k = 0; k < kSums; ++k) {
            if (k < kLevels + 1) { // the others stay 0
                total[k] += static_cast<double>(part[k]);
            }
        }
    }
};

/// The sum over the block, in a fixed order; valid in thread 0.
__device__ double sumOfBlock(double value, double* warpSums)
{
    for (int half = kWarp / 2; half > 0; half /= 2) {
        value += __shfl_down_sync(kAllLanes, value, half);
    }
    __syncthreads(); // the sums of the call before have been read
    if (threadIdx.x % kWarp == 0) {
        warpSums[threadIdx.x / kWarp] = value;
    }
    __syncthreads();
    double total = 0;
    if (threadIdx.x == 0) {
        for (int warp = 0; warp < kThreads / kWarp; ++warp) {
            total += warpSums[warp];
        }
    }
    return total;
}

template <int kLevels, bool kByReciprocal>
__device__ void backwardBlock(const BayesianBitsProblem& problem,
                              const Quantizer<kLevels, kByReciprocal>& quantizer, bool isVector,
                              const float* gradient, float* dx, double* scratch)
{
    ThreadSums<kLevels> sums;
    // Returns dx; adds the products to part.
    const auto one = [&](float x, float g, float(&part)[kSums]) {
        bool inside = false;
        const float clipped = quantizer.clip(x, inside);
        float v[kLevels];
        quantizer.quantize(clipped, v);
        part[0] = fmaf(g, v[0] - (inside ? clipped : 0.0F), part[0]);
        part[1] = fmaf(g, v[0], part[1]);
#pragma unroll
        for (int j = 1; j < kLevels; ++j) {
            part[j + 1] = fmaf(g, v[j], part[j + 1]);
        }
        return inside ? g * quantizer.grid.channelGate : 0.0F;
    };
    forEachElement(
        problem, isVector,
        [&](std::int64_t i) {
            float part[kSums] = {};
            dx[i] = one(problem.x[i], gradient[i], part);
            sums.add(part);
        },
        [&](std::int64_t i) {
            const float4 x = *reinterpret_cast<const float4*>(problem.x + i);
            const float4 g = *reinterpret_cast<const float4*>(gradient + i);
            float part[kSums] = {};
            float4 out;
            out.x = one(x.x, g.x, part);
            out.y = one(x.y, g.y, part);
            out.z = one(x.z, g.z, part);
            out.w = one(x.w, g.w, part);
            *reinterpret_cast<float4*>(dx + i) = out;
            sums.add(part);
        });
    __shared__ double warpSums[kThreads / kWarp];
    const std::int64_t place = blockIdx.y * problem.channels + blockIdx.x;
#pragma unroll
    for (int k = 0; k < kSums; ++k) {
        const double total = k < kLevels + 1 ? sumOfBlock(sums.total[k], warpSums) : 0.0;
        if (threadIdx.x == 0) {
            scratch[place * kSums + k] = total;
        }
    }
}

__global__ void __launch_bounds__(kThreads)
    forwardKernel(BayesianBitsProblem problem, bool isVector, float* y)
{
    __shared__ BlockGrid block;
    buildBlockGrid(problem, block);
    withQuantizer(block,
                  [&](const auto& quantizer) { forwardBlock(problem, quantizer, isVector, y); });
}

__global__ void __launch_bounds__(kThreads)
    backwardKernel(BayesianBitsProblem problem, bool isVector, const float* gradient, float* dx,
                   double* scratch)
{
    __shared__ BlockGrid block;
    buildBlockGrid(problem, block);
    withQuantizer(block, [&](const auto& quantizer) {
        backwardBlock(problem, quantizer, isVector, gradient, dx, scratch);
    });
}

/// One block: the totals over slices and channels, each channel weighted with its gate.
__global__ void __launch_bounds__(kThreads)
    totalKernel(BayesianBitsProblem problem, std::int64_t slices, const double* scratch,
                BayesianBitsGradients gradients)
{
    double sums[kSums] = {};
    for (std::int64_t place = threadIdx.x; place < slices * problem.channels; place += kThreads) {
        const double gate =
            problem.channelGates == nullptr
                ? 1.0
                : static_cast<double>(problem.channelGates[place % problem.channels]);
        for (int k = 0; k < kSums; ++k) {
            sums[k] += gate * scratch[place * kSums + k];
        }
    }
    if (gradients.dchannelGates != nullptr) {
        for (std::int64_t channel = threadIdx.x; channel < problem.channels; channel += kThreads) {
            double value = 0;
            for (std::int64_t slice = 0; slice < slices; ++slice) {
                value += scratch[(slice * problem.channels + channel) * kSums + 1];
            }
            gradients.dchannelGates[channel] = static_cast<float>(value);
        }
    }
    __shared__ double warpSums[kThreads / kWarp];
    double total[kSums];
    for (int k = 0; k < kSums; ++k) {
        total[k] = sumOfBlock(sums[k], warpSums);
    }
    if (threadIdx.x != 0) {
        return;
    }
    *gradients.dxMax = static_cast<float>(total[0] / static_cast<double>(*problem.xMax));
    if (gradients.dgates == nullptr) {
        return;
    }
    const ResidualGrid grid = decomposedGrid(*problem.xMax, problem.gates, problem.isSigned);
    double before = 1.0;
    for (int j = 0; j + 1 < kMaxResidualLevels; ++j) {
        gradients.dgates[j] =
            j + 1 < grid.levels ? static_cast<float>(before * total[j + 2]) : 0.0F;
        before *= static_cast<double>(grid.gate[j]);
    }
}

std::int64_t slicesOf(const BayesianBitsProblem& problem)
{
    const std::int64_t elements = problem.outer * problem.inner;
    const std::int64_t slices = (elements + kElementsPerSlice - 1) / kElementsPerSlice;
    return slices < kMaxSlices ? slices : kMaxSlices;
}

dim3 blocksOf(const BayesianBitsProblem& problem)
{
    return {static_cast<unsigned>(problem.channels), static_cast<unsigned>(slicesOf(problem)), 1};
}

bool isAligned(const void* pointer)
{
    return reinterpret_cast<std::uintptr_t>(pointer) % sizeof(float4) == 0;
}

/// Whether every channel's run can be read four elements at a time.
bool hasVectorRuns(const BayesianBitsProblem& problem)
{
    return problem.outer == 1 && isAligned(problem.x) &&
           (problem.channels == 1 || problem.inner % 4 == 0);
}

} // namespace

Status launchForward(const BayesianBitsProblem& problem, float* y, Stream stream)
{
    const bool isVector = hasVectorRuns(problem) && isAligned(y);
    forwardKernel<<<blocksOf(problem), kThreads, 0, stream>>>(problem, isVector, y);
    return cudaGetLastError();
}

std::int64_t scratchSize(const BayesianBitsProblem& problem)
{
    return slicesOf(problem) * problem.channels * kSums;
}

Status launchBackward(const BayesianBitsProblem& problem, const float* gradient,
                      const BayesianBitsGradients& gradients, double* scratch, Stream stream)
{
    const bool isVector = hasVectorRuns(problem) && isAligned(gradient) && isAligned(gradients.dx);
    backwardKernel<<<blocksOf(problem), kThreads, 0, stream>>>(problem, isVector, gradient,
                                                               gradients.dx, scratch);
    const cudaError_t status = cudaGetLastError();
    if (status != cudaSuccess) {
        return status;
    }
    totalKernel<<<1, kThreads, 0, stream>>>(problem, slicesOf(problem), scratch, gradients);
    return cudaGetLastError();
}

} // namespace bitloom::ops::cuda
