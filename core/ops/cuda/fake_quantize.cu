// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda/fake_quantize.h"

#include <cuda_runtime.h>

namespace bitloom::ops::cuda {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kElementsPerSlice = 16384;
constexpr std::int64_t kMaxSlices = 1024;
constexpr std::int64_t kMaxBlocks = 1 << 16;

/// Both comparisons are false for NaN, which therefore stays.
__device__ float clampKeepingNan(float value, float low, float high)
{
    const float raised = value < low ? low : value;
    return raised > high ? high : raised;
}

__global__ void forwardKernel(FakeQuantizeProblem problem, float* y, std::int64_t count)
{
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
         i < count; i += stride) {
        const std::int64_t channel =
            problem.channels == 1 ? 0 : i / problem.inner % problem.channels;
        const float scale = problem.scale[channel];
        const float zeroPoint = static_cast<float>(problem.zeroPoint[channel]);
        const float level = rintf(__fdiv_rn(problem.x[i], scale)) + zeroPoint;
        y[i] = __fmul_rn(clampKeepingNan(level, problem.quantMin, problem.quantMax) - zeroPoint,
                         scale);
    }
}

/// Grid (channels, slices): each block handles its share of one channel and leaves one partial sum.
__global__ void backwardKernel(FakeQuantizeProblem problem, const float* gradient, float* dx,
                               double* partial)
{
    const std::int64_t channel = blockIdx.x;
    const float scale = problem.scale[channel];
    const float zeroPoint = static_cast<float>(problem.zeroPoint[channel]);
    const std::int64_t count = problem.outer * problem.inner;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.y) * blockDim.x;
    double sum = 0;
    for (std::int64_t k = static_cast<std::int64_t>(blockIdx.y) * blockDim.x + threadIdx.x;
         k < count; k += stride) {
        const std::int64_t row = k / problem.inner;
        const std::int64_t i =
            (row * problem.channels + channel) * problem.inner + k % problem.inner;
        const float g = gradient[i];
        const float ratio = __fdiv_rn(problem.x[i], scale);
        const float rounded = rintf(ratio);
        const float level = rounded + zeroPoint;
        float slope = 0.0F;
        float masked = 0.0F;
        if (level < problem.quantMin) {
            slope = problem.quantMin - zeroPoint;
        } else if (level > problem.quantMax) {
            slope = problem.quantMax - zeroPoint;
        } else if (level == level) {
            slope = rounded - ratio;
            masked = g;
        }
        dx[i] = masked;
        sum += static_cast<double>(g) * static_cast<double>(slope);
    }
    __shared__ double sums[kThreads];
    sums[threadIdx.x] = sum;
    __syncthreads();
    for (int half = kThreads / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            sums[threadIdx.x] += sums[threadIdx.x + half];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        partial[blockIdx.y * problem.channels + channel] = sums[0];
    }
}

__global__ void addSlices(const double* partial, std::int64_t slices, std::int64_t channels,
                          float* dscale)
{
    const std::int64_t channel = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (channel >= channels) {
        return;
    }
    double sum = 0;
    for (std::int64_t slice = 0; slice < slices; ++slice) {
        sum += partial[slice * channels + channel];
    }
    dscale[channel] = static_cast<float>(sum);
}

std::int64_t blocksFor(std::int64_t count, std::int64_t perBlock)
{
    return (count + perBlock - 1) / perBlock;
}

} // namespace

Status launchForward(const FakeQuantizeProblem& problem, float* y, Stream stream)
{
    const std::int64_t count = problem.outer * problem.channels * problem.inner;
    std::int64_t blocks = blocksFor(count, kThreads);
    blocks = blocks < kMaxBlocks ? blocks : kMaxBlocks;
    forwardKernel<<<static_cast<unsigned>(blocks), kThreads, 0, stream>>>(problem, y, count);
    return cudaGetLastError();
}

std::int64_t backwardSlices(const FakeQuantizeProblem& problem)
{
    const std::int64_t slices = blocksFor(problem.outer * problem.inner, kElementsPerSlice);
    return slices < kMaxSlices ? slices : kMaxSlices;
}

Status launchBackward(const FakeQuantizeProblem& problem, const float* gradient, float* dx,
                      float* dscale, double* partial, Stream stream)
{
    const std::int64_t slices = backwardSlices(problem);
    const dim3 grid(static_cast<unsigned>(problem.channels), static_cast<unsigned>(slices));
    backwardKernel<<<grid, kThreads, 0, stream>>>(problem, gradient, dx, partial);
    const cudaError_t status = cudaGetLastError();
    if (status != cudaSuccess) {
        return status;
    }
    const auto blocks = static_cast<unsigned>(blocksFor(problem.channels, kThreads));
    addSlices<<<blocks, kThreads, 0, stream>>>(partial, slices, problem.channels, dscale);
    return cudaGetLastError();
}

} // namespace bitloom::ops::cuda
