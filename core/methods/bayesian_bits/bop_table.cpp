// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/bop_table.h"

#include "core/base/error.h"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace bitloom::bayesian_bits {

namespace {

constexpr std::int64_t kNone = -1;

std::int64_t numberOf(const std::optional<std::size_t>& quantizer)
{
    return quantizer ? static_cast<std::int64_t>(*quantizer) : kNone;
}

/// The quantizer whose channel gates decide a layer's inputs: of the one layer that makes them.
std::int64_t inputGates(const QuantizerSites& sites, const LayerQuantizers& layer)
{
    const graph::ChannelSources& sources = layer.channels.inputSources;
    if (!layer.weight || !sources.isChain) {
        return kNone;
    }
    const graph::ChannelSpan& span = sources.spans.front();
    BITLOOM_ASSERT(sources.spans.size() == 1 && span.firstChannel == 0 && span.begin == 0 &&
                   span.end == layer.channels.inputs);
    if (span.layer == graph::ChannelSpan::kUnknown) {
        return kNone;
    }
    const std::optional<std::size_t>& producer = sites.layers[span.layer].weight;
    return producer && sites.quantizers[*producer].channels > 0 ? numberOf(producer) : kNone;
}

} // namespace

BopTable makeBopTable(const QuantizerSites& sites, c10::Device device)
{
    std::vector<std::int64_t> rows;
    std::vector<double> scales;
    for (const LayerQuantizers& layer : sites.layers) {
        const std::int64_t inputs = inputGates(sites, layer);
        const std::array<std::int64_t, 6> row{
            numberOf(layer.weight ? layer.weight : layer.inputs.back()),
            numberOf(layer.inputs.front()),
            numberOf(layer.weight),
            inputs,
            layer.weight ? layer.groups : 1,
            inputs == kNone ? 0 : layer.channels.inputs};
        rows.insert(rows.end(), row.begin(), row.end());
        scales.push_back(static_cast<double>(layer.macs) * kBopPrice /
                         static_cast<double>(std::max<std::int64_t>(sites.largestLayerMacs, 1)));
    }
    return {at::tensor(rows, at::kLong).reshape({-1, 6}).to(device),
            at::tensor(scales, at::kDouble).to(device)};
}

} // namespace bitloom::bayesian_bits
