// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/sensitivity_losses.h"

#include "core/base/error.h"

#include <cmath>

namespace bitloom {

SensitivityLosses::SensitivityLosses(const SensitivityTable& table, SensitivityMetric metric)
{
    for (const SensitivityEntry& entry : table.entries) {
        const double loss = lossOf(table, entry, metric);
        BITLOOM_REQUIRE(std::isfinite(loss), ErrorCode::NonFinite, "the sensitivity of the ",
                        toString(entry.target), " of ", entry.name, " at ", entry.bits, " bits is ",
                        loss);
        auto& side = entry.target == SensitivityTarget::Weight ? m_weights : m_activations;
        side[entry.name][entry.bits] = loss;
    }
}

const SensitivityLosses::ByBits* SensitivityLosses::find(SensitivityTarget target,
                                                         const std::string& name) const
{
    const auto& side = target == SensitivityTarget::Weight ? m_weights : m_activations;
    const auto found = side.find(name);
    return found == side.end() ? nullptr : &found->second;
}

bool SensitivityLosses::isMeasured(SensitivityTarget target, const std::string& name,
                                   int bits) const
{
    const ByBits* widths = find(target, name);
    return bits == kFloatBits || (widths != nullptr && widths->contains(bits));
}

double SensitivityLosses::at(SensitivityTarget target, const std::string& name, int bits) const
{
    if (bits == kFloatBits) {
        return 0.0;
    }
    if ((target == SensitivityTarget::Weight ? m_weights : m_activations).empty()) {
        return 0.0;
    }
    const ByBits* widths = find(target, name);
    BITLOOM_REQUIRE(widths != nullptr, ErrorCode::NotFound,
                    "the sensitivity table does not hold the ", toString(target), " of ", name,
                    "; complete the sensitivity run first");
    const auto above = widths->upper_bound(bits);
    BITLOOM_REQUIRE(above != widths->begin(), ErrorCode::NotFound,
                    "the sensitivity table holds the ", toString(target), " of ", name, " from ",
                    widths->begin()->first, " bits on, not at ", bits);
    return std::prev(above)->second;
}

double predictedLoss(const BitPlan& plan, const SensitivityLosses& losses)
{
    double loss = 0;
    for (const LayerPlan& layer : plan.layers) {
        if (layer.hasWeight) {
            loss += losses.at(SensitivityTarget::Weight, layer.name, layer.weight.bits);
        }
    }
    for (const TensorPlan& tensor : plan.tensors) {
        loss += losses.at(SensitivityTarget::Activation, tensor.name, tensor.activation.bits);
    }
    return loss;
}

} // namespace bitloom
