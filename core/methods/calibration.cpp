// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/calibration.h"

#include "core/base/error.h"
#include "core/graph/executor.h"
#include "core/methods/quantized_executor.h"
#include "core/quant/observer.h"

#include <ATen/ops/aminmax.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace bitloom {

namespace {

bool isRounded(const QuantSpec& spec)
{
    return !spec.isFloat() && !spec.isPruned();
}

/// One activation tensor with one observer per plan that rounds it.
struct ObservedTensor {
    struct PlanObserver {
        std::size_t plan = 0;
        RangeObserver observer;
    };
    std::string name;
    graph::ValueIndex value = graph::kNoValue;
    std::vector<PlanObserver> observers;
    std::optional<ValueRange> seen;

    void observe(const at::Tensor& x, int pass)
    {
        withContext("activation " + name, [&] {
            for (PlanObserver& each : observers) {
                if (pass < each.observer.numPasses()) {
                    each.observer.observe(x);
                }
            }
        });
        if (pass == 0) {
            const auto [low, high] = at::aminmax(x.detach().to(at::kCPU, at::kFloat));
            const ValueRange batch{low.item<float>(), high.item<float>()};
            seen =
                seen ? ValueRange{std::min(seen->low, batch.low), std::max(seen->high, batch.high)}
                     : batch;
        }
    }
};

std::vector<ObservedTensor> tensorsToObserve(const LoadedModel& model,
                                             std::span<const BitPlan> plans)
{
    std::vector<ObservedTensor> observed;
    for (const TensorInfo& tensor : model.info.tensors) {
        ObservedTensor item{
            tensor.name, activationSite(model, tensor.name).value, {}, std::nullopt};
        for (std::size_t p = 0; p < plans.size(); ++p) {
            const TensorPlan* entry = plans[p].findTensor(tensor.name);
            if (entry != nullptr && isRounded(entry->activation)) {
                const int axis = tensor.shape.size() > 1 ? 1 : 0;
                item.observers.push_back({p, RangeObserver(entry->activation, axis)});
            }
        }
        if (!item.observers.empty()) {
            observed.push_back(std::move(item));
        }
    }
    return observed;
}

/// Runs the float model over all images, passes times. False when cancelled.
bool observeAll(const LoadedModel& model, std::vector<ObservedTensor>& observed, int passes,
                BatchLoader& images, c10::Device device, RunControl& control)
{
    constexpr std::size_t kFew = 2; // outputs stay in memory to the end of a run
    int pass = 0;
    graph::ExecutorOptions options;
    for (ObservedTensor& item : observed) {
        if (observed.size() <= kFew) { // as for a single layer: nothing beyond it is computed
            options.outputs.push_back(item.value);
        }
        options.observers.push_back(
            {item.value,
             [&item, &pass](graph::ValueIndex, const at::Tensor& x) { item.observe(x, pass); }});
    }
    const graph::Executor executor(graphOn(model, device), std::move(options));
    for (; pass < passes; ++pass) {
        const std::string phase =
            "calibrating, pass " + std::to_string(pass + 1) + " of " + std::to_string(passes);
        std::int64_t done = 0;
        images.startEpoch(0);
        while (std::optional<Batch> batch = images.next()) {
            if (control.shouldStop() ||
                !executor.run({batch->images.to(device)}, control.stopToken())) {
                return false;
            }
            done += batch->images.size(0);
            control.report({phase, done, images.imageCount(), "images"});
        }
        if (images.stopped()) {
            return false;
        }
        for (ObservedTensor& item : observed) {
            for (auto& each : item.observers) {
                if (pass < each.observer.numPasses()) {
                    each.observer.nextPass();
                }
            }
        }
    }
    return true;
}

} // namespace

bool needsCalibrationImages(const BitPlan& plan)
{
    return std::any_of(plan.tensors.begin(), plan.tensors.end(), [](const TensorPlan& tensor) {
        return isRounded(tensor.activation) && !tensor.activation.range;
    });
}

std::optional<QuantParams> weightGrid(const LoadedModel& model, std::size_t index,
                                      const QuantSpec& spec)
{
    if (!isRounded(spec)) {
        return std::nullopt;
    }
    const LayerInfo& layer = model.info.layers[index];
    const QuantParams* stored = model.stored ? model.stored->weightGrid(layer.name, spec) : nullptr;
    if (stored != nullptr) {
        return *stored;
    }
    return chooseQuantParams(model.graph->parameter(model.layers[index].weight.value()).tensor,
                             spec, layer.weightAxis);
}

QuantState weightGrids(const LoadedModel& model, const BitPlan& plan)
{
    QuantState state;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const std::string& layer = model.info.layers[i].name;
        const LayerPlan* entry = plan.findLayer(layer);
        if (!model.layers[i].weight || entry == nullptr) {
            continue;
        }
        withContext("layer " + layer, [&] {
            if (auto grid = weightGrid(model, i, entry->weight)) {
                state.weights[layer] = std::move(*grid);
            }
        });
    }
    return state;
}

std::optional<std::vector<QuantState>> calibrate(const LoadedModel& model,
                                                 std::span<const BitPlan> plans,
                                                 BatchLoader* images, c10::Device device,
                                                 RunControl& control)
{
    const c10::InferenceMode inference;
    std::vector<QuantState> states;
    for (const BitPlan& plan : plans) {
        if (control.shouldStop()) {
            return std::nullopt;
        }
        checkPlanAgainst(plan, model.info);
        states.push_back(weightGrids(model, plan));
    }
    std::vector<ObservedTensor> observed = tensorsToObserve(model, plans);
    int passes = 0;
    for (const ObservedTensor& item : observed) {
        for (const auto& each : item.observers) {
            passes = std::max(passes, each.observer.numPasses());
        }
    }
    BITLOOM_REQUIRE(passes == 0 || images != nullptr, ErrorCode::InvalidArgument,
                    "the plan quantizes activations whose ranges are not known: give calibration "
                    "images with --data");
    if (passes > 0 && !observeAll(model, observed, passes, *images, device, control)) {
        return std::nullopt;
    }
    for (ObservedTensor& item : observed) {
        for (auto& each : item.observers) {
            QuantState& state = states[each.plan];
            withContext("activation " + item.name,
                        [&] { state.activations[item.name] = each.observer.finish(); });
            if (item.seen) {
                state.activationRanges[item.name] = *item.seen;
            }
        }
    }
    return states;
}

std::optional<QuantState> calibrate(const LoadedModel& model, const BitPlan& plan,
                                    BatchLoader* images, c10::Device device, RunControl& control)
{
    auto states = calibrate(model, std::span(&plan, 1), images, device, control);
    if (!states) {
        return std::nullopt;
    }
    return std::move(states->front());
}

} // namespace bitloom
