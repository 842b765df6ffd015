// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/quantized_executor.h"

#include "core/base/error.h"
#include "core/graph/passes/training_mode.h"
#include "core/quant/uniform_quantizer.h"

#include <memory>
#include <set>
#include <utility>

#include <unordered_set>

namespace bitloom {

namespace {

const QuantParams& calibratedGrid(const std::map<std::string, QuantParams>& grids,
                                  const std::string& name)
{
    const auto found = grids.find(name);
    BITLOOM_REQUIRE(found != grids.end(), ErrorCode::InvalidArgument, name,
                    " has integer bits in the plan but no range: calibrate it with images first");
    return found->second;
}

QuantParams paramsFor(const QuantSpec& spec, const std::map<std::string, QuantParams>& grids,
                      const std::string& name)
{
    return spec.isPruned() ? prunedParams() : calibratedGrid(grids, name);
}

} // namespace

std::shared_ptr<const graph::Graph> graphOn(const LoadedModel& model, c10::Device device)
{
    return device.is_cpu()
               ? model.graph
               : std::make_shared<const graph::Graph>(graph::toDevice(*model.graph, device));
}

ActivationSite activationSite(const LoadedModel& model, const std::string& tensor)
{
    const std::optional<graph::ValueIndex> value = model.graph->findValue(tensor);
    BITLOOM_REQUIRE(value.has_value(), ErrorCode::NotFound, "the model has no activation tensor '",
                    tensor, "'");
    ActivationSite site{*value, {}};
    for (const graph::LayerSite& layer : model.layers) {
        for (const graph::LayerSite::Input& input : layer.inputs) {
            if (input.value == *value) {
                site.readers.push_back(input.reader);
            }
        }
    }
    BITLOOM_REQUIRE(!site.readers.empty(), ErrorCode::NotFound, "no layer reads the tensor '",
                    tensor, "'");
    return site;
}

ActivationSite activationSite(const LoadedModel& model, const TensorPlan& tensor)
{
    if (tensor.quantizedAt.empty()) {
        return activationSite(model, tensor.name);
    }
    const std::optional<graph::ValueIndex> value = model.graph->findValue(tensor.quantizedAt);
    BITLOOM_REQUIRE(value.has_value(), ErrorCode::ModelMismatch, "the plan quantizes the tensor '",
                    tensor.name, "' at '", tensor.quantizedAt, "', which the model does not have");
    return {*value, {}};
}

graph::ExecutorOptions activationQuantizers(const LoadedModel& model, const BitPlan& plan,
                                            const QuantState& state, c10::Device device)
{
    graph::ExecutorOptions options;
    std::unordered_set<std::string> quantized; // values that several entries share
    for (const TensorPlan& tensor : plan.tensors) {
        if (tensor.activation.isFloat() ||
            (!tensor.quantizedAt.empty() && !quantized.insert(tensor.quantizedAt).second)) {
            continue;
        }
        ActivationSite site = activationSite(model, tensor);
        auto quantizer = std::make_shared<const UniformQuantizer>(
            paramsFor(tensor.activation, state.activations, tensor.name), device);
        options.attachments.push_back(
            {site.value, std::move(site.readers),
             [quantizer](const at::Tensor& x) { return quantizer->fakeQuantize(x); }});
    }
    return options;
}

graph::Executor makeQuantizedExecutor(const LoadedModel& model, const BitPlan& plan,
                                      const QuantState& state, c10::Device device)
{
    checkPlanAgainst(plan, model.info);
    graph::Executor executor(graphOn(model, device),
                             activationQuantizers(model, plan, state, device));
    std::set<graph::ParameterIndex> done; // a weight that layers share is on the first one's grid
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const graph::LayerSite& site = model.layers[i];
        const LayerPlan* entry = plan.findLayer(model.info.layers[i].name);
        if (!site.weight || entry == nullptr || entry->weight.isFloat() ||
            !done.insert(*site.weight).second) {
            continue;
        }
        const UniformQuantizer quantizer(paramsFor(entry->weight, state.weights, entry->name),
                                         device);
        executor.setParameter(
            *site.weight, quantizer.fakeQuantize(executor.graph().parameter(*site.weight).tensor));
    }
    return executor;
}

graph::Executor makeStoredExecutor(const LoadedModel& model, c10::Device device)
{
    std::shared_ptr<const graph::Graph> network = graphOn(model, device);
    if (!model.stored) {
        return graph::Executor(std::move(network));
    }
    return graph::Executor(std::move(network), activationQuantizers(model, model.stored->plan,
                                                                    model.stored->state, device));
}

} // namespace bitloom
