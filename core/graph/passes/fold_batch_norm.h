// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include "core/graph/passes/find_layers.h"

#include <optional>
#include <vector>

namespace bitloom::graph {

/// A layer and the batch normalisation that can disappear into it.
struct FoldableNorm {
    std::size_t layer = 0; ///< index into findLayers()
    NodeIndex norm{-1};
    std::optional<ParameterIndex> gamma; ///< absent: 1
    std::optional<ParameterIndex> beta;  ///< absent: 0
    ParameterIndex mean{-1};             ///< running statistics
    ParameterIndex variance{-1};
    double momentum = 0;
    double eps = 0;
};

/// All of them: convolution (plain, grouped, transposed) or linear + batch normalisation in
/// inference mode, where the normalisation is the layer's single reader, everything it needs is a
/// parameter, and no other layer shares the weight or bias. A linear layer must give (batch,
/// features).
std::vector<FoldableNorm> findFoldableNorms(const Graph& graph,
                                            const std::vector<LayerSite>& layers);

/// Replaces convolution (plain, grouped, transposed) or linear + batch normalisation in inference
/// mode by one layer:
///   W' = W * gamma / sqrt(variance + eps) per output channel,   b' = beta + (b - mean) * gamma /
///   sqrt(variance + eps).
///
/// Only where findFoldableNorms() allows it. The weight keeps its name; a bias that was not there
/// is called "<layer>.bias". Everything else stays as it is. Numerics: computed in double, stored
/// in the weight's type; outputs agree within 1e-5 relative for float32.
Graph foldBatchNorm(const Graph& graph);

} // namespace bitloom::graph
