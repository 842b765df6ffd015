// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/plan_edit.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <unordered_set>

namespace bitloom {

namespace {

template <typename T>
void assignIfGiven(T& target, const std::optional<T>& value)
{
    if (value) {
        target = *value;
    }
}

/// First and last layer with a weight; both nullptr if there is none.
struct Boundary {
    const LayerInfo* first = nullptr;
    const LayerInfo* last = nullptr;
    bool contains(const LayerInfo& layer) const { return &layer == first || &layer == last; }
};

Boundary findBoundary(const ModelInfo& model)
{
    Boundary boundary;
    for (const LayerInfo& layer : model.layers) {
        if (!layer.weight.empty()) {
            boundary.first = boundary.first == nullptr ? &layer : boundary.first;
            boundary.last = &layer;
        }
    }
    return boundary;
}

[[noreturn]] void failNothingMatches(const BitPlan& plan, std::string_view glob)
{
    std::vector<std::string> names;
    for (const LayerPlan& layer : plan.layers) {
        names.push_back(layer.name);
    }
    for (const TensorPlan& tensor : plan.tensors) {
        names.push_back(tensor.name);
    }
    fail(ErrorCode::NotFound, "no layer or tensor of the plan matches '", glob,
         "'; the nearest names are ", joinForPeople(nearestNames(glob, names)));
}

} // namespace

std::vector<std::string> boundaryLayers(const ModelInfo& model)
{
    const Boundary boundary = findBoundary(model);
    std::vector<std::string> names;
    for (const LayerInfo* layer : {boundary.first, boundary.last}) {
        if (layer != nullptr && (names.empty() || names.front() != layer->name)) {
            names.push_back(layer->name);
        }
    }
    return names;
}

BitPlan makeUniformPlan(const ModelInfo& model, const UniformPlanOptions& options)
{
    const Boundary boundary = findBoundary(model);
    std::unordered_set<std::string> boundaryInputs;
    if (options.boundaryBits) {
        for (const LayerInfo* layer : {boundary.first, boundary.last}) {
            if (layer != nullptr) {
                boundaryInputs.insert(layer->inputs.begin(), layer->inputs.end());
            }
        }
    }
    BitPlan plan;
    plan.modelName = model.name;
    plan.modelFingerprint = model.fingerprint;
    for (const LayerInfo& layer : model.layers) {
        LayerPlan entry;
        entry.name = layer.name;
        entry.hasWeight = !layer.weight.empty();
        if (entry.hasWeight) {
            const bool atBoundary = options.boundaryBits && boundary.contains(layer);
            entry.weight.bits = atBoundary ? *options.boundaryBits : options.weightBits;
            entry.weight.scheme = options.weightScheme;
            entry.weight.granularity = options.weightGranularity;
            entry.weight.observer = options.weightObserver;
            requireValid(entry.weight, "weight");
        }
        plan.layers.push_back(std::move(entry));
    }
    for (const TensorInfo& tensor : model.tensors) {
        TensorPlan entry;
        entry.name = tensor.name;
        entry.readers = tensor.readers;
        entry.activation.scheme = options.activationScheme;
        entry.activation.observer = options.activationObserver;
        if (!tensor.isModelInput || options.quantizeInput) {
            entry.activation.bits = boundaryInputs.contains(tensor.name) ? *options.boundaryBits
                                                                         : options.activationBits;
        }
        requireValid(entry.activation, "activation");
        plan.tensors.push_back(std::move(entry));
    }
    return plan;
}

namespace {

/// Edits the layers and tensors that the predicates name; plan is unchanged if an entry is illegal.
template <typename LayerPredicate, typename TensorPredicate>
PlanEditResult applyEdit(BitPlan& plan, const PlanEdit& edit, const LayerPredicate& isLayerMeant,
                         const TensorPredicate& isTensorMeant)
{
    PlanEditResult result;
    BitPlan edited = plan;
    std::unordered_set<std::string> matched;
    for (LayerPlan& layer : edited.layers) {
        if (!isLayerMeant(layer.name)) {
            continue;
        }
        matched.insert(layer.name);
        result.layers.push_back(layer.name);
        if (layer.hasWeight) {
            assignIfGiven(layer.weight.bits, edit.weightBits);
            assignIfGiven(layer.weight.scheme, edit.weightScheme);
            assignIfGiven(layer.weight.granularity, edit.weightGranularity);
            assignIfGiven(layer.weight.observer, edit.weightObserver);
            assignIfGiven(layer.weight.percentile, edit.weightPercentile);
            assignIfGiven(layer.weight.range, edit.weightRange);
            requireValid(layer.weight, layer.name + ": weight");
        }
    }
    std::unordered_set<std::string> others;
    for (TensorPlan& tensor : edited.tensors) {
        const bool byReader =
            std::any_of(tensor.readers.begin(), tensor.readers.end(),
                        [&](const std::string& reader) { return matched.contains(reader); });
        if (!edit.changesActivations() || (!byReader && !isTensorMeant(tensor.name))) {
            continue;
        }
        assignIfGiven(tensor.activation.bits, edit.activationBits);
        assignIfGiven(tensor.activation.scheme, edit.activationScheme);
        assignIfGiven(tensor.activation.observer, edit.activationObserver);
        assignIfGiven(tensor.activation.percentile, edit.activationPercentile);
        assignIfGiven(tensor.activation.range, edit.activationRange);
        requireValid(tensor.activation, tensor.name + ": activation");
        result.tensors.push_back(tensor.name);
        for (const std::string& reader : tensor.readers) {
            if (!matched.contains(reader) && others.insert(reader).second) {
                result.otherReaders.push_back(reader);
            }
        }
    }
    plan = std::move(edited);
    return result;
}

} // namespace

bool PlanEdit::changesWeights() const
{
    return weightBits || weightScheme || weightGranularity || weightObserver || weightPercentile ||
           weightRange;
}

bool PlanEdit::changesActivations() const
{
    return activationBits || activationScheme || activationObserver || activationPercentile ||
           activationRange;
}

PlanEditResult editPlan(BitPlan& plan, std::string_view glob, const PlanEdit& edit)
{
    return editPlan(plan, std::vector<std::string>{std::string(glob)}, edit);
}

PlanEditResult editPlan(BitPlan& plan, const std::vector<std::string>& globs, const PlanEdit& edit)
{
    const auto nameMatches = [](std::string_view glob) {
        return [glob](const auto& entry) { return globMatches(glob, entry.name); };
    };
    for (const std::string& glob : globs) {
        if (std::none_of(plan.layers.begin(), plan.layers.end(), nameMatches(glob)) &&
            std::none_of(plan.tensors.begin(), plan.tensors.end(), nameMatches(glob))) {
            failNothingMatches(plan, glob);
        }
    }
    const auto isMeant = [&globs](const std::string& name) {
        return std::any_of(globs.begin(), globs.end(),
                           [&](const std::string& glob) { return globMatches(glob, name); });
    };
    return applyEdit(plan, edit, isMeant, isMeant);
}

PlanEditResult editTensors(BitPlan& plan, const std::vector<std::string>& names,
                           const PlanEdit& edit)
{
    const std::unordered_set<std::string> wanted(names.begin(), names.end());
    for (const std::string& name : names) {
        if (plan.findTensor(name) == nullptr) {
            failNothingMatches(plan, name);
        }
    }
    return applyEdit(
        plan, edit, [](const std::string&) { return false; },
        [&](const std::string& name) { return wanted.contains(name); });
}

PlanEditResult editLayers(BitPlan& plan, const std::vector<std::string>& names,
                          const PlanEdit& edit)
{
    std::unordered_set<std::string> wanted(names.begin(), names.end());
    for (const std::string& name : names) {
        if (plan.findLayer(name) == nullptr) {
            failNothingMatches(plan, name);
        }
    }
    return applyEdit(
        plan, edit, [&](const std::string& name) { return wanted.contains(name); },
        [](const std::string&) { return false; });
}

} // namespace bitloom
