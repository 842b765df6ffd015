// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/constant_channels.h"

#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/passes/record_shapes.h"
#include "core/io/model_file.h"
#include "core/methods/quantized_executor.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

using graph::ValueIndex;

/// Which positions of a layer's input hold a pruned channel of its producer.
struct Reading {
    std::size_t layer;    ///< that reads
    std::size_t producer; ///< that pruned them
    int axis;             ///< of the channels
    std::int64_t repeat;  ///< positions per channel
};

class Folder {
public:
    Folder(const LoadedModel& model, const BitPlan& plan, const QuantizerSites& sites)
        : m_model(model), m_graph(*model.graph), m_plan(plan), m_sites(sites),
          m_readers(graph::countReaders(*model.graph))
    {
    }

    FoldedConstants fold(const QuantState& state)
    {
        const at::NoGradGuard noGradients;
        FoldedConstants result;
        std::vector<Reading> readings;
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            for (const std::int64_t channel : pruned(l)) {
                result.channels.push_back({l, channel, 0, false});
            }
            if (const auto reading = readingOf(l)) {
                readings.push_back(*reading);
            }
        }
        if (result.channels.empty()) {
            result.model = m_model;
            return result;
        }
        look(state, readings);
        for (ConstantChannel& each : result.channels) {
            each.output = outputOf(each);
        }
        for (const Reading& reading : readings) {
            const std::vector<std::int64_t> folded = foldInto(reading);
            for (ConstantChannel& each : result.channels) {
                each.isFolded =
                    each.isFolded || (each.layer == reading.producer &&
                                      std::ranges::find(folded, each.channel) != folded.end());
            }
        }
        result.model = rebuilt();
        return result;
    }

