// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/equalize_layers.h"

#include "core/graph/passes/find_layers.h"
#include "core/graph/passes/fold_batch_norm.h"
#include "core/graph/passes/graph_rewriter.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace bitloom::graph {

namespace {

/// Results for channels times s > 0 are the results times s.
bool keepsFactors(const Node& node)
{
    constexpr std::array kOperators{"aten::relu", "aten::max_pool2d", "aten::avg_pool2d",
                                    "aten::adaptive_avg_pool2d", "aten::dropout"};
    return std::ranges::find(kOperators, node.op) != kOperators.end();
}

bool isReluCap(const Node& node)
{
    if (node.op == "aten::relu6") {
        return true;
    }
    return node.op == "aten::hardtanh" && node.args[1].isConstant() &&
           node.args[1].constant().isScalar() && node.args[1].constant().toScalar().toDouble() == 0;
}

/// Who follows whom in a graph, and what belongs to each layer.
class Layers {
public:
    explicit Layers(const Graph& graph)
        : m_graph(graph), m_layers(findLayers(graph)), m_readerCount(countReaders(graph))
    {
        for (std::size_t l = 0; l < m_layers.size(); ++l) {
            m_layerAt.emplace(m_layers[l].node, l);
        }
        for (const FoldableNorm& norm : findFoldableNorms(graph, m_layers)) {
            m_norms.emplace(norm.layer, norm);
        }
        for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
            for (const Argument& argument : graph.nodes()[i].args) {
                forEachValue(argument, [&](ValueIndex value) {
                    m_reader[value] = NodeIndex{static_cast<std::int32_t>(i)};
                });
            }
        }
    }

    const LayerSite& at(std::size_t layer) const { return m_layers[layer]; }
    const FoldableNorm* normOf(std::size_t layer) const
    {
        const auto found = m_norms.find(layer);
        return found == m_norms.end() ? nullptr : &found->second;
    }

    std::vector<EqualizablePair> pairs() const
    {
        std::vector<EqualizablePair> found;
        for (std::size_t first = 0; first < m_layers.size(); ++first) {
            if (!canGiveFactors(first)) {
                continue;
            }
            const auto second = follower(first);
            if (second && canTakeFactors(*second)) {
                found.push_back({first, *second});
            }
        }
        return found;
    }

private:
    bool isReadOnce(const std::optional<ParameterIndex>& parameter) const
    {
        return !parameter || m_readerCount[toSize(m_graph.parameter(*parameter).value)] == 1;
    }

    /// Output channels along axis 0 of a weight of its own.
    bool hasOwnWeight(std::size_t layer) const
    {
        const LayerSite& site = m_layers[layer];
        return site.weight && site.weightAxis == 0 && isReadOnce(site.weight) &&
               (site.kind == LayerKind::Conv || m_graph.node(site.node).op == "aten::linear");
    }

    bool canGiveFactors(std::size_t layer) const
    {
        const FoldableNorm* const norm = normOf(layer);
        return hasOwnWeight(layer) && isReadOnce(m_layers[layer].bias) &&
               (norm == nullptr ||
                (norm->gamma && isReadOnce(norm->gamma) && isReadOnce(norm->beta)));
    }

    bool canTakeFactors(std::size_t layer) const
    {
        return hasOwnWeight(layer) && m_layers[layer].inputs.size() == 1;
    }

    /// The layer that alone reads what becomes of the output.
    std::optional<std::size_t> follower(std::size_t layer) const
    {
        ValueIndex value = m_graph.node(m_layers[layer].node).outputs.front();
        const FoldableNorm* const norm = normOf(layer);
        while (m_readerCount[toSize(value)] == 1) {
            const auto reader = m_reader.find(value);
            if (reader == m_reader.end()) { // a result of the network
                return std::nullopt;
            }
            if (const auto next = m_layerAt.find(reader->second); next != m_layerAt.end()) {
                const LayerSite& site = m_layers[next->second];
                // A linear layer behind a convolution does not read its channels.
                const bool readsChannels =
                    site.inputs.front().value == value && site.kind == m_layers[layer].kind;
                return readsChannels ? std::optional(next->second) : std::nullopt;
            }
            const Node& node = m_graph.node(reader->second);
            const bool isOwnNorm = norm != nullptr && norm->norm == reader->second;
            if (!isOwnNorm && !keepsFactors(node)) {
                return std::nullopt;
            }
            value = node.outputs.front();
        }
        return std::nullopt;
    }

    const Graph& m_graph;
    std::vector<LayerSite> m_layers;
    std::vector<std::size_t> m_readerCount;
    std::unordered_map<NodeIndex, std::size_t> m_layerAt;
    std::unordered_map<ValueIndex, NodeIndex> m_reader; ///< the last one
    std::map<std::size_t, FoldableNorm> m_norms;
};

