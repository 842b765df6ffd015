// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph_builder.h"

#include <functional>
#include <string>
#include <vector>

namespace bitloom::graph {

/// The common ground of passes: walks a graph and rebuilds it node by node, names and scopes kept.
/// A pass copies the nodes it leaves alone and binds the results of those it replaces.
class GraphRewriter {
public:
    /// Takes inputs and parameters over. tensorOf (optional) gives the new tensor of a parameter.
    explicit GraphRewriter(const Graph& graph,
                           const std::function<at::Tensor(const Parameter&)>& tensorOf = {});

    GraphBuilder& builder() { return m_builder; }
    /// The new value that stands for one of the old graph.
    ValueIndex mapped(ValueIndex old) const { return m_newValue[toSize(old)]; }
    Argument mapped(const Argument& old) const;
    std::vector<Argument> mapped(const std::vector<Argument>& old) const;
    void bind(ValueIndex old, ValueIndex replacement) { m_newValue[toSize(old)] = replacement; }
    /// Adds the node as it is, or with other arguments (of the new graph).
    void copy(const Node& node) { copy(node, mapped(node.args)); }
    void copy(const Node& node, std::vector<Argument> newArguments);
    /// Nodes and parameters that nobody reads any more disappear.
    Graph finish();

private:
    const Graph& m_graph;
    GraphBuilder m_builder;
    std::vector<ValueIndex> m_newValue; ///< per value of the old graph
};

/// How many nodes and graph outputs read each value.
std::vector<std::size_t> countReaders(const Graph& graph);

/// Position of an argument in an operator's schema; nullopt if it has none of this name.
std::optional<std::size_t> argumentPosition(const Node& node, const std::string& name);

} // namespace bitloom::graph