private:
    const graph::LayerSite& site(std::size_t layer) const { return m_model.layers[layer]; }

    const std::vector<std::int64_t>& pruned(std::size_t layer) const
    {
        return m_plan.layers[layer].prunedChannels;
    }

    bool isReadOnce(graph::ParameterIndex parameter) const
    {
        return m_readers[graph::toSize(m_graph.parameter(parameter).value)] == 1;
    }

    /// nullopt: nothing to fold, or more would change than this layer.
    std::optional<Reading> readingOf(std::size_t layer) const
    {
        const graph::LayerSite& reader = site(layer);
        const graph::ChannelSources& sources = m_sites.layers[layer].channels.inputSources;
        if (!reader.weight || reader.groups != 1 || !sources.isChain ||
            sources.spans.front().layer == graph::ChannelSpan::kUnknown ||
            pruned(sources.spans.front().layer).empty() || !isReadOnce(*reader.weight) ||
            (reader.bias && !isReadOnce(*reader.bias)) ||
            !graph::argumentPosition(m_graph.node(reader.node), "bias")) {
            return std::nullopt;
        }
        const graph::ChannelSpan& span = sources.spans.front();
        return Reading{layer, span.layer, sources.axis, span.repeat};
    }

    /// Behind the elementwise operators that nobody else looks into.
    ValueIndex activationOf(std::size_t layer) const
    {
        ValueIndex value = m_graph.node(site(layer).node).outputs.front();
        for (const graph::Node& node : m_graph.nodes()) { // in execution order
            if (m_readers[graph::toSize(value)] == 1 && !node.args.empty() &&
                node.args.front().isValue() && node.args.front().value() == value &&
                graph::isUnaryElementwise(node)) {
                value = node.outputs.front();
            }
        }
        return value;
    }

    /// One run; what pruned channels hold does not depend on the input.
    void look(const QuantState& state, const std::vector<Reading>& readings)
    {
        graph::ExecutorOptions options = activationQuantizers(m_model, m_plan, state, at::kCPU);
        std::unordered_set<ValueIndex> wanted;
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            if (!pruned(l).empty()) {
                wanted.insert(activationOf(l));
            }
        }
        for (const Reading& reading : readings) {
            wanted.insert(site(reading.layer).inputs.front().value);
        }
        for (const ValueIndex value : wanted) {
            options.observers.push_back({value, [this](ValueIndex seen, const at::Tensor& x) {
                                             m_seen[seen] = x.clone();
                                         }});
        }
        m_attachments = options.attachments;
        graph::Executor(m_model.graph, std::move(options)).run(graph::exampleInputs(m_graph));
    }

    double outputOf(const ConstantChannel& channel) const
    {
        const at::Tensor& x = m_seen.at(activationOf(channel.layer));
        const bool isLast = site(channel.layer).kind == LayerKind::Linear ||
                            site(channel.layer).kind == LayerKind::MatMul;
        return x.select(isLast ? -1 : 1, channel.channel).flatten()[0].item<double>();
    }

    /// What the layer's operator is given.
    at::Tensor inputOf(std::size_t layer) const
    {
        const graph::LayerSite::Input& input = site(layer).inputs.front();
        const at::Tensor& seen = m_seen.at(input.value);
        for (const graph::Attachment& each : m_attachments) {
            if (each.value == input.value &&
                (each.readers.empty() ||
                 std::ranges::find(each.readers, input.reader) != each.readers.end())) {
                return each.transform(seen);
            }
        }
        return seen;
    }

    bool isUnpadded(const graph::LayerSite& layer) const
    {
        const graph::Node& node = m_graph.node(layer.node);
        const auto position = graph::argumentPosition(node, "padding");
        return layer.kind == LayerKind::Conv && position && node.args[*position].isConstant() &&
               node.args[*position].constant().isIntList() &&
               std::ranges::all_of(node.args[*position].constant().toIntVector(),
                                   [](std::int64_t each) { return each == 0; });
    }

    /// values: of one channel, in one or more positions along the axis.
    bool isExact(const graph::LayerSite& reader, const at::Tensor& values, int axis) const
    {
        const bool isLinear = reader.kind == LayerKind::Linear || reader.kind == LayerKind::MatMul;
        const at::Tensor places = values.movedim(axis, 0).flatten(1);
        const at::Tensor low = places.amin(1);
        const at::Tensor high = places.amax(1);
        return (low.eq(high).all().item<bool>() && (isLinear || isUnpadded(reader))) ||
               (low.eq(0).all().item<bool>() && high.eq(0).all().item<bool>());
    }

    /// The channels of the producer that the layer needs no longer.
    std::vector<std::int64_t> foldInto(const Reading& reading)
    {
        const graph::LayerSite& reader = site(reading.layer);
        const at::Tensor input = inputOf(reading.layer);
        std::vector<std::int64_t> folded;
        std::vector<std::int64_t> positions;
        for (const std::int64_t channel : pruned(reading.producer)) {
            const std::int64_t first = channel * reading.repeat;
            if (isExact(reader, input.narrow(reading.axis, first, reading.repeat), reading.axis)) {
                folded.push_back(channel);
                for (std::int64_t p = first; p < first + reading.repeat; ++p) {
                    positions.push_back(p);
                }
            }
        }
        if (folded.empty()) {
            return folded;
        }
        const at::Tensor places = at::tensor(positions, at::kLong);
        at::Tensor constants = at::zeros_like(input);
        constants.index_copy_(reading.axis, places, input.index_select(reading.axis, places));
        addToBias(reader, answerTo(constants, reader));
        const graph::Parameter& weight = m_graph.parameter(*reader.weight);
        m_tensors[weight.name] =
            weight.tensor.index_fill(reader.weightAxis == 0 ? 1 : 0, places, 0.0);
        return folded;
    }

    /// What the layer makes of an input without its bias, per output channel; the same everywhere.
    at::Tensor answerTo(const at::Tensor& input, const graph::LayerSite& reader) const
    {
        graph::ExecutorOptions options;
        options.inputs = {reader.inputs.front().value};
        options.outputs = {m_graph.node(reader.node).outputs.front()};
        graph::Executor layer(m_model.graph, std::move(options));
        if (reader.bias) {
            layer.setParameter(*reader.bias,
                               at::zeros_like(m_graph.parameter(*reader.bias).tensor));
        }
        const at::Tensor output = layer.run(input);
        const bool isConv = reader.kind == LayerKind::Conv;
        return output.movedim(isConv ? 1 : -1, 0).flatten(1).select(1, 0).clone();
    }

    void addToBias(const graph::LayerSite& reader, const at::Tensor& amount)
    {
        if (reader.bias) {
            const graph::Parameter& bias = m_graph.parameter(*reader.bias);
            m_tensors[bias.name] = bias.tensor + amount;
        } else if (!amount.eq(0).all().item<bool>()) {
            m_newBiases[reader.node] = {reader.name + ".bias", amount};
        }
    }

    LoadedModel rebuilt() const
    {
        graph::GraphRewriter rewriter(m_graph, [this](const graph::Parameter& parameter) {
            const auto found = m_tensors.find(parameter.name);
            return found == m_tensors.end() ? parameter.tensor : found->second;
        });
        std::unordered_map<graph::NodeIndex, ValueIndex> biases;
        for (const auto& [node, bias] : m_newBiases) {
            std::string name = bias.first;
            while (m_graph.findParameter(name) != nullptr) {
                name += "_folded";
            }
            biases[node] = rewriter.builder().addParameter(name, bias.second);
        }
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            const graph::Node& node = m_graph.nodes()[i];
            const auto bias = biases.find(graph::NodeIndex{static_cast<std::int32_t>(i)});
            if (bias == biases.end()) {
                rewriter.copy(node);
                continue;
            }
            std::vector<graph::Argument> arguments = rewriter.mapped(node.args);
            arguments[*graph::argumentPosition(node, "bias")] = graph::arg(bias->second);
            rewriter.copy(node, std::move(arguments));
        }
        return describeModel(rewriter.finish(), {});
    }

    const LoadedModel& m_model;
    const graph::Graph& m_graph;
    const BitPlan& m_plan;
    const QuantizerSites& m_sites;
    std::vector<std::size_t> m_readers;
    std::vector<graph::Attachment> m_attachments;
    std::unordered_map<ValueIndex, at::Tensor> m_seen;
    std::map<std::string, at::Tensor> m_tensors; ///< that changed
    std::map<graph::NodeIndex, std::pair<std::string, at::Tensor>> m_newBiases;
};

} // namespace

FoldedConstants foldConstantChannels(const LoadedModel& model, const BitPlan& plan,
                                     const QuantState& state, const QuantizerSites& sites)
{
    return Folder(model, plan, sites).fold(state);
}

} // namespace bitloom::bayesian_bits