class Equalizer {
public:
    explicit Equalizer(const Graph& graph) : m_graph(graph), m_layers(graph) {}

    Graph equalize(const EqualizationOptions& options)
    {
        const at::NoGradGuard noGradients;
        const std::vector<EqualizablePair> pairs = m_layers.pairs();
        double largest = 2 * options.tolerance;
        for (int round = 0; round < options.mostRounds && largest > options.tolerance; ++round) {
            largest = 0;
            for (const EqualizablePair& pair : pairs) {
                largest = std::max(largest, equalize(pair));
            }
        }
        std::vector<std::pair<std::string, at::Tensor>> replacements;
        for (const auto& [index, tensor] : m_changed) {
            const Parameter& parameter = m_graph.parameter(index);
            replacements.emplace_back(parameter.name, tensor.to(parameter.tensor.scalar_type()));
        }
        return m_graph.withParameters(replacements);
    }

private:
    /// The parameter as it is by now, in double; stays in use once it was asked for.
    at::Tensor& tensorOf(ParameterIndex index)
    {
        const auto [entry, isNew] = m_changed.try_emplace(index);
        if (isNew) {
            entry->second = m_graph.parameter(index).tensor.to(at::kDouble).clone();
        }
        return entry->second;
    }

    /// Weight with its normalisation folded in, without signs.
    at::Tensor magnitudes(std::size_t layer)
    {
        at::Tensor weight = tensorOf(*m_layers.at(layer).weight).abs();
        const FoldableNorm* const norm = m_layers.normOf(layer);
        if (norm == nullptr) {
            return weight;
        }
        at::Tensor factor =
            (m_graph.parameter(norm->variance).tensor.to(at::kDouble) + norm->eps).rsqrt();
        if (norm->gamma) {
            factor = factor * tensorOf(*norm->gamma).abs();
        }
        return weight * alongAxis0(factor, weight.dim());
    }

    static at::Tensor alongAxis0(const at::Tensor& factors, std::int64_t dimensions)
    {
        std::vector<std::int64_t> shape(static_cast<std::size_t>(dimensions), 1);
        shape[0] = -1;
        return factors.reshape(shape);
    }

    /// A weight as (groups, outputs of a group, inputs of a group, rest).
    at::Tensor inGroups(std::size_t layer, const at::Tensor& weight) const
    {
        const std::int64_t groups = m_layers.at(layer).groups;
        return weight.reshape({groups, weight.size(0) / groups, weight.size(1), -1});
    }

    /// Largest factor's distance from 1.
    double equalize(const EqualizablePair& pair)
    {
        const at::Tensor first = magnitudes(pair.first);
        const at::Tensor r1 = first.flatten(1).amax(1);
        const at::Tensor second = inGroups(pair.second, magnitudes(pair.second));
        const at::Tensor r2 = second.amax({1, 3}).flatten();
        const at::Tensor isUsed = r1.gt(0).logical_and(r2.gt(0));
        const at::Tensor s = at::where(isUsed, (r1 / r2).sqrt(), at::ones_like(r1));
        divideOutput(pair.first, s);
        at::Tensor& weight = tensorOf(*m_layers.at(pair.second).weight);
        const std::int64_t groups = m_layers.at(pair.second).groups;
        weight =
            (inGroups(pair.second, weight) * s.reshape({groups, 1, -1, 1})).reshape(weight.sizes());
        return (s - 1).abs().max().item<double>();
    }

    void divideOutput(std::size_t layer, const at::Tensor& s)
    {
        if (const FoldableNorm* const norm = m_layers.normOf(layer)) {
            tensorOf(*norm->gamma).div_(s);
            if (norm->beta) {
                tensorOf(*norm->beta).div_(s);
            }
            return;
        }
        at::Tensor& weight = tensorOf(*m_layers.at(layer).weight);
        weight.div_(alongAxis0(s, weight.dim()));
        if (const auto& bias = m_layers.at(layer).bias) {
            tensorOf(*bias).div_(s);
        }
    }

    const Graph& m_graph;
    Layers m_layers;
    std::map<ParameterIndex, at::Tensor> m_changed;
};

} // namespace

Graph withoutReluCaps(const Graph& graph)
{
    GraphRewriter rewriter(graph);
    for (const Node& node : graph.nodes()) {
        if (isReluCap(node)) {
            const ValueIndex output = node.outputs.front();
            rewriter.bind(output,
                          rewriter.builder().add("aten::relu", {rewriter.mapped(node.args[0])},
                                                 node.scope, graph.value(output).name));
        } else {
            rewriter.copy(node);
        }
    }
    return rewriter.finish();
}

std::vector<EqualizablePair> findEqualizablePairs(const Graph& graph)
{
    return Layers(graph).pairs();
}

Graph equalizeLayers(const Graph& graph, const EqualizationOptions& options)
{
    return Equalizer(graph).equalize(options);
}

} // namespace bitloom::graph
