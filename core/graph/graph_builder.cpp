// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_builder.h"

#include "core/graph/constant.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/jit_type.h>

#include <limits>

namespace bitloom::graph {
namespace {

enum class Family { Tensor, List, Other, Any };

Family familyOf(c10::TypePtr type)
{
    while (type->kind() == c10::TypeKind::OptionalType) {
        type = type->expectRef<c10::OptionalType>().getElementType();
    }
    switch (type->kind()) {
    case c10::TypeKind::TensorType:
        return Family::Tensor;
    case c10::TypeKind::ListType:
        return Family::List;
    case c10::TypeKind::VarType:
    case c10::TypeKind::AnyType:
        return Family::Any;
    default:
        return Family::Other;
    }
}

c10::TypePtr typeOf(const Graph& graph, ValueIndex index)
{
    const Value& value = graph.value(index);
    if (!value.producer) {
        return c10::TensorType::get();
    }
    const Node& node = graph.node(*value.producer);
    for (std::size_t k = 0; k < node.outputs.size(); ++k) {
        if (node.outputs[k] == index) {
            return node.kernel->schema().returns()[k].type();
        }
    }
    BITLOOM_ASSERT(false);
}

/// Checks the arguments of one call against the schema and brings constants into the schema's
/// types.
class ArgumentFitter {
public:
    ArgumentFitter(const Graph& graph, const Operator& op) : m_graph(graph), m_op(op) {}

    std::vector<Argument> fit(std::vector<Argument> args) const
    {
        const auto& declared = m_op.schema().arguments();
        BITLOOM_REQUIRE(args.size() <= declared.size(), ErrorCode::InvalidArgument, m_op.name(),
                        " takes ", declared.size(), " arguments, ", args.size(), " were given");
        for (std::size_t i = 0; i < declared.size(); ++i) {
            if (i == args.size()) {
                BITLOOM_REQUIRE(declared[i].default_value().has_value(), ErrorCode::InvalidArgument,
                                m_op.name(), " needs the argument \"", declared[i].name(), "\"");
                args.push_back({*declared[i].default_value()});
            }
            args[i] =
                fitOne(std::move(args[i]), declared[i].type(), declared[i].N(), declared[i].name());
        }
        return args;
    }

private:
    Argument fitOne(Argument argument, const c10::TypePtr& type,
                    std::optional<std::int32_t> listLength, const std::string& name) const
    {
        if (argument.isValue()) {
            checkValue(argument.value(), type, name);
            return argument;
        }
        if (argument.isConstant()) {
            return {fitted(argument.constant(), type, listLength, name)};
        }
        c10::TypePtr list = type;
        while (list->kind() == c10::TypeKind::OptionalType) {
            list = list->expectRef<c10::OptionalType>().getElementType();
        }
        BITLOOM_REQUIRE(list->kind() == c10::TypeKind::ListType, ErrorCode::InvalidArgument,
                        m_op.name(), ": the argument \"", name, "\" is ", type->str(),
                        ", a list was given");
        const c10::TypePtr elementType = list->expectRef<c10::ListType>().getElementType();
        bool allConstant = true;
        std::vector<Argument> items;
        for (const Argument& item : argument.list()) {
            items.push_back(fitOne(item, elementType, std::nullopt, name));
            allConstant = allConstant && items.back().isConstant();
        }
        if (!allConstant) {
            return {std::move(items)};
        }
        c10::impl::GenericList constants(elementType);
        for (const Argument& item : items) {
            constants.push_back(item.constant());
        }
        return {c10::IValue(constants)};
    }

    void checkValue(ValueIndex index, const c10::TypePtr& type, const std::string& name) const
    {
        BITLOOM_REQUIRE(toSize(index) < m_graph.values().size(), ErrorCode::InvalidArgument,
                        m_op.name(), ": the argument \"", name,
                        "\" is a value that does not exist (yet)");
        const c10::TypePtr actual = typeOf(m_graph, index);
        const Family given = familyOf(actual);
        const Family wanted = familyOf(type);
        BITLOOM_REQUIRE(given == wanted || given == Family::Any || wanted == Family::Any,
                        ErrorCode::InvalidArgument, m_op.name(), ": the argument \"", name,
                        "\" is ", type->str(), ", but the value \"", m_graph.value(index).name,
                        "\" is ", actual->str());
    }

