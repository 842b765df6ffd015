// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// No LibTorch here: nvcc compiles this header too.
#include <cuda_runtime_api.h>

#include <cstdint>

namespace bitloom::ops::cuda {

/// One launch: x in memory order as in ChannelLayout (outer, channels, inner), scale and zeroPoint
/// one per channel. Device pointers throughout.
struct FakeQuantizeProblem {
    const float* x;
    const float* scale;
    const std::int32_t* zeroPoint;
    std::int64_t outer;
    std::int64_t channels;
    std::int64_t inner;
    float quantMin;
    float quantMax;
};

/// y gets the fake-quantized x.
cudaError_t launchForward(const FakeQuantizeProblem& problem, float* y, cudaStream_t stream);

/// Number of partial sums per channel that launchBackward wants; depends on the sizes alone.
std::int64_t backwardSlices(const FakeQuantizeProblem& problem);

/// dx gets the straight-through gradient, dscale the sums, added in a fixed order.
/// partial: room for backwardSlices() * channels doubles.
cudaError_t launchBackward(const FakeQuantizeProblem& problem, const float* gradient, float* dx,
                           float* dscale, double* partial, cudaStream_t stream);

} // namespace bitloom::ops::cuda
