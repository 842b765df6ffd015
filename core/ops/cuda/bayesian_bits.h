// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ops/cuda/launch.h"

#include <cstdint>

namespace bitloom::ops::cuda {

/// One launch: x in memory order as in ChannelLayout (outer, channels, inner). Device pointers
/// throughout; the kernels read range and gates themselves.
struct BayesianBitsProblem {
    const float* x;
    const float* xMax;
    const float* gates;        ///< z4 .. z32; null: the single step of bits
    const float* channelGates; ///< one per channel; null: none, and channels is 1
    std::int64_t outer;
    std::int64_t channels;
    std::int64_t inner;
    int bits;
    bool isSigned;
};

/// Where the gradients go. dgates, dchannelGates: null where there are none.
struct BayesianBitsGradients {
    float* dx;
    float* dxMax;
    float* dgates;
    float* dchannelGates;
};

/// y gets the quantized x.
Status launchForward(const BayesianBitsProblem& problem, float* y, Stream stream);

/// Doubles of scratch memory that launchBackward wants; depends on the sizes alone.
std::int64_t scratchSize(const BayesianBitsProblem& problem);

/// Two launches: dx and partial sums, then their total in a fixed order.
Status launchBackward(const BayesianBitsProblem& problem, const float* gradient,
                      const BayesianBitsGradients& gradients, double* scratch, Stream stream);

} // namespace bitloom::ops::cuda
