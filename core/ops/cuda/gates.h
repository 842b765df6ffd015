// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ops/cuda/launch.h"

#include <cstdint>

namespace bitloom::ops::cuda {

/// The gates of a network as in gateOffsets(). Device pointers throughout.
struct GateRows {
    const float* logits;
    const std::int64_t* offsets; ///< numQuantizers + 1
    std::int64_t numQuantizers;
    std::int64_t numGates; ///< gates beyond are left alone, whatever offsets say
};

enum class GateMode { L0, Fixed, Evaluation };

/// Where random numbers come from: uniforms, or seed and step if null.
struct GateDraws {
    const float* uniforms;
    std::uint64_t seed;
    std::uint64_t step;
};

/// The table of layers of expectedBitOperations(), and what they cost. Device pointers throughout.
struct BopRows {
    const std::int64_t* layers;
    const double* scales;
    std::int64_t numLayers;
    double* work; ///< kBopWorkPerQuantizer per quantizer, kBopWorkPerLayer per layer
};
inline constexpr std::int64_t kBopWorkPerQuantizer = 5;
inline constexpr std::int64_t kBopWorkPerLayer = 3;

/// One launch, one block per quantizer.
Status launchGates(const GateRows& rows, GateMode mode, const GateDraws& draws, float* gates,
                   float* slopes, Stream stream);

/// One launch of one block, a warp per quantizer. levelWeights: five per quantizer.
Status launchRegulariser(const GateRows& rows, const float* levelWeights, float* total,
                         float* shares, float* gradient, Stream stream);

/// One launch of one block, a warp per layer, then one per quantizer. shares: one per layer.
Status launchExpectedBops(const GateRows& rows, const BopRows& bops, float* total, float* shares,
                          float* gradient, Stream stream);

} // namespace bitloom::ops::cuda
