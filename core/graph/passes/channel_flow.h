// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/graph/passes/find_layers.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitloom::graph {

/// Consecutive output channels of a layer, seen as consecutive channels of some later value:
/// position p in [begin, end) holds the layer's channel firstChannel + (p - begin) / repeat.
struct ChannelSpan {
    /// Stands in for a layer: these positions depend on something that is no output channel of a
    /// layer (the network's input, an operator that mixes channels).
    static constexpr std::size_t kUnknown = SIZE_MAX;

    std::size_t layer = kUnknown; ///< index into the layers
    std::int64_t firstChannel = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t repeat = 1; ///< positions per channel: pixels of a flattened map

    bool operator==(const ChannelSpan&) const = default;
};

/// Where the channels of a value come from. A position in several spans is a function of all of
/// them (a sum, say); a position in none is zero (a padded channel).
struct ChannelSources {
    int axis = 1;          ///< of the channels
    std::int64_t size = 0; ///< channels of the value
    std::vector<ChannelSpan> spans;
    /// One layer gives all of it, and on the way from there nobody else reads the channels.
    bool isChain = false;
};

/// What is known about the channels of one layer.
struct LayerChannels {
    std::int64_t outputs = 0;    ///< output channels; 0 for a product of two activations
    std::int64_t inputs = 0;     ///< input channels, all groups together; as above
    bool isDepthwise = false;    ///< each output channel is made of one input channel
    bool reachesOutput = false;  ///< a result of the network without another layer between
    ChannelSources inputSources; ///< of the first operand
};

/// True for an operator that makes one output element of each input element, at the same place;
/// parameters may be mixed in.
bool isUnaryElementwise(const Node& node);

/// Which layer's output channels are the input channels of which layers: through elementwise
/// operators, batch normalisation, pooling, flatten (one channel to many inputs), sums,
/// concatenation, slices and padding. Depthwise convolutions are looked through: their channels
/// are those of their producer. layers are those of findLayers(); the result is parallel to them.
/// Errors: those of a run at batch 1 (see recordTensors).
std::vector<LayerChannels> findChannelFlow(const Graph& graph,
                                           const std::vector<LayerSite>& layers);

} // namespace bitloom::graph
