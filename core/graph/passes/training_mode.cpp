// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/training_mode.h"

#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/torch_errors.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

namespace bitloom::graph {
namespace {

bool lacksRunningStatistics(const Node& node)
{
    const auto position = argumentPosition(node, "running_mean");
    return position && !node.args[*position].isValue();
}

bool namesDevice(const Graph& graph)
{
    return std::ranges::any_of(graph.nodes(), [](const Node& node) {
        return std::ranges::any_of(node.args, [](const Argument& argument) {
            return argument.isConstant() && argument.constant().isDevice();
        });
    });
}

/// Sets every constant argument of one of these names.
Graph withFlags(GraphRewriter rewriter, const Graph& graph,
                std::initializer_list<const char*> names, bool value)
{
    for (const Node& node : graph.nodes()) {
        std::vector<Argument> args = rewriter.mapped(node.args);
        for (const char* name : names) {
            const auto position = argumentPosition(node, name);
            if (position && args[*position].isConstant() && args[*position].constant().isBool() &&
                !lacksRunningStatistics(node)) {
                args[*position] = arg(value);
            }
        }
        rewriter.copy(node, std::move(args));
    }
    return rewriter.finish();
}

} // namespace

Graph withTrainingMode(const Graph& graph, bool isTraining)
{
    GraphRewriter rewriter(graph, [isTraining](const Parameter& parameter) {
        return isTraining && parameter.isBuffer ? parameter.tensor.clone() : parameter.tensor;
    });
    return withFlags(std::move(rewriter), graph, {"training", "train"}, isTraining);
}

Graph withDropout(const Graph& graph, bool isActive)
{
    return withFlags(GraphRewriter(graph), graph, {"train"}, isActive); // of dropout only
}

Graph toDevice(const Graph& graph, c10::Device device)
{
    return translateTorchErrors("moving " + graph.name() + " to " + device.str(), [&] {
        if (!namesDevice(graph)) { // nothing but tensors changes: values keep their numbers
            std::vector<std::pair<std::string, at::Tensor>> moved;
            for (const Parameter& parameter : graph.parameters()) {
                moved.emplace_back(parameter.name, parameter.tensor.to(device));
            }
            return graph.withParameters(moved);
        }
        GraphRewriter rewriter(
            graph, [device](const Parameter& parameter) { return parameter.tensor.to(device); });
        for (const Node& node : graph.nodes()) {
            std::vector<Argument> args = rewriter.mapped(node.args);
            for (Argument& argument : args) {
                if (argument.isConstant() && argument.constant().isDevice()) {
                    argument = arg(device);
                }
            }
            rewriter.copy(node, std::move(args));
        }
        return rewriter.finish();
    });
}

} // namespace bitloom::graph
