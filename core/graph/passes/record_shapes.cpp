// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/record_shapes.h"

#include "core/graph/executor.h"
#include "core/graph/operator_threads.h"
#include "core/graph/passes/meta_kernels.h"

#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>
#include <utility>

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

namespace {

using Recorded = std::unordered_map<ValueIndex, RecordedTensor>;

/// Runs the network on tensors of the device, which is Meta (shapes only) or the parameters' own.
Recorded recordOn(const Graph& graph, const std::vector<ValueIndex>& wanted, bool onMeta)
{
    Recorded recorded;
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
        const ParameterIndex index{static_cast<std::int32_t>(i)};
        if (onMeta) {
            executor.setParameter(index, tensor.to(at::kMeta));
        } else if (tensor.is_meta()) {
            executor.setParameter(index,
                                  at::zeros(tensor.sizes(), tensor.options().device(at::kCPU)));
        }
    }
    std::vector<c10::IValue> inputs = exampleInputs(graph);
    for (c10::IValue& input : inputs) {
        input = onMeta ? input.toTensor().to(at::kMeta) : input;
    }
    const OperatorThreads single(1); // one image: too little work to share
    executor.run(std::move(inputs));
    return recorded;
}

} // namespace

Recorded recordTensors(const Graph& graph, const std::vector<ValueIndex>& wanted)
{
    const c10::InferenceMode inference;
    registerMetaKernels();
    try {
        return recordOn(graph, wanted, true);
    } catch (const Error&) {
        // An operator without Meta kernel, or an input that does not fit: the real run decides, and
        // its error names the cause.
        return recordOn(graph, wanted, false);
    }
}

} // namespace bitloom::graph
