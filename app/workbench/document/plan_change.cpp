// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/plan_change.h"

#include "core/base/error.h"

#include <utility>

namespace bitloom::workbench {

namespace {
template <typename Entry, typename Change>
std::vector<Change> differences(const std::vector<Entry>& before, const std::vector<Entry>& after)
{
    BITLOOM_ASSERT(before.size() == after.size());
    std::vector<Change> changes;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] != after[i]) {
            changes.push_back({i, before[i], after[i]});
        }
    }
    return changes;
}
} // namespace

PlanChange PlanChange::reversed() const
{
    PlanChange change = *this;
    for (Layer& layer : change.layers) {
        std::swap(layer.before, layer.after);
    }
    for (Tensor& tensor : change.tensors) {
        std::swap(tensor.before, tensor.after);
    }
    return change;
}

void PlanChange::apply(BitPlan& plan) const
{
    for (const Layer& layer : layers) {
        plan.layers.at(layer.index) = layer.after;
    }
    for (const Tensor& tensor : tensors) {
        plan.tensors.at(tensor.index) = tensor.after;
    }
}

PlanChange changeBetween(const BitPlan& before, const BitPlan& after)
{
    return {differences<LayerPlan, PlanChange::Layer>(before.layers, after.layers),
            differences<TensorPlan, PlanChange::Tensor>(before.tensors, after.tensors)};
}

} // namespace bitloom::workbench
