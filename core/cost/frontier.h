// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cost/allocation.h"
#include "core/types/results.h"

#include <optional>
#include <vector>

namespace bitloom {

/// A point of the predicted frontier with the plan behind it.
struct PlannedPoint {
    FrontierPoint point;
    BitPlan plan;
};

struct Frontier {
    std::vector<PlannedPoint> predicted; ///< cost ascending, predicted loss strictly descending
    std::vector<PlannedPoint>
        anchors; ///< the same bits everywhere, one per width; locked layers keep theirs
    /// Index into predicted of the knee: the point farthest below the straight line between the
    /// ends, in log cost and loss, both scaled to 0..1. A hint where to look first. Absent with
    /// fewer than three points.
    std::optional<std::size_t> knee;
    bool finished = true; ///< false: stopped, some budgets are missing
};

/// Solves numBudgets budgets, spaced evenly in the logarithm between the cheapest plan and the one
/// with the least loss; the groups are prepared once for all of them. Points that cost at least as
/// much as another one without losing less are left out. Errors: as Allocator, InvalidArgument for
/// fewer than 2 budgets.
Frontier predictFrontier(const ModelInfo& model, const SensitivityTable& table, const BitPlan& base,
                         const AllocationOptions& options, int numBudgets, RunControl& control);

} // namespace bitloom
