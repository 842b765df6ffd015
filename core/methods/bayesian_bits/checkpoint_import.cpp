// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/checkpoint_import.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/state/state_match.h"
#include "core/methods/bayesian_bits/run_series.h"
#include "core/methods/bayesian_bits/training_graph.h"
#include "core/ops/hard_concrete.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

using graph::ValueIndex;
using io::CheckpointBlock;
using io::CheckpointLayer;
using io::CheckpointQuantizer;

/// What quantizers hold that never ran.
constexpr double kUnusedRange = 10;

bool hasRun(const CheckpointQuantizer& quantizer)
{
    return quantizer.low != -kUnusedRange || quantizer.high != kUnusedRange;
}

std::int64_t closedChannels(const CheckpointQuantizer& quantizer)
{
    return quantizer.channelLogits.defined()
               ? quantizer.channelLogits.le(ops::kGateOnLogit).sum().item<std::int64_t>()
               : 0;
}

class Importer {
public:
    Importer(const io::BayesianBitsCheckpoint& checkpoint, const LoadedModel& model,
             const GatedNetwork& network)
        : m_checkpoint(checkpoint), m_model(model), m_graph(*model.graph), m_network(network),
          m_state(network.state())
    {
        m_notes = checkpoint.notes;
        const std::vector<QuantizerSite>& sites = network.sites().quantizers;
        for (std::size_t q = 0; q < sites.size(); ++q) {
            m_siteOfValue.emplace(*m_graph.findValue(valueName(sites[q])), q);
        }
        m_isSet.assign(sites.size(), false);
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            for (const graph::Argument& argument : m_graph.nodes()[i].args) {
                graph::forEachValue(argument, [&](ValueIndex value) {
                    m_readers[value].push_back(graph::NodeIndex{static_cast<std::int32_t>(i)});
                });
            }
        }
    }

    ImportedCheckpoint import()
    {
        matchLayers();
        takeLayers();
        for (const CheckpointBlock& block : m_checkpoint.blocks) {
            takeBlock(block);
        }
        requireAllSites();
        requireComplete("the checkpoint does not fit the model: ");
        if (m_residualInputs > 0) {
            m_notes.push_back({PhraseId::ResidualInputsLeft, {std::to_string(m_residualInputs)}});
        }
        replace("ranges/are_set", at::ones({1}, at::kByte));
        return {std::move(m_state), std::move(m_notes)};
    }

