// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/decompose_attention.h"

#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/passes/record_shapes.h"

#include <algorithm>
#include <limits>

namespace bitloom::graph {
namespace {

constexpr const char* kAttention = "aten::scaled_dot_product_attention";
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

enum AttentionArgument : std::size_t {
    kQuery,
    kKey,
    kValue,
    kMask,
    kDropout,
    kCausal,
    kScale,
    kGroupedHeads
};

class AttentionWriter {
public:
    AttentionWriter(const Graph& graph, GraphRewriter& rewriter, const Node& node)
        : m_graph(graph), m_rewriter(rewriter), m_node(node),
          m_name(graph.value(node.outputs.front()).name)
    {
    }

    void write()
    {
        BITLOOM_REQUIRE(isConstant(kGroupedHeads, false), ErrorCode::Unsupported,
                        describe(m_graph, m_node),
                        " shares key heads between query heads, which cannot be written out");
        const ValueIndex keys =
            add("aten::transpose.int", {newArg(kKey), arg(-2), arg(-1)}, "keys");
        ValueIndex scores = add("aten::matmul", {arg(scaledQuery()), arg(keys)}, "scores");
        scores = masked(scores);
        ValueIndex weights = add("aten::softmax.int", {arg(scores), arg(-1)}, "softmax");
        if (!isConstant(kDropout, 0.0)) {
            weights = add("aten::dropout", {arg(weights), newArg(kDropout), arg(true)}, "dropout");
        }
        m_rewriter.bind(m_node.outputs.front(),
                        m_rewriter.builder().add("aten::matmul", {arg(weights), newArg(kValue)},
                                                 m_node.scope, m_name));
    }

private:
    Argument newArg(std::size_t position) const { return m_rewriter.mapped(m_node.args[position]); }

    template <typename T>
    bool isConstant(std::size_t position, T wanted) const
    {
        const Argument& argument = m_node.args[position];
        return argument.isConstant() && argument.constant() == c10::IValue(wanted);
    }

    ValueIndex add(const std::string& op, std::vector<Argument> args, const std::string& step)
    {
        return m_rewriter.builder().add(op, std::move(args), m_node.scope, m_name + "." + step);
    }

    ValueIndex scaledQuery()
    {
        const Argument& scale = m_node.args[kScale];
        if (scale.isValue() || !scale.constant().isNone()) {
            return add("aten::mul.Scalar", {newArg(kQuery), newArg(kScale)}, "query");
        }
        const ValueIndex width = add("aten::size.int", {newArg(kQuery), arg(-1)}, "width");
        const ValueIndex root = add("aten::sqrt.int", {arg(width)}, "root");
        return add("aten::div.Scalar", {newArg(kQuery), arg(root)}, "query");
    }

    ValueIndex masked(ValueIndex scores)
    {
        if (isConstant(kCausal, true)) {
            constexpr auto boolean = static_cast<std::int64_t>(c10::ScalarType::Bool);
            const ValueIndex ones = add("aten::ones_like", {arg(scores), arg(boolean)}, "ones");
            return hidden(scores, add("aten::tril", {arg(ones)}, "causal"));
        }
        const Argument& mask = m_node.args[kMask];
        if (mask.isConstant()) {
            return scores; // None
        }
        return maskType(mask.value()) == c10::ScalarType::Bool
                   ? hidden(scores, m_rewriter.mapped(mask.value()))
                   : add("aten::add.Tensor", {arg(scores), newArg(kMask)}, "masked");
    }

    ValueIndex hidden(ValueIndex scores, ValueIndex attended)
    {
        const ValueIndex away = add("aten::logical_not", {arg(attended)}, "hidden");
        return add("aten::masked_fill.Scalar", {arg(scores), arg(away), arg(kMinusInfinity)},
                   "masked");
    }

    c10::ScalarType maskType(ValueIndex mask) const
    {
        if (const auto parameter = m_graph.value(mask).parameter) {
            return m_graph.parameter(*parameter).tensor.scalar_type();
        }
        BITLOOM_REQUIRE(!m_graph.inputShape().empty(), ErrorCode::Unsupported,
                        describe(m_graph, m_node),
                        " has a mask of unknown type; give the model's input shape");
        return recordTensors(m_graph, {mask}).at(mask).dtype;
    }

    const Graph& m_graph;
    GraphRewriter& m_rewriter;
    const Node& m_node;
    std::string m_name;
};

} // namespace

Graph decomposeAttention(const Graph& graph)
{
    if (std::ranges::find(graph.nodes(), kAttention, &Node::op) == graph.nodes().end()) {
        return graph;
    }
    GraphRewriter rewriter(graph);
    for (const Node& node : graph.nodes()) {
        if (node.op == kAttention) {
            AttentionWriter(graph, rewriter, node).write();
        } else {
            rewriter.copy(node);
        }
    }
    return rewriter.finish();
}

} // namespace bitloom::graph
