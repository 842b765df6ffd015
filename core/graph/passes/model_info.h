// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/types/model_info.h"

#include <string>

namespace bitloom::graph {

/// Layers, activation tensors, shapes and counts of a model, from one run at batch 1.
///
/// Units: MACs of a convolution = elements of the output * kernel elements * input channels /
/// groups, of a transposed one = elements of the input * kernel elements * output channels /
/// groups, of linear = elements of the output * input features, of a product of activations =
/// elements of the output * inner length. Bias additions do not count. fingerprint: as computed
/// before (it is the slow part), or empty to have it computed here. Graphs without data (meta
/// tensors) get an empty one. Errors: InvalidArgument if the graph does not know its input shape;
/// those of a run.
ModelInfo modelInfo(const Graph& graph, std::string fingerprint = {});

} // namespace bitloom::graph