private:
    /// Values are numbered anew on a device, their names stay.
    std::string valueName(const QuantizerSite& site) const
    {
        return site.parameter ? m_graph.value(m_graph.findParameter(site.name)->value).name
                              : site.name;
    }

    at::IntArrayRef shapeOf(std::size_t layer) const
    {
        return m_graph.parameter(*m_model.layers[layer].weight).tensor.sizes();
    }

    void matchLayers()
    {
        std::vector<std::size_t> ours;
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            if (m_model.layers[l].weight) {
                ours.push_back(l);
            }
        }
        if (!matchByName(ours)) {
            matchByShape(ours);
        }
        requireComplete("the checkpoint is of another model: ");
    }

    bool matchByName(const std::vector<std::size_t>& ours)
    {
        std::map<std::string, const CheckpointLayer*> byName;
        for (const CheckpointLayer& layer : m_checkpoint.layers) {
            byName.emplace(layer.name, &layer);
        }
        std::map<std::size_t, const CheckpointLayer*> found;
        for (const std::size_t l : ours) {
            const auto entry = byName.find(m_model.layers[l].name);
            if (entry != byName.end() && entry->second->weight.sizes() == shapeOf(l)) {
                found.emplace(l, entry->second);
            }
        }
        if (found.size() != ours.size() || found.size() != m_checkpoint.layers.size()) {
            return false;
        }
        m_layers = std::move(found);
        return true;
    }

    void matchByShape(const std::vector<std::size_t>& ours)
    {
        std::map<std::vector<std::int64_t>, std::vector<const CheckpointLayer*>> byShape;
        for (const CheckpointLayer& layer : m_checkpoint.layers) {
            byShape[layer.weight.sizes().vec()].push_back(&layer);
        }
        std::vector<Phrase> pairs;
        for (const std::size_t l : ours) {
            std::vector<const CheckpointLayer*>& same = byShape[shapeOf(l).vec()];
            if (same.empty()) {
                m_mismatch.missing.push_back(
                    detail::concatenate(m_model.layers[l].name, ".weight ", shapeOf(l)));
                continue;
            }
            m_layers.emplace(l, same.front());
            pairs.push_back({PhraseId::LayerIs, {same.front()->name, m_model.layers[l].name}});
            same.erase(same.begin());
        }
        for (const auto& [shape, left] : byShape) {
            for (const CheckpointLayer* layer : left) {
                m_mismatch.unexpected.push_back(
                    detail::concatenate(layer->name, ".weight ", at::IntArrayRef(shape)));
            }
        }
        m_notes.push_back({PhraseId::LayersByShape, {enumerated(std::move(pairs))}});
    }

    void takeLayers()
    {
        std::map<std::size_t, graph::FoldableNorm> norms;
        for (const graph::FoldableNorm& norm : findTrainableNorms(m_graph, m_model.layers)) {
            norms.emplace(norm.layer, norm);
        }
        for (const auto& [l, found] : m_layers) {
            const graph::LayerSite& layer = m_model.layers[l];
            replaceParameter(*layer.weight, found->weight, found->name + ".weight");
            const auto norm = norms.find(l);
            takeNorm(l, norm == norms.end() ? nullptr : &norm->second, *found);
            takeWeightQuantizer(l, *found);
            takeOutputQuantizer(l, *found);
        }
    }

    void takeNorm(std::size_t l, const graph::FoldableNorm* norm, const CheckpointLayer& found)
    {
        const graph::LayerSite& layer = m_model.layers[l];
        if (norm == nullptr) {
            if (found.norm) {
                m_mismatch.unexpected.push_back(found.name + ".gamma");
            }
            if (layer.bias) {
                replaceParameter(*layer.bias, found.bias, found.name + ".bias");
            } else if (found.bias.defined()) {
                m_mismatch.unexpected.push_back(found.name + ".bias");
            }
            return;
        }
        if (!found.norm) {
            m_mismatch.missing.push_back(found.name + ".gamma");
            return;
        }
        if (norm->gamma) {
            replaceParameter(*norm->gamma, found.norm->gamma, found.name + ".gamma");
        }
        if (norm->beta) {
            replaceParameter(*norm->beta, found.norm->beta, found.name + ".beta");
        }
        at::Tensor mean = found.norm->mean;
        if (found.bias.defined()) { // what the layer adds before it is normalised
            mean = mean - found.bias;
        }
        replace("statistics/" + layer.name + ".mean", mean);
        replace("statistics/" + layer.name + ".variance", found.norm->variance);
    }

    void takeWeightQuantizer(std::size_t l, const CheckpointLayer& found)
    {
        const auto site = m_network.sites().layers[l].weight;
        if (!site) {
            return;
        }
        if (!found.weightQuantizer) {
            m_mismatch.missing.push_back(found.name + ".weight_quantizer.quantizer.gamma_4");
            return;
        }
        const CheckpointQuantizer& quantizer = *found.weightQuantizer;
        set(*site, quantizer, found.name + ".weight_quantizer");
        const std::int64_t channels = m_network.layout().channelsOf(*site);
        if (channels == 0) {
            BITLOOM_REQUIRE(closedChannels(quantizer) == 0, ErrorCode::InvalidArgument,
                            "the checkpoint prunes ", closedChannels(quantizer), " channels of ",
                            found.name, ", where this search has no channel gates: say ",
                            m_network.options().sites.pruning
                                ? "--compat (gates of their own for depthwise channels)"
                                : "--include-pruning");
        } else if (!quantizer.channelLogits.defined()) {
            ++m_withoutChannels; // they start as ours do, open
        } else if (quantizer.channelLogits.numel() != channels) {
            m_mismatch.misshapen.push_back({found.name + ".weight_quantizer.quantizer.gamma_2",
                                            {channels},
                                            quantizer.channelLogits.sizes().vec()});
        } else {
            find("gates/logits")
                .narrow(0, m_network.layout().channelsAt(*site), channels)
                .copy_(quantizer.channelLogits.flatten());
        }
    }

    /// The single value that node operators which keep a layer's output a layer's output make of
    /// it: normalisation and activation function.
    std::optional<ValueIndex> afterFunction(ValueIndex value) const
    {
        const auto readers = m_readers.find(value);
        if (readers == m_readers.end() || readers->second.size() != 1) {
            return std::nullopt;
        }
        const graph::Node& node = m_graph.node(readers->second.front());
        const bool isFunction = node.op == "aten::batch_norm" || node.op == "aten::relu" ||
                                node.op == "aten::hardtanh" || node.op == "aten::relu6" ||
                                node.op == "aten::sigmoid";
        return isFunction ? std::optional(node.outputs.front()) : std::nullopt;
    }

    bool isResult(ValueIndex value) const
    {
        return std::ranges::find(m_graph.outputs(), value) != m_graph.outputs().end();
    }

    ValueIndex outputOf(std::size_t l) const
    {
        return m_graph.node(m_model.layers[l].node).outputs.front();
    }

    /// Behind normalisation and activation function.
    ValueIndex endOf(ValueIndex value) const
    {
        while (const auto next = afterFunction(value)) {
            value = *next;
        }
        return value;
    }

    /// What a sum that reads the value makes; nullopt: no sum does.
    std::optional<ValueIndex> sumOf(ValueIndex value) const
    {
        const auto readers = m_readers.find(value);
        if (readers != m_readers.end()) {
            for (const graph::NodeIndex reader : readers->second) {
                const graph::Node& node = m_graph.node(reader);
                if (node.op == "aten::add.Tensor") {
                    return node.outputs.front();
                }
            }
        }
        return std::nullopt;
    }

    void takeOutputQuantizer(std::size_t l, const CheckpointLayer& found)
    {
        const ValueIndex end = endOf(outputOf(l));
        const auto site = m_siteOfValue.find(end);
        if (!found.outputQuantizer || (site == m_siteOfValue.end() && isResult(end)) ||
            !hasRun(*found.outputQuantizer)) {
            return; // a site that stays without is noticed below
        }
        if (site != m_siteOfValue.end()) {
            set(site->second, *found.outputQuantizer, found.name + ".activation_quantizer");
        } else if (sumOf(end)) {
            ++m_residualInputs;
        } else {
            m_mismatch.unexpected.push_back(found.name + ".activation_quantizer");
        }
    }

    /// Behind the sum that its last layer's output goes into.
    void takeBlock(const CheckpointBlock& block)
    {
        if (!hasRun(block.quantizer)) {
            return; // a block without a sum
        }
        std::optional<std::size_t> last;
        for (const auto& [l, found] : m_layers) {
            if (found->name.starts_with(block.name + ".")) {
                last = std::max(last.value_or(0), l);
            }
        }
        const auto sum = last ? sumOf(endOf(outputOf(*last))) : std::nullopt;
        const auto site = sum ? m_siteOfValue.find(endOf(*sum)) : m_siteOfValue.end();
        if (site == m_siteOfValue.end()) {
            m_mismatch.unexpected.push_back(block.name + ".activation_quantizer");
            return;
        }
        set(site->second, block.quantizer, block.name + ".activation_quantizer");
    }

    void set(std::size_t site, const CheckpointQuantizer& quantizer, const std::string& name)
    {
        m_isSet[site] = true;
        const auto index = static_cast<std::int64_t>(site);
        at::Tensor levels = find("gates/logits").narrow(0, m_network.layout().levelsAt(site), 4);
        for (std::int64_t k = 0; k < 4; ++k) {
            levels.select(0, k).fill_(quantizer.levelLogits[static_cast<std::size_t>(k)]);
        }
        if (!m_network.quantizes(site)) {
            return; // what is not quantized has no range
        }
        BITLOOM_REQUIRE(quantizer.high > 0, ErrorCode::NonFinite, "the checkpoint's \"", name,
                        ".quantizer.x_max\" is ", quantizer.high,
                        "; a range has to lie above 0, so this training had collapsed");
        find("ranges/x_max").select(0, index).fill_(quantizer.high);
        find("ranges/floor").select(0, index).fill_(quantizer.high * kRangeFloorShare);
        find("ranges/signed").select(0, index).fill_(quantizer.isSigned() ? 1 : 0);
    }

    void requireAllSites()
    {
        const std::vector<QuantizerSite>& sites = m_network.sites().quantizers;
        for (std::size_t q = 0; q < sites.size(); ++q) {
            if (!m_isSet[q] && m_network.quantizes(q)) {
                m_mismatch.missing.push_back("a quantizer for " + sites[q].name);
            }
        }
        if (m_withoutChannels > 0) {
            m_notes.push_back({PhraseId::ChannelGatesAbsent, {std::to_string(m_withoutChannels)}});
        }
    }

    void requireComplete(const char* what) const
    {
        BITLOOM_REQUIRE(m_mismatch.empty(), ErrorCode::ModelMismatch, what, m_mismatch.text());
    }

    at::Tensor& find(const std::string& name)
    {
        return std::ranges::find(m_state, name, &NamedTensors::value_type::first)->second;
    }

    void replace(const std::string& name, const at::Tensor& tensor) { find(name) = tensor.clone(); }

    void replaceParameter(graph::ParameterIndex index, const at::Tensor& found,
                          const std::string& foundName)
    {
        const graph::Parameter& parameter = m_graph.parameter(index);
        if (!found.defined()) {
            m_mismatch.missing.push_back(foundName);
        } else if (found.sizes() != parameter.tensor.sizes()) {
            m_mismatch.misshapen.push_back(
                {foundName, parameter.tensor.sizes().vec(), found.sizes().vec()});
        } else {
            replace("weights/" + parameter.name, found);
        }
    }

    const io::BayesianBitsCheckpoint& m_checkpoint;
    const LoadedModel& m_model;
    const graph::Graph& m_graph;
    const GatedNetwork& m_network;
    NamedTensors m_state;
    std::vector<Phrase> m_notes;
    std::map<ValueIndex, std::size_t> m_siteOfValue;
    std::map<ValueIndex, std::vector<graph::NodeIndex>> m_readers;
    std::map<std::size_t, const CheckpointLayer*> m_layers; ///< by layer of the model
    std::vector<bool> m_isSet;                              ///< per quantizer
    std::int64_t m_residualInputs = 0;
    std::int64_t m_withoutChannels = 0;
    io::StateMismatch m_mismatch;
};

} // namespace

ImportedCheckpoint importCheckpoint(const io::BayesianBitsCheckpoint& checkpoint,
                                    const LoadedModel& model, const GatedNetwork& network)
{
    return Importer(checkpoint, model, network).import();
}

} // namespace bitloom::bayesian_bits
