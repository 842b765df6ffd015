// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/record_shapes.h"

#include "core/graph/executor.h"
#include "core/graph/operator_threads.h"

#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>

namespace bitloom::graph {
namespace {

bool isReadAsIndices(const Graph& graph, ValueIndex value)
{
    return std::ranges::any_of(graph.nodes(), [value](const Node& node) {
        return node.op == "aten::embedding" && node.args[1].isValue() &&
               node.args[1].value() == value;
    });
}

} // namespace

std::vector<c10::IValue> exampleInputs(const Graph& graph)
{
    at::TensorOptions options = at::TensorOptions(at::kCPU).dtype(at::kFloat);
    for (const Parameter& parameter : graph.parameters()) {
        if (parameter.tensor.is_floating_point()) {
            options = options.dtype(parameter.tensor.scalar_type());
            options =
                parameter.tensor.is_meta() ? options : options.device(parameter.tensor.device());
            break;
        }
    }
    std::vector<c10::IValue> inputs;
    for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
        const ValueIndex input = graph.inputs()[i];
        BITLOOM_REQUIRE(!graph.inputShapes()[i].empty(), ErrorCode::InvalidArgument,
                        "the shape of the input \"", graph.value(input).name, "\" of ",
                        graph.name(), " is not known; give it when opening the model");
        inputs.push_back(at::zeros(graph.inputShapes()[i], isReadAsIndices(graph, input)
                                                               ? options.dtype(at::kLong)
                                                               : options));
    }
    return inputs;
}

std::unordered_map<ValueIndex, RecordedTensor> recordTensors(const Graph& graph,
                                                             const std::vector<ValueIndex>& wanted)
{
    std::unordered_map<ValueIndex, RecordedTensor> recorded;
    ExecutorOptions options;
    for (const ValueIndex value : wanted) {
        if (recorded.try_emplace(value).second) {
            options.observers.push_back(
                {value, [&recorded](ValueIndex index, const at::Tensor& tensor) {
                     recorded[index] = {tensor.sizes().vec(), tensor.scalar_type()};
                 }});
        }
    }
    // The caller owns the graph and waits for this run: no need to copy it for the executor.
    const std::shared_ptr<const Graph> borrowed(std::shared_ptr<const Graph>(), &graph);
    Executor executor(borrowed, std::move(options));
    for (std::size_t i = 0; i < graph.parameters().size(); ++i) {
        const at::Tensor& tensor = graph.parameters()[i].tensor;
        if (tensor.is_meta()) {
            executor.setParameter(ParameterIndex{static_cast<std::int32_t>(i)},
                                  at::zeros(tensor.sizes(), tensor.options().device(at::kCPU)));
        }
    }
    const c10::InferenceMode inference;
    const OperatorThreads single(1); // one image: too little work to share
    executor.run(exampleInputs(graph));
    return recorded;
}

} // namespace bitloom::graph
