// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/find_layers.h"

#include <ATen/core/function_schema.h>

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace bitloom::graph {
namespace {

/// Where an operator keeps its operands; -1: has none.
struct Pattern {
    LayerKind kind;
    int input;
    int weight;
    int bias;
};

const Pattern* patternOf(std::string_view op)
{
    static const std::unordered_map<std::string_view, Pattern> patterns{
        {"aten::conv1d", {LayerKind::Conv, 0, 1, 2}},
        {"aten::conv2d", {LayerKind::Conv, 0, 1, 2}},
        {"aten::conv3d", {LayerKind::Conv, 0, 1, 2}},
        {"aten::convolution", {LayerKind::Conv, 0, 1, 2}},
        {"aten::_convolution", {LayerKind::Conv, 0, 1, 2}},
        {"aten::conv_transpose1d", {LayerKind::ConvTranspose, 0, 1, 2}},
        {"aten::conv_transpose2d", {LayerKind::ConvTranspose, 0, 1, 2}},
        {"aten::conv_transpose3d", {LayerKind::ConvTranspose, 0, 1, 2}},
        {"aten::linear", {LayerKind::Linear, 0, 1, 2}},
        {"aten::addmm", {LayerKind::MatMul, 1, 2, 0}},
        {"aten::baddbmm", {LayerKind::MatMul, 1, 2, 0}},
        {"aten::mm", {LayerKind::MatMul, 0, 1, -1}},
        {"aten::bmm", {LayerKind::MatMul, 0, 1, -1}},
        {"aten::matmul", {LayerKind::MatMul, 0, 1, -1}},
    };
    const auto found = patterns.find(op.substr(0, op.find('.')));
    return found == patterns.end() ? nullptr : &found->second;
}

/// A parameter that a layer reads, directly or through transposes of its last two axes.
struct WeightRead {
    ParameterIndex parameter{-1};
    Reader reader; ///< of the parameter itself
    std::int64_t rank = 0;
    bool isTransposed = false;
};

bool swapsLastTwo(const Node& node, std::int64_t rank)
{
    if (node.op == "aten::t") {
        return rank == 2;
    }
    if (node.op == "aten::transpose.int" && node.args[1].isConstant() &&
        node.args[2].isConstant()) {
        const auto fromEnd = [rank](std::int64_t axis) { return axis < 0 ? axis : axis - rank; };
        const std::int64_t a = fromEnd(node.args[1].constant().toInt());
        const std::int64_t b = fromEnd(node.args[2].constant().toInt());
        return (a == -2 && b == -1) || (a == -1 && b == -2);
    }
    return node.op == "aten::permute" && rank == 2 && node.args[1].isConstant() &&
           node.args[1].constant().toIntVector() == std::vector<std::int64_t>{1, 0};
}

std::optional<WeightRead> weightBehind(const Graph& graph, Reader reader)
{
    std::vector<const Node*> transposes;
    while (true) {
        const Argument& argument = graph.node(reader.node).args[reader.argPosition];
        if (!argument.isValue()) {
            return std::nullopt;
        }
        const Value& value = graph.value(argument.value());
        if (value.parameter) {
            WeightRead read{*value.parameter, reader,
                            graph.parameter(*value.parameter).tensor.dim(), false};
            for (const Node* node : transposes) {
                if (!swapsLastTwo(*node, read.rank)) {
                    return std::nullopt;
                }
                read.isTransposed = !read.isTransposed;
            }
            return read;
        }
        if (!value.producer) {
            return std::nullopt;
        }
        const Node& producer = graph.node(*value.producer);
        if (producer.op != "aten::t" && producer.op != "aten::transpose.int" &&
            producer.op != "aten::permute") {
            return std::nullopt;
        }
        transposes.push_back(&producer);
        reader = {*value.producer, 0};
    }
}

const Argument* argumentNamed(const Node& node, const std::string& name)
{
    const auto position = node.kernel->schema().argumentIndexWithName(name);
    return position ? &node.args[static_cast<std::size_t>(*position)] : nullptr;
}

class LayerFinder {
public:
    explicit LayerFinder(const Graph& graph) : m_graph(graph) {}

    std::vector<LayerSite> find()
    {
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            const Node& node = m_graph.nodes()[i];
            if (const Pattern* pattern = patternOf(node.op)) {
                const NodeIndex index{static_cast<std::int32_t>(i)};
                auto site = pattern->kind == LayerKind::MatMul ? productAt(index, *pattern)
                                                               : weightedAt(index, *pattern);
                if (site) {
                    site->name = uniqueName(nameOf(*site));
                    m_sites.push_back(std::move(*site));
                }
            }
        }
        return std::move(m_sites);
    }

private:
    static Reader readerAt(NodeIndex node, int position)
    {
        return {node, static_cast<std::size_t>(position)};
    }

    LayerSite::Input inputAt(NodeIndex node, int position) const
    {
        const Reader reader = readerAt(node, position);
        return {m_graph.node(node).args[reader.argPosition].value(), reader};
    }

    LayerSite siteWith(NodeIndex node, LayerKind kind, const WeightRead& weight, int bias) const
    {
        LayerSite site;
        site.kind = kind;
        site.node = node;
        site.weight = weight.parameter;
        site.weightReader = weight.reader;
        if (bias >= 0) {
            const Argument& argument = m_graph.node(node).args[static_cast<std::size_t>(bias)];
            site.bias =
                argument.isValue() ? m_graph.value(argument.value()).parameter : std::nullopt;
        }
        return site;
    }

    /// Convolutions and linear: the weight has its own argument.
    std::optional<LayerSite> weightedAt(NodeIndex index, const Pattern& pattern) const
    {
        const Node& node = m_graph.node(index);
        const auto weight = weightBehind(m_graph, readerAt(index, pattern.weight));
        const Argument& input = node.args[static_cast<std::size_t>(pattern.input)];
        if (!weight || !input.isValue() || m_graph.value(input.value()).parameter) {
            return std::nullopt; // of a constant: computes the same whatever the images are
        }
        LayerKind kind = pattern.kind;
        if (const Argument* transposed = argumentNamed(node, "transposed")) {
            if (!transposed->isConstant()) {
                return std::nullopt;
            }
            kind = transposed->constant().toBool() ? LayerKind::ConvTranspose : LayerKind::Conv;
        }
        if (kind != LayerKind::Linear && weight->isTransposed) {
            return std::nullopt;
        }
        LayerSite site = siteWith(index, kind, *weight, pattern.bias);
        site.weightAxis = kind == LayerKind::ConvTranspose || weight->isTransposed ? 1 : 0;
        if (const Argument* groups = argumentNamed(node, "groups");
            groups != nullptr && groups->isConstant()) {
            site.groups = groups->constant().toInt();
        }
        site.inputs.push_back(inputAt(index, pattern.input));
        return site;
    }

    /// Products: each operand may be the weight; with none it is a layer with two activations.
    std::optional<LayerSite> productAt(NodeIndex index, const Pattern& pattern) const
    {
        const auto left = weightBehind(m_graph, readerAt(index, pattern.input));
        const auto right = weightBehind(m_graph, readerAt(index, pattern.weight));
        if (left && right) {
            return std::nullopt;
        }
        if (!left && !right) {
            LayerSite site;
            site.kind = LayerKind::MatMul;
            site.node = index;
            site.inputs = {inputAt(index, pattern.input), inputAt(index, pattern.weight)};
            return site;
        }
        const WeightRead& weight = left ? *left : *right;
        if (weight.rank < 2) {
            return std::nullopt;
        }
        LayerSite site = siteWith(index, LayerKind::Linear, weight, pattern.bias);
        // x W has its outputs along W's last axis, W x along the one before; a transpose swaps
        // them.
        const bool isLastAxis = right.has_value() != weight.isTransposed;
        site.weightAxis = static_cast<int>(weight.rank) - (isLastAxis ? 1 : 2);
        site.inputs.push_back(inputAt(index, left ? pattern.weight : pattern.input));
        return site;
    }

    std::string nameOf(const LayerSite& site) const
    {
        if (!site.weight) {
            const std::string& scope = m_graph.node(site.node).scope;
            return scope.empty() ? "matmul" : scope + ".matmul";
        }
        constexpr std::string_view suffix = ".weight";
        const std::string& parameter = m_graph.parameter(*site.weight).name;
        return parameter.ends_with(suffix) ? parameter.substr(0, parameter.size() - suffix.size())
                                           : parameter;
    }

    std::string uniqueName(const std::string& wanted)
    {
        std::string name = wanted;
        for (int suffix = 1; !m_names.insert(name).second; ++suffix) {
            name = wanted + "_" + std::to_string(suffix);
        }
        return name;
    }

    const Graph& m_graph;
    std::vector<LayerSite> m_sites;
    std::unordered_set<std::string> m_names;
};

} // namespace

std::vector<LayerSite> findLayers(const Graph& graph)
{
    return LayerFinder(graph).find();
}

} // namespace bitloom::graph
