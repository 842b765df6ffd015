// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_text.h"

#include "core/graph/constant.h"

#include <ATen/core/function_schema.h>
#include <ATen/ops/equal.h>

#include <map>

namespace bitloom::graph {
namespace {

std::string textOf(const Graph& graph, const Argument& argument)
{
    if (argument.isValue()) {
        return "%" + graph.value(argument.value()).name;
    }
    if (argument.isConstant()) {
        return constantText(argument.constant());
    }
    std::string text = "[";
    for (const Argument& item : argument.list()) {
        text += (text.size() > 1 ? ", " : "") + textOf(graph, item);
    }
    return text + "]";
}

std::string namesOf(const Graph& graph, const std::vector<ValueIndex>& values)
{
    std::string text;
    for (const ValueIndex value : values) {
        text += (text.empty() ? "%" : ", %") + graph.value(value).name;
    }
    return text;
}

std::string textOf(const Graph& graph, const Node& node)
{
    std::string arguments;
    const auto& declared = node.kernel->schema().arguments();
    for (std::size_t i = 0; i < node.args.size(); ++i) {
        // Positional while it reads well: the first arguments are tensors, the options after them
        // need their names.
        const bool named = node.args[i].isConstant();
        arguments += (i > 0 ? ", " : "") + (named ? declared[i].name() + "=" : "") +
                     textOf(graph, node.args[i]);
    }
    return namesOf(graph, node.outputs) + " = " + node.op + "(" + arguments + ")" +
           (node.scope.empty() ? "" : "   # " + node.scope);
}

std::string textOf(const at::Tensor& tensor)
{
    std::string text = c10::toString(tensor.scalar_type());
    text += "[";
    for (std::int64_t d = 0; d < tensor.dim(); ++d) {
        text += (d > 0 ? ", " : "") + std::to_string(tensor.size(d));
    }
    return text + "]";
}

std::string textOf(const Parameter& parameter)
{
    return (parameter.isBuffer ? "buffer " : "parameter ") + textOf(parameter.tensor);
}

/// Reports the entries of two name -> text maps that are missing or differ.
void diffMaps(const std::string& what, const std::map<std::string, std::string>& left,
              const std::map<std::string, std::string>& right,
              std::vector<std::string>& differences)
{
    for (const auto& [name, text] : left) {
        const auto other = right.find(name);
        if (other == right.end()) {
            differences.push_back(what + " " + name + " only left: " + text);
        } else if (other->second != text) {
            differences.push_back(what + " " + name + ": left " + text + ", right " +
                                  other->second);
        }
    }
    for (const auto& [name, text] : right) {
        if (!left.contains(name)) {
            differences.push_back(what + " " + name + " only right: " + text);
        }
    }
}

std::map<std::string, std::string> nodeTexts(const Graph& graph)
{
    std::map<std::string, std::string> texts;
    for (const Node& node : graph.nodes()) {
        texts.emplace(graph.value(node.outputs.front()).name, textOf(graph, node));
    }
    return texts;
}

std::map<std::string, std::string> parameterTexts(const Graph& graph)
{
    std::map<std::string, std::string> texts;
    for (const Parameter& parameter : graph.parameters()) {
        texts.emplace(parameter.name, textOf(parameter));
    }
    return texts;
}

bool sameData(const at::Tensor& left, const at::Tensor& right)
{
    return left.is_same(right) || at::equal(left, right.to(left.device()));
}

} // namespace

std::string toString(const Graph& graph)
{
    std::string text = "graph " + graph.name() + "\n";
    for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
        text += "input %" + graph.value(graph.inputs()[i]).name + " " +
                constantText(c10::IValue(graph.inputShapes()[i])) + "\n";
    }
    for (const Parameter& parameter : graph.parameters()) {
        text += (parameter.isBuffer ? "buffer %" : "parameter %") +
                graph.value(parameter.value).name + " " + textOf(parameter.tensor) + "\n";
    }
    for (const Node& node : graph.nodes()) {
        text += textOf(graph, node) + "\n";
    }
    return text + "return " + namesOf(graph, graph.outputs()) + "\n";
}

std::vector<std::string> diffGraphs(const Graph& left, const Graph& right)
{
    std::vector<std::string> differences;
    if (namesOf(left, left.inputs()) != namesOf(right, right.inputs()) ||
        left.inputShapes() != right.inputShapes()) {
        differences.push_back("inputs: left " + namesOf(left, left.inputs()) + ", right " +
                              namesOf(right, right.inputs()) + " (names or shapes)");
    }
    diffMaps("node", nodeTexts(left), nodeTexts(right), differences);
    diffMaps("parameter", parameterTexts(left), parameterTexts(right), differences);
    for (const Parameter& parameter : left.parameters()) {
        const Parameter* other = right.findParameter(parameter.name);
        if (other != nullptr && textOf(parameter) == textOf(*other) &&
            !sameData(parameter.tensor, other->tensor)) {
            differences.push_back("parameter " + parameter.name + ": the numbers differ");
        }
    }
    if (namesOf(left, left.outputs()) != namesOf(right, right.outputs())) {
        differences.push_back("outputs: left " + namesOf(left, left.outputs()) + ", right " +
                              namesOf(right, right.outputs()));
    }
    return differences;
}

} // namespace bitloom::graph
