// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace bitloom::graph {

/// Puts a graph together node by node; every call is checked against its operator's schema when it
/// is added.
class GraphBuilder {
public:
    explicit GraphBuilder(std::string name);

    /// shapeAtBatch1 may be empty: not known.
    ValueIndex addInput(const std::string& name, std::vector<std::int64_t> shapeAtBatch1);
    /// Errors: InvalidArgument for a second parameter of the same name or an undefined tensor.
    ValueIndex addParameter(const std::string& name, at::Tensor tensor, bool isBuffer = false);
    /// Adds a call. args may be shorter than the schema: defaults fill the rest. Constants are
    /// fitted to the schema (1 for a float, 3 for an int[2], a list of constants); valueName is
    /// made unique with "_N", further outputs are called "<valueName>:1", ... Errors: NotFound for
    /// an operator that this LibTorch does not have, Unsupported for one that writes to its
    /// arguments (see functionalVariant), InvalidArgument for arguments that do not fit the schema.
    std::vector<ValueIndex> addNode(const std::string& op, std::vector<Argument> args,
                                    const std::string& scope, const std::string& valueName);
    /// As above with a name for each output; the number of names must be the number of results.
    std::vector<ValueIndex> addNode(const std::string& op, std::vector<Argument> args,
                                    const std::string& scope,
                                    const std::vector<std::string>& valueNames);
    /// As addNode for the usual single output.
    ValueIndex add(const std::string& op, std::vector<Argument> args, const std::string& scope,
                   const std::string& valueName);
    /// The graph being built, for passes that look back at what they added.
    const Graph& current() const { return m_graph; }

    /// Removes nodes and parameters that no output needs and hands the graph over; indices change,
    /// names do not. Inputs stay, used or not. Errors: InvalidArgument for no outputs, or outputs
    /// that are not values.
    Graph finish(const std::vector<ValueIndex>& outputs);

private:
    ValueIndex addValue(const std::string& wantedName, std::optional<NodeIndex> producer,
                        std::optional<ParameterIndex> parameter);

    Graph m_graph;
    std::unordered_set<std::string> m_valueNames;
    std::unordered_set<std::string> m_parameterNames;
};

/// Convenience for building argument lists.
inline Argument arg(ValueIndex value)
{
    return {value};
}
inline Argument arg(c10::IValue constant)
{
    return {std::move(constant)};
}
Argument argInts(std::vector<std::int64_t> numbers);
Argument argNone();

} // namespace bitloom::graph
