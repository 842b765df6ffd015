// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/gated_network.h"
#include "core/methods/bayesian_bits/training_graph.h"

#include <cstdint>
#include <limits>

// What the files that implement GatedNetwork share.

namespace bitloom::bayesian_bits {

/// A gate with this logit is open whatever is drawn, with its negative closed; no gradient moves
/// either.
inline constexpr double kForcedLogit = 100;

inline bool isGridWidth(int bits)
{
    return bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32;
}

/// A normalisation that trains folded into the layer before it.
struct GatedNetwork::Norm {
    graph::FoldableNorm place;
    FoldedNorm tensors;
    ChannelPlace channels;
    bool isUntouched = false; ///< running statistics as a new network has them
};

/// The values that one quantizer saw; several times where several poolings read its tensor.
struct GatedNetwork::Measured {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();
    std::int64_t clipped = 0;
    std::int64_t values = 0;
};

/// One way to run the network.
struct GatedNetwork::Runner {
    TrainingGraph made;
    graph::Executor executor;
};

} // namespace bitloom::bayesian_bits
