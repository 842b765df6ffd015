// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/sensitivity_table.h"

#include <map>
#include <string>
#include <unordered_map>

namespace bitloom {

/// Looks up what a width costs in quality.
///
/// The loss of a plan is the sum of the losses of its single choices, weights and activations:
/// quantization errors of different tensors are taken as independent. Floating point (32 bits)
/// loses nothing. A width that was not measured counts as the next smaller measured one, which is
/// pessimistic.
class SensitivityLosses {
public:
    /// Errors: NonFinite for a NaN or infinite loss in the table.
    SensitivityLosses(const SensitivityTable& table, SensitivityMetric metric);

    /// 0 for a side (weights or activations) that the sweep left out as a whole.
    /// Errors: NotFound if the tensor was not measured at this or any smaller width.
    double at(SensitivityTarget target, const std::string& name, int bits) const;
    bool isMeasured(SensitivityTarget target, const std::string& name, int bits) const;

private:
    using ByBits = std::map<int, double>;
    const ByBits* find(SensitivityTarget target, const std::string& name) const;

    std::unordered_map<std::string, ByBits> m_weights;
    std::unordered_map<std::string, ByBits> m_activations;
};

/// Loss of a whole plan. Errors: NotFound, as SensitivityLosses::at.
double predictedLoss(const BitPlan& plan, const SensitivityLosses& losses);

} // namespace bitloom
