// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ops/cuda/launch.h"

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
Status launchForward(const FakeQuantizeProblem& problem, float* y, Stream stream);

/// Number of partial sums per channel that launchBackward wants; depends on the sizes alone.
std::int64_t backwardSlices(const FakeQuantizeProblem& problem);

/// dx gets the straight-through gradient, dscale the sums, added in a fixed order.
/// partial: room for backwardSlices() * channels doubles.
Status launchBackward(const FakeQuantizeProblem& problem, const float* gradient, float* dx,
                      float* dscale, double* partial, Stream stream);

} // namespace bitloom::ops::cuda
