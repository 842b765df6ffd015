// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/graph/op_schema.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bitloom::graph {

/// Strong indices: a value is not a node.
enum class ValueIndex : std::int32_t {};
enum class NodeIndex : std::int32_t {};
enum class ParameterIndex : std::int32_t {};
inline constexpr ValueIndex kNoValue{-1};
constexpr std::size_t toSize(ValueIndex index)
{
    return static_cast<std::size_t>(index);
}
constexpr std::size_t toSize(NodeIndex index)
{
    return static_cast<std::size_t>(index);
}
constexpr std::size_t toSize(ParameterIndex index)
{
    return static_cast<std::size_t>(index);
}

/// What a node receives in one schema position: another value, a constant, or a list that mixes
/// both (the tensors of a concatenation, the sizes of a view).
///
/// Constants are None, bool, int, float, string, device, and lists of these; data types, layouts
/// and memory formats are ints, as in LibTorch's own boxed calls. A tensor is never a constant: it
/// is a parameter.
struct Argument {
    std::variant<ValueIndex, c10::IValue, std::vector<Argument>> content;

    bool isValue() const { return std::holds_alternative<ValueIndex>(content); }
    bool isConstant() const { return std::holds_alternative<c10::IValue>(content); }
    bool isList() const { return std::holds_alternative<std::vector<Argument>>(content); }
    ValueIndex value() const { return std::get<ValueIndex>(content); }
    const c10::IValue& constant() const { return std::get<c10::IValue>(content); }
    const std::vector<Argument>& list() const { return std::get<std::vector<Argument>>(content); }
};

/// One operator call. args follow the schema's order, one entry each (defaults filled in).
struct Node {
    std::string op; ///< canonical name with overload, "aten::conv2d" or "aten::add.Tensor"
    std::shared_ptr<const Operator> kernel; ///< its schema and its boxed call
    std::vector<Argument> args;
    std::vector<ValueIndex> outputs;
    std::string scope; ///< module path, "layer1.0.conv1"; "" = top level
};

/// An edge: the result of a node, a parameter, or a graph input.
struct Value {
    std::string name;                  ///< unique in the graph
    std::optional<NodeIndex> producer; ///< absent for inputs and parameters
    std::optional<ParameterIndex> parameter;
};

struct Parameter {
    std::string name;      ///< module path, "layer1.0.conv1.weight"
    at::Tensor tensor;     ///< any dtype; shared, never written by Graph
    bool isBuffer = false; ///< running statistics, counters, constants: not trained
    ValueIndex value = kNoValue;
};

/// A static network: ATen operators, values between them, parameters under their module path.
///
/// Immutable once built: passes make new graphs. Nodes are in a topological order and pure: no node
/// writes to its arguments, so any part between two cuts can be run alone. (The one exception
/// LibTorch leaves undeclared: batch normalisation in training mode updates its running
/// statistics.) Tensors are shared by reference, so copying a Graph is cheap. Threads: const access
/// from any thread.
class Graph {
public:
    const std::string& name() const { return m_name; }
    const std::vector<Node>& nodes() const { return m_nodes; }
    const std::vector<Value>& values() const { return m_values; }
    const std::vector<Parameter>& parameters() const { return m_parameters; }
    const std::vector<ValueIndex>& inputs() const { return m_inputs; }
    const std::vector<ValueIndex>& outputs() const { return m_outputs; }
    const Node& node(NodeIndex index) const { return m_nodes[toSize(index)]; }
    const Value& value(ValueIndex index) const { return m_values[toSize(index)]; }
    const Parameter& parameter(ParameterIndex index) const { return m_parameters[toSize(index)]; }
    const Parameter* findParameter(std::string_view name) const;
    std::optional<ValueIndex> findValue(std::string_view name) const;

    /// Shape of the first input at batch 1 that the model is meant for, e.g. {1, 3, 32, 32}. Empty:
    /// not known.
    const std::vector<std::int64_t>& inputShape() const { return m_inputShapes.front(); }
    /// The same network meant for another input. Only for graphs with one input (InvalidArgument).
    Graph withInputShape(std::vector<std::int64_t> shapeAtBatch1) const;
    /// One shape per input.
    const std::vector<std::vector<std::int64_t>>& inputShapes() const { return m_inputShapes; }

    /// The same structure with other tensors, which are shared, not copied.
    /// Errors: NotFound for a name that does not exist, ShapeMismatch for another shape.
    Graph withParameters(const std::vector<std::pair<std::string, at::Tensor>>& replacements) const;

private:
    friend class GraphBuilder;
    std::string m_name;
    std::vector<Node> m_nodes;
    std::vector<Value> m_values;
    std::vector<Parameter> m_parameters;
    std::vector<ValueIndex> m_inputs;
    std::vector<ValueIndex> m_outputs;
    std::vector<std::vector<std::int64_t>> m_inputShapes;
};

/// How a node is named in messages: `"layer1.0.add" (aten::add.Tensor in layer1.0)`.
std::string describe(const Graph& graph, const Node& node);

/// Calls body(ValueIndex) for each value in an argument, lists included.
template <typename Body>
void forEachValue(const Argument& argument, Body&& body)
{
    if (argument.isValue()) {
        body(argument.value());
    } else if (argument.isList()) {
        for (const Argument& item : argument.list()) {
            forEachValue(item, body);
        }
    }
}

} // namespace bitloom::graph
