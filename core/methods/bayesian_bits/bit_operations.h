// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/quantizer_sites.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace bitloom::bayesian_bits {

/// The state of one quantizer after its gates were held against the test threshold.
struct QuantizerWidth {
    int bits = 32;
    std::vector<bool> kept = {}; ///< per prunable channel; empty: all
};

/// Whether the input channels of a layer cost nothing where nobody makes them any more.
enum class PrunedInputs {
    Counted,      ///< they cost as much as before: a pruned channel still holds a constant
    FreeInChains, ///< free where the channels of one layer go to one layer only, and nowhere else
    Free,         ///< free wherever all layers that make a channel prune it, residual sums included
};

struct LayerBitOperations {
    int weightBits = 32; ///< of a product of two activations: those of the second
    int activationBits = 32;
    double keptOutputs = 1; ///< share of the output channels
    double keptInputs = 1;  ///< share of the input channels that count
    std::int64_t macs = 0;
    std::int64_t bops = 0;
};

/// Units: bit operations for one input at batch 1. baseline = 1024 * MACs (32 x 32 bits).
struct BitOperations {
    std::int64_t bops = 0;
    std::int64_t baseline = 0;
    std::vector<LayerBitOperations> layers; ///< parallel to QuantizerSites::layers
    double relativePercent() const
    {
        return baseline == 0 ? 0.0
                             : 100.0 * static_cast<double>(bops) / static_cast<double>(baseline);
    }
};

/// sum over layers of MAC * b_w * b_a * kept share of the connections between its channels, which
/// is kept outputs * kept inputs for ungrouped layers. The network's input counts 8 bits. A
/// depthwise convolution follows the layer that makes its channels.
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, appendix B.2. Differs: exact integers;
/// any grouping; FreeInChains gives the published numbers of LeNet-5, VGG-7 and ResNet-18, Counted
/// those of MobileNetV2 and the CIFAR ResNets, whose inputs the published code never credits.
/// widths are parallel to QuantizerSites::quantizers. Errors: InvalidArgument for another number of
/// them or of channels.
BitOperations countBitOperations(const QuantizerSites& sites,
                                 std::span<const QuantizerWidth> widths,
                                 PrunedInputs prunedInputs = PrunedInputs::FreeInChains);

/// Probabilities of one quantizer's gates to be open.
struct GateProbabilities {
    std::array<double, 4> levels{1, 1, 1,
                                 1}; ///< of 4, 8, 16 and 32 bits, each given the lower ones
    std::vector<double> kept = {};   ///< per prunable channel; empty: all 1
};

/// 2 + 2 p4 + 4 p4 p8 + 8 p4 p8 p16 + 16 p4 p8 p16 p32.
double expectedBits(const std::array<double, 4>& levels);

/// The expectation of countBitOperations() in percent of the baseline, all gates independent.
/// A share of kept channels is a mean; an input made by several layers is kept if one keeps it.
double expectedRelativeBopsPercent(const QuantizerSites& sites,
                                   std::span<const GateProbabilities> probabilities,
                                   PrunedInputs prunedInputs = PrunedInputs::FreeInChains);

/// How many weight and activation tensors have which width; the network's input is one activation
/// of 8 bits.
struct BitHistogram {
    std::map<int, int> weights;
    std::map<int, int> activations;
};
BitHistogram bitHistogram(const QuantizerSites& sites, std::span<const QuantizerWidth> widths);

} // namespace bitloom::bayesian_bits
