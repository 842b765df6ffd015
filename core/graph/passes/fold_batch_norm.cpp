// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/fold_batch_norm.h"

#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/passes/record_shapes.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

#include <unordered_map>

namespace bitloom::graph {
namespace {

/// A layer and the normalisation that disappears into it.
struct Fold {
    const LayerSite* site = nullptr;
    const Node* norm = nullptr;
};

enum NormArgument : std::size_t {
    kInput,
    kGamma,
    kBeta,
    kMean,
    kVariance,
    kTraining,
    kMomentum,
    kEps
};

class NormFinder {
public:
    NormFinder(const Graph& graph, const std::vector<LayerSite>& layers)
        : m_graph(graph), m_layers(layers), m_readers(countReaders(graph))
    {
    }

    std::vector<FoldableNorm> find()
    {
        std::unordered_map<ValueIndex, std::size_t> layerOfOutput;
        for (std::size_t l = 0; l < m_layers.size(); ++l) {
            layerOfOutput.emplace(m_graph.node(m_layers[l].node).outputs.front(), l);
        }
        std::vector<FoldableNorm> found;
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            const Node& node = m_graph.nodes()[i];
            if (node.op != "aten::batch_norm") {
                continue;
            }
            const auto layer = layerOfOutput.find(node.args[kInput].value());
            if (layer != layerOfOutput.end() && isFoldable(m_layers[layer->second], node)) {
                FoldableNorm norm;
                norm.layer = layer->second;
                norm.norm = NodeIndex{static_cast<std::int32_t>(i)};
                norm.gamma = parameterAt(node, kGamma);
                norm.beta = parameterAt(node, kBeta);
                norm.mean = *parameterAt(node, kMean);
                norm.variance = *parameterAt(node, kVariance);
                norm.momentum = node.args[kMomentum].constant().toDouble();
                norm.eps = node.args[kEps].constant().toDouble();
                found.push_back(norm);
            }
        }
        return found;
    }

private:
    std::optional<ParameterIndex> parameterAt(const Node& norm, NormArgument position) const
    {
        const Argument& argument = norm.args[position];
        return argument.isValue() ? m_graph.value(argument.value()).parameter : std::nullopt;
    }

    bool isParameterOrNone(const Argument& argument) const
    {
        return argument.isValue() ? m_graph.value(argument.value()).parameter.has_value()
                                  : argument.constant().isNone();
    }

    bool isFoldable(const LayerSite& site, const Node& norm)
    {
        const Node& layer = m_graph.node(site.node);
        const auto biasPosition = argumentPosition(layer, "bias");
        const bool isConv = site.kind == LayerKind::Conv || site.kind == LayerKind::ConvTranspose;
        return (isConv || (layer.op == "aten::linear" && site.weightAxis == 0)) &&
               m_readers[toSize(layer.outputs.front())] == 1 && norm.args[kTraining].isConstant() &&
               !norm.args[kTraining].constant().toBool() && norm.args[kEps].isConstant() &&
               norm.args[kMomentum].isConstant() && norm.args[kMean].isValue() &&
               norm.args[kVariance].isValue() && isParameterOrNone(norm.args[kGamma]) &&
               isParameterOrNone(norm.args[kBeta]) && isParameterOrNone(norm.args[kMean]) &&
               isParameterOrNone(norm.args[kVariance]) &&
               m_readers[toSize(m_graph.parameter(*site.weight).value)] == 1 &&
               biasPosition.has_value() && isParameterOrNone(layer.args[*biasPosition]) &&
               (!site.bias || m_readers[toSize(m_graph.parameter(*site.bias).value)] == 1) &&
               (isConv || givesFeatureVectors(layer));
    }

    /// Batch normalisation works on axis 1, which are a linear layer's features only for (batch,
    /// features).
    bool givesFeatureVectors(const Node& layer)
    {
        if (m_graph.inputShape().empty()) {
            return false;
        }
        const ValueIndex output = layer.outputs.front();
        return recordTensors(m_graph, {output}).at(output).shape.size() == 2;
    }

    const Graph& m_graph;
    const std::vector<LayerSite>& m_layers;
    std::vector<std::size_t> m_readers;
};

class BatchNormFolder {
public:
    explicit BatchNormFolder(const Graph& graph) : m_graph(graph), m_sites(findLayers(graph))
    {
        for (const FoldableNorm& norm : findFoldableNorms(graph, m_sites)) {
            const LayerSite& site = m_sites[norm.layer];
            m_folds.emplace(site.node, Fold{&site, &graph.node(norm.norm)});
        }
    }

