// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gates.h"

#include "core/base/error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cumprod.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log1p.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sigmoid.h>

namespace bitloom::bayesian_bits {

namespace {

constexpr double kBeta = 2.0 / 3.0;
constexpr double kLow = -0.1; // the stretched interval of the hard concrete distribution
constexpr double kHigh = 1.1;

at::Tensor stretched(const at::Tensor& argument)
{
    return (at::sigmoid(argument / kBeta) * (kHigh - kLow) + kLow).clamp(0, 1);
}

at::Tensor sampled(const at::Tensor& logits, const at::Tensor& uniform, Gating gating)
{
    return gating == Gating::Deterministic
               ? stretched(logits)
               : stretched(at::log(uniform) - at::log1p(-uniform) + logits);
}

at::Tensor probability(const at::Tensor& logits)
{
    return at::sigmoid(logits - kHardConcreteOffset);
}

at::Tensor isOpen(const at::Tensor& logits)
{
    // In the published form: the probability of being zero is below 0.34.
    return (at::sigmoid(kHardConcreteOffset - logits.detach()) < 1 - kOpenProbability)
        .to(logits.scalar_type());
}

/// Rows of a (quantizers, 4) tensor and slices of the channels, on the CPU in double.
struct Values {
    at::Tensor levels;
    at::Tensor channels;
    explicit Values(const Gates& gates)
        : levels(gates.levels.detach().to(at::kCPU, at::kDouble).contiguous()),
          channels(gates.channels.detach().to(at::kCPU, at::kDouble).contiguous())
    {
    }
    const double* levelsOf(std::size_t quantizer) const
    {
        return levels.const_data_ptr<double>() + 4 * quantizer;
    }
};

} // namespace

GateLayout::GateLayout(const QuantizerSites& sites, c10::Device device)
{
    for (const QuantizerSite& site : sites.quantizers) {
        m_channels.push_back(site.channels);
        m_totalChannels += site.channels;
    }
    at::Tensor owner = at::empty({m_totalChannels}, at::kLong);
    at::Tensor share = at::empty({m_totalChannels}, at::kFloat);
    at::Tensor constants = at::ones({quantizers()}, at::kFloat);
    std::int64_t next = 0;
    for (std::size_t q = 0; q < m_channels.size(); ++q) {
        if (m_channels[q] > 0) {
            constants.mutable_data_ptr<float>()[q] = 0;
        }
        for (std::int64_t c = 0; c < m_channels[q]; ++c, ++next) {
            owner.mutable_data_ptr<std::int64_t>()[next] = static_cast<std::int64_t>(q);
            share.mutable_data_ptr<float>()[next] = 1.0F / static_cast<float>(m_channels[q]);
        }
    }
    m_owner = owner.to(device);
    m_share = share.to(device);
    m_constants = constants.to(device);
}

at::Tensor GateLayout::channelMeans(const at::Tensor& perChannel) const
{
    return m_constants.index_add(0, m_owner, perChannel * m_share);
}

Gates trainingGates(const Gates& logits, const Gates& uniform, Gating gating)
{
    const at::Tensor notCut =
        at::cumprod((logits.levels.detach() > kAbsorbingLogit).to(logits.levels.scalar_type()), 1);
    return {sampled(logits.levels, uniform.levels, gating) * notCut,
            sampled(logits.channels, uniform.channels, gating)};
}

Gates evaluationGates(const Gates& logits)
{
    return {isOpen(logits.levels), isOpen(logits.channels)};
}

Gates openProbabilities(const Gates& logits)
{
    return {probability(logits.levels.detach()), probability(logits.channels.detach())};
}

at::Tensor gateRegulariser(const Gates& logits, const at::Tensor& weights, const GateLayout& layout)
{
    const at::Tensor means = layout.channelMeans(probability(logits.channels));
    const at::Tensor levels = at::cumprod(probability(logits.levels), 1);
    const at::Tensor perQuantizer =
        weights.select(1, 0) + (weights.narrow(1, 1, 4) * levels).sum(1);
    return (means * perQuantizer).sum();
}

at::Tensor channelRegulariser(const Gates& logits, const at::Tensor& prices,
                              const GateLayout& layout)
{
    return (layout.channelMeans(probability(logits.channels)) * prices).sum();
}

at::Tensor weightsTensor(const std::vector<LevelWeights>& weights, const GateLayout& layout,
                         c10::Device device)
{
    BITLOOM_ASSERT(static_cast<std::int64_t>(weights.size()) == layout.quantizers());
    at::Tensor tensor = at::empty({layout.quantizers(), 5}, at::kFloat);
    float* data = tensor.mutable_data_ptr<float>();
    for (std::size_t q = 0; q < weights.size(); ++q) {
        for (std::size_t k = 0; k < 5; ++k) {
            const bool isConstant = k == 0 && layout.channelsOf()[q] == 0;
            *data++ = isConstant ? 1.0F : static_cast<float>(weights[q][k]);
        }
    }
    return tensor.to(device);
}

std::vector<QuantizerWidth> widthsOf(const Gates& gates, const GateLayout& layout)
{
    const Values values(gates);
    const double* channel = values.channels.const_data_ptr<double>();
    std::vector<QuantizerWidth> widths;
    for (std::size_t q = 0; q < layout.channelsOf().size(); ++q) {
        QuantizerWidth width{2, {}};
        for (int k = 0; k < 4 && values.levelsOf(q)[k] != 0; ++k) {
            width.bits *= 2;
        }
        for (std::int64_t c = 0; c < layout.channelsOf()[q]; ++c) {
            width.kept.push_back(*channel++ != 0);
        }
        widths.push_back(std::move(width));
    }
    return widths;
}

std::vector<GateProbabilities> probabilitiesOf(const Gates& probabilities, const GateLayout& layout)
{
    const Values values(probabilities);
    const double* channel = values.channels.const_data_ptr<double>();
    std::vector<GateProbabilities> result;
    for (std::size_t q = 0; q < layout.channelsOf().size(); ++q) {
        GateProbabilities each;
        std::copy_n(values.levelsOf(q), 4, each.levels.begin());
        for (std::int64_t c = 0; c < layout.channelsOf()[q]; ++c) {
            each.kept.push_back(*channel++);
        }
        result.push_back(std::move(each));
    }
    return result;
}

} // namespace bitloom::bayesian_bits
