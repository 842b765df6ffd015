// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/graph/passes/find_layers.h"
#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/phrase.h"
#include "core/types/quant_state.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// The plan and the grids that packed weights came with. The graph beside it has the weights as the
/// codes say.
struct StoredQuantization {
    BitPlan plan;
    QuantState state;
    /// What the file does not say of the plan, or a plan cannot, one sentence each.
    std::vector<Phrase> gaps = {};

    /// The grid of a layer's weight, if this is what the plan says of it; null: there is none.
    const QuantParams* weightGrid(std::string_view layer, const QuantSpec& spec) const;
    /// The same of an activation tensor.
    const QuantParams* activationGrid(std::string_view tensor, const QuantSpec& spec) const;
};

/// A model as everything above core/io takes it: the network, its layers, and the same as plain
/// data.
struct LoadedModel {
    std::shared_ptr<const graph::Graph> graph;
    std::vector<graph::LayerSite> layers; ///< parallel to info.layers
    ModelInfo info;
    std::optional<StoredQuantization> stored; ///< of packed weights only; its plan is for `info`
    std::vector<Phrase> notes; ///< what the reader chose or left out, one sentence each
};

/// Finds layers and shapes of a graph. inputShape overrides the graph's own where it is not empty.
/// Errors: InvalidArgument if neither knows a shape; what the network throws for an input of that
/// shape.
LoadedModel describeModel(graph::Graph graph, const std::vector<std::int64_t>& inputShape);

} // namespace bitloom