    Graph run()
    {
        std::unordered_map<ParameterIndex, at::Tensor> folded;
        for (const auto& [node, fold] : m_folds) {
            folded.emplace(*fold.site->weight, foldedWeight(fold));
            if (fold.site->bias) {
                folded.emplace(*fold.site->bias, foldedBias(fold));
            }
        }
        GraphRewriter rewriter(m_graph, [&](const Parameter& parameter) {
            const auto found = folded.find(*m_graph.value(parameter.value).parameter);
            return found == folded.end() ? parameter.tensor : found->second;
        });
        std::unordered_map<ValueIndex, ValueIndex> replacedNorms; // norm's output -> its layer's
        for (const auto& [node, fold] : m_folds) {
            replacedNorms.emplace(fold.norm->outputs.front(), m_graph.node(node).outputs.front());
        }
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            const Node& node = m_graph.nodes()[i];
            const auto replaced = replacedNorms.find(node.outputs.front());
            const auto fold = m_folds.find(NodeIndex{static_cast<std::int32_t>(i)});
            if (replaced != replacedNorms.end()) {
                rewriter.bind(replaced->first, rewriter.mapped(replaced->second));
            } else if (fold != m_folds.end() && !fold->second.site->bias) {
                std::vector<Argument> args = rewriter.mapped(node.args);
                args[*argumentPosition(node, "bias")] = arg(rewriter.builder().addParameter(
                    fold->second.site->name + ".bias", foldedBias(fold->second)));
                rewriter.copy(node, std::move(args));
            } else {
                rewriter.copy(node);
            }
        }
        return rewriter.finish();
    }

private:
    /// A per-channel tensor of the normalisation in double; fallback where it is None.
    at::Tensor channelData(const Argument& argument, double fallback, std::int64_t channels) const
    {
        if (!argument.isValue()) {
            return at::zeros({channels}, at::kDouble) + fallback;
        }
        return m_graph.parameter(*m_graph.value(argument.value()).parameter)
            .tensor.detach()
            .to(at::kDouble);
    }

    at::Tensor scaleOf(const Node& norm) const
    {
        const at::Tensor variance = channelData(norm.args[kVariance], 1, 0);
        const at::Tensor gamma =
            channelData(norm.args[kGamma], 1, variance.size(0)).to(variance.device());
        return gamma / (variance + norm.args[kEps].constant().toDouble()).sqrt();
    }

    at::Tensor foldedWeight(const Fold& fold) const
    {
        const at::Tensor weight = m_graph.parameter(*fold.site->weight).tensor.detach();
        const at::Tensor scale = scaleOf(*fold.norm);
        at::Tensor wide = weight.to(at::kDouble);
        if (fold.site->weightAxis == 0) {
            std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
            shape[0] = weight.size(0);
            wide = wide * scale.reshape(shape);
        } else {
            // Transposed: (groups * inPerGroup, outPerGroup, ...), output channel = group *
            // outPerGroup + column.
            const std::int64_t groups = fold.site->groups;
            const at::Tensor grouped =
                wide.reshape({groups, weight.size(0) / groups, weight.size(1), -1});
            wide =
                (grouped * scale.reshape({groups, 1, weight.size(1), 1})).reshape(weight.sizes());
        }
        return wide.to(weight.scalar_type());
    }

    at::Tensor foldedBias(const Fold& fold) const
    {
        const at::Tensor scale = scaleOf(*fold.norm);
        const Node& layer = m_graph.node(fold.site->node);
        const auto wide = [&](const Argument& argument) {
            return channelData(argument, 0, scale.size(0)).to(scale.device());
        };
        const at::Tensor bias = wide(layer.args[*argumentPosition(layer, "bias")]);
        const at::Tensor folded =
            wide(fold.norm->args[kBeta]) + (bias - wide(fold.norm->args[kMean])) * scale;
        return folded.to(m_graph.parameter(*fold.site->weight).tensor.scalar_type());
    }

    const Graph& m_graph;
    std::vector<LayerSite> m_sites;
    std::unordered_map<NodeIndex, Fold> m_folds;
};

} // namespace

std::vector<FoldableNorm> findFoldableNorms(const Graph& graph,
                                            const std::vector<LayerSite>& layers)
{
    return NormFinder(graph, layers).find();
}

Graph foldBatchNorm(const Graph& graph)
{
    return BatchNormFolder(graph).run();
}

} // namespace bitloom::graph
