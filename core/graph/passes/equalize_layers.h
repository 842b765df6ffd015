// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <cstddef>
#include <vector>

namespace bitloom::graph {

/// relu(x) in place of each min(max(x, 0), 6) (aten::relu6, aten::hardtanh from 0): what capped
/// values were the network computes otherwise. Results of positive scaling pass a ReLU unchanged,
/// not a cap, so this comes before equalizeLayers().
Graph withoutReluCaps(const Graph& graph);

/// Two layers with nothing between them that minds a positive factor per channel: the second one
/// reads, and nobody else does, what normalisation, ReLU and pooling make of the first one's
/// output.
struct EqualizablePair {
    std::size_t first = 0; ///< index into findLayers()
    std::size_t second = 0;
};
/// All pairs of convolutions (depthwise and grouped ones too) and linear layers, in forward order.
/// Weights that several layers share are in none.
std::vector<EqualizablePair> findEqualizablePairs(const Graph& graph);

struct EqualizationOptions {
    int mostRounds = 40;     ///< over all pairs, >= 1
    double tolerance = 1e-3; ///< a round whose factors are all this near to 1 is the last
};

/// Cross-layer equalisation: each channel between two layers gets a factor s, by which the first
/// layer's output is divided and the second one's weight multiplied, so that the channel has the
/// same range in both weights,
///     s_i = sqrt(r1_i / r2_i),   r = max |w| over the channel, normalisations folded in,
/// again and again over all pairs, because neighbours share layers. A normalised layer is divided
/// by way of the normalisation's gamma and beta, its weight and running statistics stay. Channels
/// that are zero on either side stay as they are.
/// Source: Nagel, van Baalen, Blankevoort, Welling, "Data-Free Quantization Through Weight
/// Equalization and Bias Correction", ICCV 2019, section 4.1. Differs: on any graph.
/// Numerics: computed in double, stored in the parameters' types; outputs agree within 1e-5
/// relative for float32.
Graph equalizeLayers(const Graph& graph, const EqualizationOptions& options = {});

} // namespace bitloom::graph
