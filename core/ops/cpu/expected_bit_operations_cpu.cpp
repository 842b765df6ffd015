// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bop_layers.h"
#include "core/ops/gate_checks.h"
#include "core/ops/gate_price.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <vector>

namespace bitloom::ops {
namespace {

/// The expectation layer by layer; the gradient collects in double what each layer adds to it.
class Expectation {
public:
    Expectation(const at::Tensor& logits, const at::Tensor& offsets)
        : m_logits(logits.const_data_ptr<float>()),
          m_offsets(offsets.const_data_ptr<std::int64_t>()), m_quantizers(offsets.numel() - 1),
          m_slopes(static_cast<std::size_t>(logits.numel()), 0.0)
    {
        for (std::int64_t i = 0; i < logits.numel(); ++i) {
            m_open.push_back(static_cast<double>(probabilityOn(m_logits[i])));
        }
        for (std::int64_t q = 0; q < m_quantizers; ++q) {
            m_bits.push_back(expectedBits(m_logits + m_offsets[q + 1] - kGatesPerTensor));
        }
    }

    /// scale: of one bit operation in each of the layer's MACs. index: for messages.
    double add(const BopLayer& layer, double scale, std::int64_t index)
    {
        TORCH_CHECK(namesQuantizers(layer, m_quantizers), kName, ": layer ", index,
                    " names a quantizer that is not there, or has no groups");
        const GatedChannels outputs = gatedChannels(m_offsets, layer.outputs, 0, kGatesPerTensor);
        const GatedChannels inputs =
            gatedChannels(m_offsets, layer.inputs, layer.inputChannels, kGatesPerTensor);
        TORCH_CHECK(dividesInto(outputs, layer.groups) && dividesInto(inputs, layer.groups), kName,
                    ": the channels of layer ", index, " do not divide into ", layer.groups,
                    " groups, or its inputs into the gates of quantizer ", layer.inputs);
        const double weightBits = bitsOf(layer.weight);
        const double activationBits = bitsOf(layer.activation);
        const double cost = scale * weightBits * activationBits;
        double kept = 0;
        for (std::int64_t g = 0; g < layer.groups; ++g) {
            const double keptOutputs = meanOf(outputs, layer.groups, g);
            const double keptInputs = meanOf(inputs, layer.groups, g);
            kept += keptOutputs * keptInputs;
            const double ofGroup = cost / static_cast<double>(layer.groups);
            addSlopes(outputs, layer.groups, g, ofGroup * keptInputs);
            addSlopes(inputs, layer.groups, g, ofGroup * keptOutputs);
        }
        kept /= static_cast<double>(layer.groups);
        addSlopes(layer.weight, scale * activationBits * kept);
        addSlopes(layer.activation, scale * weightBits * kept);
        return cost * kept;
    }

    const std::vector<double>& slopes() const { return m_slopes; }

private:
    static constexpr const char* kName = "expected_bit_operations";

    double bitsOf(std::int64_t quantizer) const
    {
        return quantizer < 0 ? kGivenBits : m_bits[static_cast<std::size_t>(quantizer)].price;
    }

    double meanOf(const GatedChannels& side, std::int64_t groups, std::int64_t group) const
    {
        if (side.gates == 0) {
            return 1;
        }
        double sum = 0;
        visitGroup(side, groups, group, [&](std::int64_t gate, std::int64_t channels) {
            sum += static_cast<double>(channels) * m_open[gateAt(side, gate)];
        });
        const std::int64_t channelsOfGroup = side.channels / groups;
        return sum / static_cast<double>(channelsOfGroup);
    }

    /// slope: of the total to the mean of the group.
    void addSlopes(const GatedChannels& side, std::int64_t groups, std::int64_t group, double slope)
    {
        if (side.gates == 0) {
            return;
        }
        const std::int64_t channelsOfGroup = side.channels / groups;
        const double each = slope / static_cast<double>(channelsOfGroup);
        visitGroup(side, groups, group, [&](std::int64_t gate, std::int64_t channels) {
            const double p = m_open[gateAt(side, gate)];
            m_slopes[gateAt(side, gate)] += each * static_cast<double>(channels) * p * (1.0 - p);
        });
    }

    /// slope: of the total to the quantizer's bits.
    void addSlopes(std::int64_t quantizer, double slope)
    {
        if (quantizer < 0) {
            return;
        }
        const LevelPrices& bits = m_bits[static_cast<std::size_t>(quantizer)];
        auto at = static_cast<std::size_t>(m_offsets[quantizer + 1] - kGatesPerTensor);
        for (const double ofLevel : bits.levelSlope) {
            m_slopes[at++] += slope * ofLevel;
        }
    }

    static std::size_t gateAt(const GatedChannels& side, std::int64_t gate)
    {
        return static_cast<std::size_t>(side.firstGate + gate);
    }

    const float* m_logits;
    const std::int64_t* m_offsets;
    std::int64_t m_quantizers;
    std::vector<double> m_open;      ///< per gate: the probability that it is
    std::vector<LevelPrices> m_bits; ///< per quantizer
    std::vector<double> m_slopes;    ///< per gate
};

GatePrice expectedCpu(const at::Tensor& logits, const at::Tensor& offsets, const at::Tensor& layers,
                      const at::Tensor& scales)
{
    checkBopArguments(logits, offsets, layers, scales);
    checkOffsetValues("expected_bit_operations", offsets, logits.numel());
    at::Tensor total = at::empty({}, logits.options());
    at::Tensor shares = at::empty({layers.size(0)}, logits.options());
    at::Tensor gradient = at::empty_like(logits);
    Expectation expectation(logits, offsets);
    double sum = 0;
    for (std::int64_t l = 0; l < layers.size(0); ++l) {
        const double share = expectation.add(bopLayerAt(layers.const_data_ptr<std::int64_t>(), l),
                                             scales.const_data_ptr<double>()[l], l);
        shares.mutable_data_ptr<float>()[l] = static_cast<float>(share);
        sum += share;
    }
    *total.mutable_data_ptr<float>() = static_cast<float>(sum);
    float* const slopes = gradient.mutable_data_ptr<float>();
    for (std::size_t i = 0; i < expectation.slopes().size(); ++i) {
        slopes[i] = static_cast<float>(expectation.slopes()[i]);
    }
    return {total, shares, gradient};
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CPU, library)
{
    library.impl("expected_bit_operations_with_gradient", expectedCpu);
}

} // namespace bitloom::ops
