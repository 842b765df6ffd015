// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph.h"

#include "core/base/text.h"

#include <algorithm>
#include <span>
#include <unordered_map>

namespace bitloom::graph {

const Parameter* Graph::findParameter(std::string_view name) const
{
    const auto found = std::ranges::find(m_parameters, name, &Parameter::name);
    return found == m_parameters.end() ? nullptr : &*found;
}

std::optional<ValueIndex> Graph::findValue(std::string_view name) const
{
    const auto found = std::ranges::find(m_values, name, &Value::name);
    if (found == m_values.end()) {
        return std::nullopt;
    }
    return ValueIndex{static_cast<std::int32_t>(found - m_values.begin())};
}

Graph Graph::withInputShape(std::vector<std::int64_t> shapeAtBatch1) const
{
    BITLOOM_REQUIRE(m_inputs.size() == 1, ErrorCode::InvalidArgument, "the network has ",
                    m_inputs.size(), " inputs, an input shape can be given for one");
    Graph copy = *this;
    copy.m_inputShapes.front() = std::move(shapeAtBatch1);
    return copy;
}

Graph Graph::withParameters(
    const std::vector<std::pair<std::string, at::Tensor>>& replacements) const
{
    Graph result = *this;
    std::unordered_map<std::string_view, Parameter*> byName;
    for (Parameter& parameter : result.m_parameters) {
        byName.emplace(parameter.name, &parameter);
    }
    for (const auto& [name, tensor] : replacements) {
        const auto found = byName.find(name);
        if (found == byName.end()) {
            std::vector<std::string> names;
            for (const Parameter& parameter : m_parameters) {
                names.push_back(parameter.name);
            }
            fail(ErrorCode::NotFound, "the model has no parameter \"", name,
                 "\"; nearest: ", joinForPeople(nearestNames(name, names)));
        }
        Parameter& parameter = *found->second;
        BITLOOM_REQUIRE(tensor.defined() && tensor.sizes() == parameter.tensor.sizes(),
                        ErrorCode::ShapeMismatch, "parameter \"", name, "\" has the shape ",
                        shapeText(parameter.tensor.sizes()), ", its replacement ",
                        tensor.defined() ? shapeText(tensor.sizes()) : "no data");
        parameter.tensor = tensor;
    }
    return result;
}

std::string describe(const Graph& graph, const Node& node)
{
    const std::string name = node.outputs.empty() ? "" : graph.value(node.outputs.front()).name;
    return "\"" + name + "\" (" + node.op + (node.scope.empty() ? "" : " in " + node.scope) + ")";
}

} // namespace bitloom::graph