    c10::IValue fitted(const c10::IValue& value, const c10::TypePtr& type,
                       std::optional<std::int32_t> listLength, const std::string& name) const
    {
        BITLOOM_REQUIRE(isSupportedConstant(value), ErrorCode::InvalidArgument, m_op.name(),
                        ": the argument \"", name, "\" is a constant of type ", value.tagKind(),
                        value.isTensor() ? "; add the tensor as a parameter"
                                         : ", which a graph cannot hold");
        auto result = fitConstant(value, type, listLength);
        BITLOOM_REQUIRE(result.has_value(), ErrorCode::InvalidArgument, m_op.name(),
                        ": the argument \"", name, "\" is ", type->str(), ", which ",
                        constantText(value), " is not");
        return std::move(*result);
    }

    const Graph& m_graph;
    const Operator& m_op;
};

/// Which nodes an output needs, found backwards.
std::vector<bool> neededValues(const Graph& graph, const std::vector<ValueIndex>& outputs)
{
    std::vector<bool> needed(graph.values().size(), false);
    for (const ValueIndex output : outputs) {
        needed[toSize(output)] = true;
    }
    for (auto node = graph.nodes().rbegin(); node != graph.nodes().rend(); ++node) {
        bool alive = false;
        for (const ValueIndex output : node->outputs) {
            alive = alive || needed[toSize(output)];
        }
        if (!alive) {
            continue;
        }
        for (const ValueIndex output : node->outputs) {
            needed[toSize(output)] = true;
        }
        for (const Argument& argument : node->args) {
            forEachValue(argument, [&](ValueIndex value) { needed[toSize(value)] = true; });
        }
    }
    for (const ValueIndex input : graph.inputs()) {
        needed[toSize(input)] = true;
    }
    return needed;
}

void renumber(Argument& argument, const std::vector<ValueIndex>& newIndex)
{
    if (argument.isValue()) {
        argument.content = newIndex[toSize(argument.value())];
    } else if (argument.isList()) {
        for (Argument& item : std::get<std::vector<Argument>>(argument.content)) {
            renumber(item, newIndex);
        }
    }
}

} // namespace

GraphBuilder::GraphBuilder(std::string name)
{
    m_graph.m_name = std::move(name);
}

ValueIndex GraphBuilder::addValue(const std::string& wantedName, std::optional<NodeIndex> producer,
                                  std::optional<ParameterIndex> parameter)
{
    BITLOOM_REQUIRE(m_graph.m_values.size() < std::size_t{std::numeric_limits<std::int32_t>::max()},
                    ErrorCode::Unsupported, "a graph holds at most 2147483647 values");
    std::string name = wantedName;
    for (int suffix = 1; !m_valueNames.insert(name).second; ++suffix) {
        name = wantedName + "_" + std::to_string(suffix);
    }
    m_graph.m_values.push_back({std::move(name), producer, parameter});
    return ValueIndex{static_cast<std::int32_t>(m_graph.m_values.size() - 1)};
}

ValueIndex GraphBuilder::addInput(const std::string& name, std::vector<std::int64_t> shapeAtBatch1)
{
    const ValueIndex value = addValue(name, std::nullopt, std::nullopt);
    m_graph.m_inputs.push_back(value);
    m_graph.m_inputShapes.push_back(std::move(shapeAtBatch1));
    return value;
}

ValueIndex GraphBuilder::addParameter(const std::string& name, at::Tensor tensor, bool isBuffer)
{
    BITLOOM_REQUIRE(tensor.defined(), ErrorCode::InvalidArgument, "the parameter \"", name,
                    "\" has no data");
    BITLOOM_REQUIRE(m_parameterNames.insert(name).second, ErrorCode::InvalidArgument,
                    "there are two parameters called \"", name, "\"");
    const ParameterIndex index{static_cast<std::int32_t>(m_graph.m_parameters.size())};
    const ValueIndex value = addValue(name, std::nullopt, index);
    m_graph.m_parameters.push_back({name, std::move(tensor), isBuffer, value});
    return value;
}

std::vector<ValueIndex> GraphBuilder::addNode(const std::string& op, std::vector<Argument> args,
                                              const std::string& scope,
                                              const std::string& valueName)
{
    std::vector<std::string> names{valueName};
    const std::size_t numResults = findOperator(op)->schema().returns().size();
    for (std::size_t k = 1; k < numResults; ++k) {
        names.push_back(valueName + ":" + std::to_string(k));
    }
    return addNode(op, std::move(args), scope, names);
}

std::vector<ValueIndex> GraphBuilder::addNode(const std::string& op, std::vector<Argument> args,
                                              const std::string& scope,
                                              const std::vector<std::string>& valueNames)
{
    auto kernel = findOperator(op);
    if (writesArguments(*kernel)) {
        const auto pure = functionalVariant(op);
        fail(ErrorCode::Unsupported, op, " writes to its argument; ",
             pure ? "use " + *pure : "only operators without side effects can be part of a graph");
    }
    const std::size_t numResults = kernel->schema().returns().size();
    BITLOOM_REQUIRE(numResults > 0, ErrorCode::Unsupported, op,
                    " has no result, so it cannot be part of a graph");
    BITLOOM_REQUIRE(valueNames.size() == numResults, ErrorCode::InvalidArgument, op, " has ",
                    numResults, " results, ", valueNames.size(), " names were given");
    args = ArgumentFitter(m_graph, *kernel).fit(std::move(args));
    const NodeIndex index{static_cast<std::int32_t>(m_graph.m_nodes.size())};
    std::vector<ValueIndex> outputs;
    outputs.reserve(valueNames.size());
    for (const std::string& name : valueNames) {
        outputs.push_back(addValue(name, index, std::nullopt));
    }
    m_graph.m_nodes.push_back({op, std::move(kernel), std::move(args), outputs, scope});
    return outputs;
}

ValueIndex GraphBuilder::add(const std::string& op, std::vector<Argument> args,
                             const std::string& scope, const std::string& valueName)
{
    const auto outputs = addNode(op, std::move(args), scope, valueName);
    BITLOOM_REQUIRE(outputs.size() == 1, ErrorCode::InvalidArgument, op, " has ", outputs.size(),
                    " results, one was expected");
    return outputs.front();
}

Graph GraphBuilder::finish(const std::vector<ValueIndex>& outputs)
{
    BITLOOM_REQUIRE(!m_graph.m_inputs.empty(), ErrorCode::InvalidArgument,
                    "the graph has no input");
    BITLOOM_REQUIRE(!outputs.empty(), ErrorCode::InvalidArgument, "the graph has no output");
    for (const ValueIndex output : outputs) {
        BITLOOM_REQUIRE(toSize(output) < m_graph.m_values.size(), ErrorCode::InvalidArgument,
                        "an output of the graph is a value that does not exist");
    }
    const std::vector<bool> needed = neededValues(m_graph, outputs);
    std::vector<ValueIndex> newIndex(m_graph.m_values.size(), kNoValue);
    Graph result;
    result.m_name = m_graph.m_name;
    result.m_inputShapes = m_graph.m_inputShapes;
    for (std::size_t i = 0; i < needed.size(); ++i) {
        if (needed[i]) {
            newIndex[i] = ValueIndex{static_cast<std::int32_t>(result.m_values.size())};
            result.m_values.push_back(
                {std::move(m_graph.m_values[i].name), std::nullopt, std::nullopt});
        }
    }
    for (Parameter& parameter : m_graph.m_parameters) {
        if (needed[toSize(parameter.value)]) {
            parameter.value = newIndex[toSize(parameter.value)];
            result.m_values[toSize(parameter.value)].parameter =
                ParameterIndex{static_cast<std::int32_t>(result.m_parameters.size())};
            result.m_parameters.push_back(std::move(parameter));
        }
    }
    for (Node& node : m_graph.m_nodes) {
        if (!needed[toSize(node.outputs.front())]) {
            continue;
        }
        for (Argument& argument : node.args) {
            renumber(argument, newIndex);
        }
        for (ValueIndex& output : node.outputs) {
            output = newIndex[toSize(output)];
            result.m_values[toSize(output)].producer =
                NodeIndex{static_cast<std::int32_t>(result.m_nodes.size())};
        }
        result.m_nodes.push_back(std::move(node));
    }
    for (const ValueIndex input : m_graph.m_inputs) {
        result.m_inputs.push_back(newIndex[toSize(input)]);
    }
    for (const ValueIndex output : outputs) {
        result.m_outputs.push_back(newIndex[toSize(output)]);
    }
    *this = GraphBuilder(result.m_name);
    return result;
}

Argument argInts(std::vector<std::int64_t> numbers)
{
    return {c10::IValue(std::move(numbers))};
}

Argument argNone()
{
    return {c10::IValue()};
}

} // namespace bitloom::graph
