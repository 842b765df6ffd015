// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/bit_operations.h"

#include "core/base/error.h"

#include <algorithm>
#include <numeric>

namespace bitloom::bayesian_bits {

namespace {

constexpr int kImageBits = 8;
constexpr std::int64_t kFloatBops = 32 * 32;

using Shares = std::vector<double>;

/// Probabilities (1 or 0 once decided) that the channels of layers are kept.
class KeptChannels {
public:
    /// ownKept: per layer, per output channel; empty: all.
    KeptChannels(const QuantizerSites& sites, std::vector<Shares> ownKept, PrunedInputs inputs)
        : m_sites(sites), m_own(std::move(ownKept)), m_mode(inputs)
    {
    }

    Shares outputs(std::size_t layer) const
    {
        const graph::LayerChannels& channels = m_sites.layers[layer].channels;
        Shares kept = m_own[layer];
        if (kept.empty()) {
            kept.assign(static_cast<std::size_t>(channels.outputs), 1.0);
        }
        return kept;
    }

    Shares inputs(std::size_t layer) const
    {
        const graph::LayerChannels& channels = m_sites.layers[layer].channels;
        const graph::ChannelSources& sources = channels.inputSources;
        const auto count = static_cast<std::size_t>(channels.inputs);
        if (m_mode == PrunedInputs::Counted ||
            (m_mode == PrunedInputs::FreeInChains && !sources.isChain)) {
            return Shares(count, 1.0);
        }
        Shares dropped(count, 1.0); // the probability that nobody makes the channel
        for (const graph::ChannelSpan& span : sources.spans) {
            for (std::int64_t p = span.begin; p < span.end; ++p) {
                dropped[static_cast<std::size_t>(p)] *=
                    1.0 - keptBy(span, span.firstChannel + (p - span.begin) / span.repeat);
            }
        }
        for (double& each : dropped) {
            each = 1.0 - each;
        }
        return dropped;
    }

private:
    double keptBy(const graph::ChannelSpan& span, std::int64_t channel) const
    {
        if (span.layer == graph::ChannelSpan::kUnknown || m_own[span.layer].empty()) {
            return 1.0;
        }
        return m_own[span.layer][static_cast<std::size_t>(channel)];
    }

    const QuantizerSites& m_sites;
    std::vector<Shares> m_own;
    PrunedInputs m_mode;
};

double meanOf(const Shares& shares)
{
    return shares.empty() ? 1.0
                          : std::accumulate(shares.begin(), shares.end(), 0.0) /
                                static_cast<double>(shares.size());
}

double sumOf(const Shares& shares, std::size_t from, std::size_t count)
{
    const auto begin = shares.begin() + static_cast<std::ptrdiff_t>(from);
    return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(count), 0.0);
}

/// Connections between kept channels; whole numbers where the shares are 0 or 1.
double keptConnections(const LayerQuantizers& layer, const Shares& outputs, const Shares& inputs)
{
    const auto groups = static_cast<std::size_t>(layer.groups);
    const std::size_t outputsPerGroup = outputs.size() / groups;
    const std::size_t inputsPerGroup = inputs.size() / groups;
    double connections = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        connections += sumOf(outputs, g * outputsPerGroup, outputsPerGroup) *
                       sumOf(inputs, g * inputsPerGroup, inputsPerGroup);
    }
    return connections;
}

std::int64_t allConnections(const LayerQuantizers& layer)
{
    return layer.channels.outputs * (layer.channels.inputs / layer.groups);
}

void requireParallel(const QuantizerSites& sites, std::size_t count, const char* what)
{
    BITLOOM_REQUIRE(count == sites.quantizers.size(), ErrorCode::InvalidArgument,
                    "the network has ", sites.quantizers.size(), " quantizers, found ", count, " ",
                    what);
}

