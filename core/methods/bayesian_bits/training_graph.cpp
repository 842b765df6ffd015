// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/training_graph.h"

#include "core/graph/graph_builder.h"
#include "core/graph/passes/graph_rewriter.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <unordered_map>

namespace bitloom::bayesian_bits {

namespace {

using graph::NodeIndex;
using graph::ValueIndex;

class Maker {
public:
    Maker(const graph::Graph& original, const std::vector<graph::LayerSite>& layers,
          const std::vector<graph::FoldableNorm>& norms, bool withBias)
        : m_original(original), m_layers(layers), m_norms(norms), m_withBias(withBias),
          m_rewriter(original)
    {
        for (std::size_t n = 0; n < norms.size(); ++n) {
            m_normOfLayerNode.emplace(layers[norms[n].layer].node, n);
            m_normOfNode.emplace(norms[n].norm, n);
        }
    }

    TrainingGraph make(const std::unordered_set<ValueIndex>& relus)
    {
        m_biasNames.resize(m_withBias ? m_norms.size() : 0);
        for (std::size_t i = 0; i < m_original.nodes().size(); ++i) {
            const graph::Node& node = m_original.nodes()[i];
            const NodeIndex index{static_cast<std::int32_t>(i)};
            if (relus.contains(node.outputs.front()) || m_normOfNode.contains(index)) {
                m_rewriter.bind(node.outputs.front(), m_rewriter.mapped(node.args[0].value()));
            } else if (const auto norm = m_normOfLayerNode.find(index);
                       norm != m_normOfLayerNode.end()) {
                std::vector<graph::Argument> args = m_rewriter.mapped(node.args);
                args[*graph::argumentPosition(node, "bias")] =
                    m_withBias ? graph::arg(biasOf(norm->second)) : graph::argNone();
                m_rewriter.copy(node, std::move(args));
            } else {
                m_rewriter.copy(node);
            }
        }
        return finish();
    }

private:
    /// The layer's own bias, or a new parameter.
    ValueIndex biasOf(std::size_t norm)
    {
        const graph::LayerSite& layer = m_layers[m_norms[norm].layer];
        if (layer.bias) {
            m_biasNames[norm] = m_original.parameter(*layer.bias).name;
            return m_rewriter.mapped(m_original.parameter(*layer.bias).value);
        }
        std::string name = layer.name + ".bias";
        while (m_original.findParameter(name) != nullptr) {
            name += "_folded";
        }
        m_biasNames[norm] = name;
        const at::Tensor& mean = m_original.parameter(m_norms[norm].mean).tensor;
        return m_rewriter.builder().addParameter(name, at::zeros(mean.sizes(), mean.options()));
    }

    TrainingGraph finish()
    {
        std::vector<std::string> names(m_original.values().size());
        for (std::size_t v = 0; v < names.size(); ++v) {
            const ValueIndex mapped = m_rewriter.mapped(ValueIndex{static_cast<std::int32_t>(v)});
            if (mapped != graph::kNoValue) {
                names[v] = m_rewriter.builder().current().value(mapped).name;
            }
        }
        graph::Graph graph = m_rewriter.finish();
        return {std::move(graph), std::move(names), std::move(m_biasNames)};
    }

    const graph::Graph& m_original;
    const std::vector<graph::LayerSite>& m_layers;
    const std::vector<graph::FoldableNorm>& m_norms;
    bool m_withBias;
    graph::GraphRewriter m_rewriter;
    std::unordered_map<NodeIndex, std::size_t> m_normOfLayerNode;
    std::unordered_map<NodeIndex, std::size_t> m_normOfNode;
    std::vector<std::string> m_biasNames;
};

} // namespace

TrainingGraph makeTrainingGraph(const graph::Graph& original,
                                const std::vector<graph::LayerSite>& layers,
                                const std::vector<graph::FoldableNorm>& norms,
                                const std::unordered_set<ValueIndex>& relus, bool withBias)
{
    return Maker(original, layers, norms, withBias).make(relus);
}

std::vector<graph::FoldableNorm> findTrainableNorms(const graph::Graph& graph,
                                                    const std::vector<graph::LayerSite>& layers)
{
    std::vector<graph::FoldableNorm> norms = graph::findFoldableNorms(graph, layers);
    std::erase_if(norms, [&](const graph::FoldableNorm& norm) {
        const graph::LayerSite& layer = layers[norm.layer];
        const ValueIndex output = graph.node(norm.norm).outputs.front();
        return std::ranges::find(graph.outputs(), output) != graph.outputs().end() ||
               (layer.weightAxis != 0 && layer.groups != 1);
    });
    return norms;
}

} // namespace bitloom::bayesian_bits
