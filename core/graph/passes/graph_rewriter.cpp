// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/graph_rewriter.h"

#include <ATen/core/function_schema.h>

namespace bitloom::graph {

GraphRewriter::GraphRewriter(const Graph& graph,
                             const std::function<at::Tensor(const Parameter&)>& tensorOf)
    : m_graph(graph), m_builder(graph.name()), m_newValue(graph.values().size(), kNoValue)
{
    for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
        bind(graph.inputs()[i],
             m_builder.addInput(graph.value(graph.inputs()[i]).name, graph.inputShapes()[i]));
    }
    for (const Parameter& parameter : graph.parameters()) {
        bind(parameter.value, m_builder.addParameter(
                                  parameter.name, tensorOf ? tensorOf(parameter) : parameter.tensor,
                                  parameter.isBuffer));
    }
}

Argument GraphRewriter::mapped(const Argument& old) const
{
    if (old.isValue()) {
        return arg(mapped(old.value()));
    }
    return old.isList() ? Argument{mapped(old.list())} : old;
}

std::vector<Argument> GraphRewriter::mapped(const std::vector<Argument>& old) const
{
    std::vector<Argument> result;
    result.reserve(old.size());
    for (const Argument& argument : old) {
        result.push_back(mapped(argument));
    }
    return result;
}

void GraphRewriter::copy(const Node& node, std::vector<Argument> newArguments)
{
    std::vector<std::string> names;
    for (const ValueIndex output : node.outputs) {
        names.push_back(m_graph.value(output).name);
    }
    const auto outputs = m_builder.addNode(node.op, std::move(newArguments), node.scope, names);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        bind(node.outputs[k], outputs[k]);
    }
}

Graph GraphRewriter::finish()
{
    std::vector<ValueIndex> outputs;
    for (const ValueIndex output : m_graph.outputs()) {
        outputs.push_back(mapped(output));
    }
    return m_builder.finish(outputs);
}

std::vector<std::size_t> countReaders(const Graph& graph)
{
    std::vector<std::size_t> count(graph.values().size(), 0);
    for (const Node& node : graph.nodes()) {
        for (const Argument& argument : node.args) {
            forEachValue(argument, [&count](ValueIndex value) { ++count[toSize(value)]; });
        }
    }
    for (const ValueIndex output : graph.outputs()) {
        ++count[toSize(output)];
    }
    return count;
}

std::optional<std::size_t> argumentPosition(const Node& node, const std::string& name)
{
    const auto position = node.kernel->schema().argumentIndexWithName(name);
    return position ? std::optional(static_cast<std::size_t>(*position)) : std::nullopt;
}

} // namespace bitloom::graph
