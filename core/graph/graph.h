// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bitloom::graph {

/// Strong indices: a value is not a node.
enum class ValueIndex : std::int32_t {};
enum class NodeIndex : std::int32_t {};
enum class ParameterIndex : std::int32_t {};
inline constexpr ValueIndex kNoValue{-1};
constexpr std::size_t toSize(ValueIndex index) { return static_cast<std::size_t>(index); }
constexpr std::size_t toSize(NodeIndex index) { return static_cast<std::size_t>(index); }
constexpr std::size_t toSize(ParameterIndex index) { return static_cast<std::size_t>(index); }

/// What a node receives in one schema position: another value, a constant, or a list that mixes both
/// (the tensors of a concatenation, the sizes of a view).
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
    std::string op;                    ///< canonical name with overload, "aten::conv2d" or "aten::add.Tensor"
    std::shared_ptr<torch::jit::Operator> kernel; ///< its schema and its boxed call
    std::vector<Argument> args;
    std::vector<ValueIndex> outputs;
    std::string scope;                 ///< module path, "layer1.0.conv1"; "" = top level
};

/// An edge: the result of a node, a parameter, or a graph input.
struct Value {
    std::string name;                  ///< unique in the graph
    std::optional<NodeIndex> producer; ///< absent for inputs and parameters
    std::optional<ParameterIndex> parameter;
};

struct Parameter {
    std::string name;                  ///< module path, "layer1.0.conv1.weight"
    at::Tensor tensor;                 ///< any dtype; shared, never written by Graph
    bool isBuffer = false;             ///< running statistics, counters, constants: not trained
    ValueIndex value = kNoValue;
};

/// A static network: ATen operators, values between them, parameters under their module path.
///
/// Immutable once built: passes make new graphs. Nodes are in a topological order. Tensors are shared by reference,
/// so copying a Graph is cheap. Threads: const access from any thread.
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

    /// Shape of the (single) input at batch 1 that the model is meant for, e.g. {1, 3, 32, 32}.
    const std::vector<std::int64_t>& inputShape() const { return m_inputShape; }

    /// The same structure with other tensors: names must exist, shapes must agree (ShapeMismatch).
    Graph withParameters(const std::vector<std::pair<std::string, at::Tensor>>& replacements) const;

private:
    friend class GraphBuilder;
    std::string m_name;
    std::vector<Node> m_nodes;
    std::vector<Value> m_values;
    std::vector<Parameter> m_parameters;
    std::vector<ValueIndex> m_inputs;
    std::vector<ValueIndex> m_outputs;
    std::vector<std::int64_t> m_inputShape;
};

/// Puts a graph together node by node and validates it at the end.
class GraphBuilder {
public:
    explicit GraphBuilder(std::string name);

    ValueIndex addInput(std::string name, std::vector<std::int64_t> shapeAtBatch1);
    /// Errors: InvalidArgument for a second parameter of the same name.
    ValueIndex addParameter(std::string name, at::Tensor tensor, bool isBuffer = false);
    /// Adds a call. args may be shorter than the schema: defaults fill the rest. valueName is made unique with "_N".
    /// Errors: NotFound for an operator that this LibTorch does not have, InvalidArgument for arguments that do not
    /// fit its schema.
    std::vector<ValueIndex> addNode(const std::string& op, std::vector<Argument> args, std::string scope,
                                    const std::string& valueName);
    /// As addNode for the usual single output.
    ValueIndex add(const std::string& op, std::vector<Argument> args, const std::string& scope,
                   const std::string& valueName);
    /// The graph being built, for passes that look back at what they added.
    const Graph& current() const { return m_graph; }

    /// Removes nodes and parameters that no output needs, checks every invariant and hands the graph over.
    /// Errors: InvalidArgument (a value used before it exists, no output, duplicate names).
    Graph finish(std::vector<ValueIndex> outputs);

private:
    std::string uniqueName(const std::string& wanted);

    Graph m_graph;
};

/// Convenience for building argument lists.
inline Argument arg(ValueIndex value) { return {value}; }
inline Argument arg(c10::IValue constant) { return {std::move(constant)}; }
Argument argInts(std::vector<std::int64_t> numbers);
Argument argNone();

/// The operator by canonical name, from LibTorch's registry. Errors: NotFound.
std::shared_ptr<torch::jit::Operator> findOperator(const std::string& op);

/// One line per node: "%layer1.0.relu = aten::relu(%layer1.0.bn1)   # layer1.0".
std::string toString(const Graph& graph);

/// Readable differences between two graphs: nodes, arguments, parameters that exist on one side or differ.
std::vector<std::string> diffGraphs(const Graph& left, const Graph& right);

/// "sha256:" + 64 hex digits over structure (operators, arguments, wiring) and parameters (name, dtype, shape, bytes).
/// Scopes, value names and the graph's name do not count, so it is the same from every file format.
std::string fingerprint(const Graph& graph);

} // namespace bitloom::graph
