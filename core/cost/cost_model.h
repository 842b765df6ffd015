// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/plan_cost.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bitloom {

// What each number of a PlanCost means. All are exact integers.
//
// macs   Multiply-accumulates of convolutions, linear layers and matrix products for one input
// (batch 1). Bias,
//        batch norm, pooling, additions and quantizers count nothing.
// bops   Bit operations: sum over layers of macs * b_w * b_a. b_w = bits of the layer's weight, b_a
// = bits of the
//        activation tensor that feeds it; a matmul multiplies the bits of its two operands.
//        Floating point counts as 32 bits, with one exception: the model's own input, left in
//        floating point, counts as kImageBits, because an image is 8-bit data (so w8a8 is
//        exactly 6.25 % and an unquantized model is a little below 100 %). 0 bits (pruned) make a
//        layer free, pruned output channels their share of it (pruned inputs still count).
//        bopsFp32 = 1024 * macs. Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020.
// bytes  The payload of a packed file. Each weight with 0..16 bits: its packed codes
// (core/pack/block_layout.h, with
//        row padding or as one row, as choosePackUnit says), a 4-byte scale per tensor or channel
//        and, for the affine scheme, a 4-byte zero point for each scale; a 0-bit weight has neither
//        codes nor scales. A weight with 32 bits: its bytes in its own type. Plus every tensor of
//        ModelInfo::rawTensors as it is. A weight shared by several layers is counted once, at the
//        first. Names, shapes, checksums and activation ranges are metadata, not counted here.

/// Bits that a floating-point model input counts as.
inline constexpr int kImageBits = 8;

struct WeightBytes {
    std::int64_t codes = 0;  ///< packed codes, or the raw weight
    std::int64_t scales = 0; ///< scales and zero points
};
/// Stored bytes of one layer's weight; zero for a layer without a weight.
WeightBytes storedWeightBytes(const LayerInfo& layer, const QuantSpec& spec);

/// Width that a tensor counts as in bops.
int bopsBitsOf(const TensorInfo& tensor, const QuantSpec& spec);

/// Keeps the cost of a plan up to date: an edit costs the layers that it touches, and gives the
/// same result as a full recount. Threads: one at a time.
class CostTracker {
public:
    /// Errors: ModelMismatch if the plan does not fit the model, CorruptFile if a number does not
    /// fit 64 bits.
    CostTracker(const ModelInfo& model, const BitPlan& plan);

    const PlanCost& cost() const { return m_cost; }
    /// Also for all layers that share this layer's weight. Errors: NotFound.
    void setWeight(std::string_view layerName, const QuantSpec& spec);
    /// For all layers that read the tensor. Errors: NotFound.
    void setActivation(std::string_view tensorName, const QuantSpec& spec);

private:
    struct Layer {
        LayerInfo info;
        QuantSpec weight;
        std::int64_t prunedChannels = 0;
        std::vector<std::size_t> inputs; ///< indices into m_tensors
        std::vector<std::size_t>
            sharedWeights; ///< all layers with this weight, the first one counts the bytes
    };
    struct Tensor {
        TensorInfo info;
        QuantSpec activation;
        std::vector<std::size_t> readers;
    };
    LayerCost costOf(std::size_t index) const;
    void recount(std::size_t index);

    std::vector<Layer> m_layers;
    std::vector<Tensor> m_tensors;
    std::unordered_map<std::string, std::size_t> m_layerIndex;
    std::unordered_map<std::string, std::size_t> m_tensorIndex;
    PlanCost m_cost;
};

/// The cost of a plan, counted from scratch. Errors: as CostTracker.
PlanCost computeCost(const ModelInfo& model, const BitPlan& plan);

} // namespace bitloom
