// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/passes/channel_flow.h"
#include "core/io/loaded_model.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::bayesian_bits {

enum class SiteKind {
    Weight,
    Activation,
    ResidualInput, ///< feeds nothing but a sum
};

/// One tensor that gets a quantizer.
struct QuantizerSite {
    std::string name; ///< of the parameter or value
    SiteKind kind = SiteKind::Weight;
    graph::ValueIndex value = graph::kNoValue;
    std::optional<graph::ParameterIndex> parameter; ///< of a weight
    int channelAxis = 0;                            ///< output channels of a weight
    std::int64_t channels = 0; ///< gates that can prune a channel each; 0: not prunable
    /// Of the layers below, added up. 0: none assigned, its regulariser weighs 1 per level.
    std::int64_t macs = 0;
    std::vector<std::size_t> layers; ///< whose weight it is, or that read it
};

/// Which quantizers decide the cost of one layer.
struct LayerQuantizers {
    std::optional<std::size_t> weight; ///< absent for a product of two activations
    /// One per input of the layer; absent where it reads the network's input (8-bit data).
    std::vector<std::optional<std::size_t>> inputs;
    std::int64_t macs = 0;
    std::int64_t groups = 1;
    graph::LayerChannels channels;
};

/// All quantizers of a network, and what they mean for its layers.
struct QuantizerSites {
    std::vector<QuantizerSite> quantizers; ///< in forward order, a layer's weight before its output
    std::vector<LayerQuantizers> layers;   ///< parallel to LoadedModel::layers
    std::int64_t macs = 0;
    std::int64_t largestLayerMacs = 0;
};

struct SiteOptions {
    bool pruning = true;         ///< gates on the output channels of weights
    bool residualInputs = false; ///< quantizers on what feeds nothing but a sum
    /// As the published code does: depthwise convolutions have channel gates of their own, instead
    /// of following the layer that makes their channels.
    bool compatDepthwiseGates = false;
};

/// Finds the places of quantizers on any graph.
///
/// Weights: one quantizer per parameter that layers use as a weight. Activations: one per tensor
/// that layers read, placed where it is made, in front of pooling and reshaping (which pass bits
/// through), whoever else reads it. Never the network's input and never its results. A weight is
/// prunable unless its layer gives a result of the network, is depthwise, or is a grouped
/// transposed convolution.
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, section 2 and appendix. Differs: works
/// on graphs; quantizers on residual inputs are off unless asked for.
/// Errors: those of a run at batch 1 (see graph::recordTensors).
QuantizerSites findQuantizerSites(const LoadedModel& model, const SiteOptions& options = {});

} // namespace bitloom::bayesian_bits