/// Per layer the kept channels of its own weight.
template <typename State>
std::vector<Shares> ownKept(const QuantizerSites& sites, std::span<const State> states)
{
    std::vector<Shares> result(sites.layers.size());
    for (std::size_t l = 0; l < sites.layers.size(); ++l) {
        if (!sites.layers[l].weight) {
            continue;
        }
        const QuantizerSite& site = sites.quantizers[*sites.layers[l].weight];
        const auto& kept = states[*sites.layers[l].weight].kept;
        BITLOOM_REQUIRE(kept.empty() || kept.size() == static_cast<std::size_t>(site.channels),
                        ErrorCode::InvalidArgument, site.name, ": found ", kept.size(),
                        " channels, it has ", site.channels, " that can be pruned");
        for (const auto each : kept) {
            result[l].push_back(static_cast<double>(each));
        }
    }
    return result;
}

} // namespace

BitOperations countBitOperations(const QuantizerSites& sites,
                                 std::span<const QuantizerWidth> widths, PrunedInputs prunedInputs)
{
    requireParallel(sites, widths.size(), "widths");
    const KeptChannels kept(sites, ownKept(sites, widths), prunedInputs);
    const auto bitsOf = [&](const std::optional<std::size_t>& quantizer) {
        return quantizer ? widths[*quantizer].bits : kImageBits;
    };
    BitOperations result;
    result.baseline = kFloatBops * sites.macs;
    for (std::size_t l = 0; l < sites.layers.size(); ++l) {
        const LayerQuantizers& layer = sites.layers[l];
        LayerBitOperations cost;
        cost.macs = layer.macs;
        cost.activationBits = bitsOf(layer.inputs.front());
        cost.weightBits = layer.weight ? widths[*layer.weight].bits : bitsOf(layer.inputs.back());
        std::int64_t macs = layer.macs;
        if (layer.weight && allConnections(layer) > 0) {
            const Shares outputs = kept.outputs(l);
            const Shares inputs = kept.inputs(l);
            cost.keptOutputs = meanOf(outputs);
            cost.keptInputs = meanOf(inputs);
            // MACs are a whole multiple of the connections between channels.
            macs = layer.macs / allConnections(layer) *
                   static_cast<std::int64_t>(keptConnections(layer, outputs, inputs));
        }
        cost.bops = macs * cost.weightBits * cost.activationBits;
        result.bops += cost.bops;
        result.layers.push_back(cost);
    }
    return result;
}

double expectedBits(const std::array<double, 4>& levels)
{
    const auto [p4, p8, p16, p32] = levels;
    return 2 + p4 * (2 + p8 * (4 + p16 * (8 + 16 * p32)));
}

double expectedRelativeBopsPercent(const QuantizerSites& sites,
                                   std::span<const GateProbabilities> probabilities,
                                   PrunedInputs prunedInputs)
{
    requireParallel(sites, probabilities.size(), "sets of probabilities");
    const KeptChannels kept(sites, ownKept(sites, probabilities), prunedInputs);
    const auto bitsOf = [&](const std::optional<std::size_t>& quantizer) {
        return quantizer ? expectedBits(probabilities[*quantizer].levels) : kImageBits;
    };
    double bops = 0;
    for (std::size_t l = 0; l < sites.layers.size(); ++l) {
        const LayerQuantizers& layer = sites.layers[l];
        double share = 1;
        if (layer.weight && allConnections(layer) > 0) {
            share = keptConnections(layer, kept.outputs(l), kept.inputs(l)) /
                    static_cast<double>(allConnections(layer));
        }
        const double weightBits = layer.weight ? expectedBits(probabilities[*layer.weight].levels)
                                               : bitsOf(layer.inputs.back());
        bops += static_cast<double>(layer.macs) * weightBits * bitsOf(layer.inputs.front()) * share;
    }
    return sites.macs == 0 ? 0.0 : 100.0 * bops / static_cast<double>(kFloatBops * sites.macs);
}

BitHistogram bitHistogram(const QuantizerSites& sites, std::span<const QuantizerWidth> widths)
{
    requireParallel(sites, widths.size(), "widths");
    BitHistogram histogram;
    ++histogram.activations[kImageBits];
    for (std::size_t q = 0; q < widths.size(); ++q) {
        const bool isWeight = sites.quantizers[q].kind == SiteKind::Weight;
        ++(isWeight ? histogram.weights : histogram.activations)[widths[q].bits];
    }
    return histogram;
}

} // namespace bitloom::bayesian_bits
