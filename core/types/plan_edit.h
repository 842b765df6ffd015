// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// A fixed range, or none: the observer finds it again.
using RangeEdit = std::optional<ValueRange>;

/// What to change in the matching entries; absent fields stay as they are. Activations have one
/// range per tensor, so there is no granularity to choose for them.
struct PlanEdit {
    std::optional<int> weightBits;     ///< 0..16 or 32
    std::optional<int> activationBits; ///< 0..16 or 32
    std::optional<QScheme> weightScheme;
    std::optional<Granularity> weightGranularity;
    std::optional<Observer> weightObserver;
    std::optional<double> weightPercentile; ///< percent, in (50, 100]
    std::optional<RangeEdit> weightRange;   ///< a range needs the granularity per_tensor
    std::optional<QScheme> activationScheme;
    std::optional<Observer> activationObserver;
    std::optional<double> activationPercentile; ///< percent, in (50, 100]
    std::optional<RangeEdit> activationRange;

    bool changesWeights() const;
    bool changesActivations() const;
    bool operator==(const PlanEdit&) const = default;
};

struct PlanEditResult {
    std::vector<std::string> layers;  ///< that matched the glob
    std::vector<std::string> tensors; ///< activation entries that were edited
    /// Layers that did not match but read an edited tensor, so their input changed too.
    std::vector<std::string> otherReaders;
};

/// Edits all layers whose name matches the shell-style glob. An activation edit goes to the entry
/// of every tensor that such a layer reads, and to tensors whose own name matches; the entry is
/// shared, see otherReaders. A weight edit leaves layers without a weight (matmul) alone. Errors:
/// NotFound with the nearest names if nothing matches; InvalidArgument for an illegal entry (see
/// requireValid), named with its layer or tensor, in which case the plan is unchanged.
PlanEditResult editPlan(BitPlan& plan, std::string_view glob, const PlanEdit& edit);
/// The same for what any of several globs matches, as one edit. Errors: as above, for any glob that
/// matches nothing.
PlanEditResult editPlan(BitPlan& plan, const std::vector<std::string>& globs, const PlanEdit& edit);
/// The same for layers by their exact names. Errors: as editPlan, for any unknown name.
PlanEditResult editLayers(BitPlan& plan, const std::vector<std::string>& names,
                          const PlanEdit& edit);
/// The activation part of the edit for tensors by their exact names; layers of the same name are
/// left alone. Errors: as editLayers.
PlanEditResult editTensors(BitPlan& plan, const std::vector<std::string>& names,
                           const PlanEdit& edit);

} // namespace bitloom
