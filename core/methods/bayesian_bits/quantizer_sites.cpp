// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/quantizer_sites.h"

#include "core/graph/passes/bit_passing.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

using graph::NodeIndex;
using graph::ValueIndex;

class SiteFinder {
public:
    SiteFinder(const LoadedModel& model, const SiteOptions& options)
        : m_model(model), m_graph(*model.graph), m_options(options)
    {
    }

    QuantizerSites find()
    {
        const auto channels = graph::findChannelFlow(m_graph, m_model.layers);
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            const std::int64_t macs = m_model.info.layers[l].macs;
            m_result.layers.push_back({{}, {}, macs, m_model.layers[l].groups, channels[l]});
            m_result.macs += macs;
            m_result.largestLayerMacs = std::max(m_result.largestLayerMacs, macs);
        }
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            addWeight(l);
            for (const graph::LayerSite::Input& input : m_model.layers[l].inputs) {
                addActivation(l, graph::bitSource(m_graph, input.value));
            }
        }
        decidePruning();
        if (m_options.residualInputs) {
            addResidualInputs();
        }
        sortForward();
        return std::move(m_result);
    }

private:
    std::size_t siteAt(ValueIndex value, SiteKind kind)
    {
        const auto [entry, isNew] = m_siteOfValue.try_emplace(value, m_result.quantizers.size());
        if (isNew) {
            QuantizerSite site;
            site.name = m_graph.value(value).name;
            site.kind = kind;
            site.value = value;
            m_result.quantizers.push_back(std::move(site));
        }
        return entry->second;
    }

    void addReader(std::size_t site, std::size_t layer)
    {
        QuantizerSite& quantizer = m_result.quantizers[site];
        if (std::ranges::find(quantizer.layers, layer) == quantizer.layers.end()) {
            quantizer.layers.push_back(layer);
            quantizer.macs += m_result.layers[layer].macs;
        }
    }

    void addWeight(std::size_t layer)
    {
        const graph::LayerSite& found = m_model.layers[layer];
        if (!found.weight) {
            return;
        }
        const graph::Parameter& parameter = m_graph.parameter(*found.weight);
        const std::size_t site = siteAt(parameter.value, SiteKind::Weight);
        QuantizerSite& quantizer = m_result.quantizers[site];
        quantizer.name = parameter.name;
        quantizer.parameter = found.weight;
        quantizer.channelAxis = found.weightAxis;
        addReader(site, layer);
        m_result.layers[layer].weight = site;
    }

    void addActivation(std::size_t layer, ValueIndex value)
    {
        if (!m_graph.value(value).producer) { // the network's input, or a parameter
            m_result.layers[layer].inputs.emplace_back();
            return;
        }
        const std::size_t site = siteAt(value, SiteKind::Activation);
        addReader(site, layer);
        m_result.layers[layer].inputs.emplace_back(site);
    }

    bool isPrunable(std::size_t layer) const
    {
        const graph::LayerSite& site = m_model.layers[layer];
        const graph::LayerChannels& channels = m_result.layers[layer].channels;
        return !channels.reachesOutput &&
               (!channels.isDepthwise || m_options.compatDepthwiseGates) &&
               (site.kind != LayerKind::ConvTranspose || site.groups == 1) &&
               m_graph.parameter(*site.weight).tensor.size(site.weightAxis) == channels.outputs;
    }

    /// A weight that several layers share is prunable only if all of them allow it along the same
    /// axis.
    void decidePruning()
    {
        for (QuantizerSite& site : m_result.quantizers) {
            if (site.kind != SiteKind::Weight || !m_options.pruning) {
                continue;
            }
            const bool prunable = std::ranges::all_of(site.layers, [&](std::size_t layer) {
                return isPrunable(layer) && m_model.layers[layer].weightAxis == site.channelAxis;
            });
            site.channels =
                prunable ? m_graph.parameter(*site.parameter).tensor.size(site.channelAxis) : 0;
        }
    }

    /// The operands of sums that are not quantized yet. Numbers, parameters and the network's input
    /// are no residual connections.
    void addResidualInputs()
    {
        for (const graph::Node& node : m_graph.nodes()) {
            if (node.op != "aten::add.Tensor" || !node.args[0].isValue() ||
                !node.args[1].isValue() || m_graph.value(node.args[0].value()).parameter ||
                m_graph.value(node.args[1].value()).parameter) {
                continue;
            }
            for (const std::size_t position : {0U, 1U}) {
                const ValueIndex value = graph::bitSource(m_graph, node.args[position].value());
                if (m_graph.value(value).producer) {
                    siteAt(value, SiteKind::ResidualInput);
                }
            }
        }
    }

    /// A weight comes with its first layer, an activation with the node that makes it.
    std::tuple<NodeIndex, bool> placeOf(const QuantizerSite& site) const
    {
        if (site.kind == SiteKind::Weight) {
            return {m_model.layers[site.layers.front()].node, false};
        }
        return {*m_graph.value(site.value).producer, true};
    }

    void sortForward()
    {
        std::vector<std::size_t> order(m_result.quantizers.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::ranges::stable_sort(order, [this](std::size_t a, std::size_t b) {
            return placeOf(m_result.quantizers[a]) < placeOf(m_result.quantizers[b]);
        });
        std::vector<std::size_t> newIndex(order.size());
        std::vector<QuantizerSite> sorted;
        for (std::size_t i = 0; i < order.size(); ++i) {
            newIndex[order[i]] = i;
            sorted.push_back(std::move(m_result.quantizers[order[i]]));
        }
        m_result.quantizers = std::move(sorted);
        for (LayerQuantizers& layer : m_result.layers) {
            if (layer.weight) {
                layer.weight = newIndex[*layer.weight];
            }
            for (std::optional<std::size_t>& input : layer.inputs) {
                if (input) {
                    input = newIndex[*input];
                }
            }
        }
    }

    const LoadedModel& m_model;
    const graph::Graph& m_graph;
    SiteOptions m_options;
    QuantizerSites m_result;
    std::unordered_map<ValueIndex, std::size_t> m_siteOfValue;
};

} // namespace

QuantizerSites findQuantizerSites(const LoadedModel& model, const SiteOptions& options)
{
    return SiteFinder(model, options).find();
}

} // namespace bitloom::bayesian_bits
