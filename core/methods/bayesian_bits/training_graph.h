// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/graph/passes/find_layers.h"
#include "core/graph/passes/fold_batch_norm.h"

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

namespace bitloom::bayesian_bits {

/// A network prepared for training with quantizers: normalisations that fold into their layer are
/// gone (the layer's output stands for theirs), and so are ReLUs that the quantizer behind them
/// contains.
struct TrainingGraph {
    graph::Graph graph;
    /// Per value of the original the name of what stands for it here; empty where nothing does.
    std::vector<std::string> valueNames;
    /// Per norm the name of the layer's bias parameter; empty without biases.
    std::vector<std::string> biasNames;
};

/// Builds it. withBias: the layers of the norms have a bias parameter, to be bound to what folding
/// leaves over; otherwise none, not even their own, which batch statistics cancel.
/// relus: outputs of aten::relu that every reader sees through a quantizer for values from 0 up.
TrainingGraph makeTrainingGraph(const graph::Graph& original,
                                const std::vector<graph::LayerSite>& layers,
                                const std::vector<graph::FoldableNorm>& norms,
                                const std::unordered_set<graph::ValueIndex>& relus, bool withBias);

/// The norms of a graph that may train folded: those of graph::findFoldableNorms() whose result is
/// read inside the network, and whose channels lie along axis 0 or, without groups, axis 1.
std::vector<graph::FoldableNorm> findTrainableNorms(const graph::Graph& graph,
                                                    const std::vector<graph::LayerSite>& layers);

} // namespace bitloom::bayesian_bits
