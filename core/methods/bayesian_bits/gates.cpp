// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gates.h"

#include "core/ops/hard_concrete.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/TensorOperators.h>

#include <algorithm>

namespace bitloom::bayesian_bits {

namespace {

constexpr std::int64_t kLevelGates = 4;

at::Tensor onCpu(const at::Tensor& flat)
{
    return flat.detach().to(at::kCPU, at::kFloat).contiguous();
}

} // namespace

GateLayout::GateLayout(const QuantizerSites& sites, c10::Device device)
{
    for (const QuantizerSite& site : sites.quantizers) {
        m_channels.push_back(site.channels);
        m_begin.push_back(m_gates);
        if (site.channels > 0) {
            m_sizes.push_back(site.channels);
        }
        m_sizes.push_back(kLevelGates);
        m_gates += site.channels + kLevelGates;
    }
    m_offsets = ops::gateOffsets(m_channels).to(device);
}

GateLayout::Parts GateLayout::split(const at::Tensor& flat) const
{
    Parts result;
    std::size_t next = 0;
    const std::vector<at::Tensor> parts = flat.split_with_sizes(m_sizes);
    for (const std::int64_t channels : m_channels) {
        result.channels.push_back(channels > 0 ? parts[next++] : at::Tensor());
        result.levels.push_back(parts[next++]);
    }
    return result;
}

std::vector<QuantizerWidth> widthsOf(const at::Tensor& gates, const GateLayout& layout)
{
    const at::Tensor flat = onCpu(gates);
    const float* data = flat.const_data_ptr<float>();
    std::vector<QuantizerWidth> widths;
    for (std::size_t q = 0; q < static_cast<std::size_t>(layout.quantizers()); ++q) {
        const float* levels = data + layout.levelsAt(q);
        QuantizerWidth width{2, {}};
        for (int k = 0; k < kLevelGates && levels[k] != 0; ++k) {
            width.bits *= 2;
        }
        const float* channels = data + layout.channelsAt(q);
        for (std::int64_t c = 0; c < layout.channelsOf(q); ++c) {
            width.kept.push_back(channels[c] != 0);
        }
        widths.push_back(std::move(width));
    }
    return widths;
}

std::vector<GateProbabilities> probabilitiesOf(const at::Tensor& logits, const GateLayout& layout)
{
    const at::Tensor flat = onCpu(logits);
    const float* data = flat.const_data_ptr<float>();
    const auto probability = [](float logit) {
        return static_cast<double>(ops::probabilityOn(logit));
    };
    std::vector<GateProbabilities> result;
    for (std::size_t q = 0; q < static_cast<std::size_t>(layout.quantizers()); ++q) {
        GateProbabilities each;
        std::transform(data + layout.levelsAt(q), data + layout.levelsAt(q) + kLevelGates,
                       each.levels.begin(), probability);
        std::transform(data + layout.channelsAt(q),
                       data + layout.channelsAt(q) + layout.channelsOf(q),
                       std::back_inserter(each.kept), probability);
        result.push_back(std::move(each));
    }
    return result;
}

} // namespace bitloom::bayesian_bits
