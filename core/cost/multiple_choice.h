// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace bitloom {

/// One alternative of a group. Both numbers >= 0; the sum of the largest over all groups stays
/// below 2^61.
struct Choice {
    std::int64_t cost = 0;
    std::int64_t loss = 0;
};
using ChoiceGroup = std::vector<Choice>;

struct SolveLimits {
    std::chrono::duration<double> time{10.0};
    std::size_t states = 2'000'000; ///< partial solutions alive at once (about 48 bytes each)
};

struct MultipleChoiceSolution {
    std::vector<std::size_t> picks; ///< index into each group
    std::int64_t cost = 0;
    std::int64_t loss = 0;
    std::int64_t lowerBound = 0; ///< no solution within the budget has a smaller loss
    bool optimal = false;        ///< proven; then lowerBound == loss
};

/// The multiple-choice knapsack problem: pick one choice per group, least total loss within a total
/// cost.
///
/// Source: Pisinger, "A minimal algorithm for the multiple-choice knapsack problem", European
/// Journal of Operational
///   Research 83, 1995. Differs: losses are minimised, and of several optima the cheapest is
///   returned.
/// Steps: 1. Drop choices that cost more without losing less. 2. The relaxation that may mix two
/// choices of a group is
///   solved greedily along the convex hulls; it gives a lower bound, the price of a unit of cost,
///   and a first solution.
///   3. Dynamic programming over the groups, those whose choice is least certain at that price
///   first. A state is (cost, loss) of the choices made so far with the first solution in all other
///   groups, it may exceed the budget; a state is dropped when another is no worse in both, or when
///   the best price that the remaining groups offer cannot make it better than the best solution
///   known. Most groups never branch. 4. Cost and loss change places: the cheapest solution with
///   that loss.
/// Exact in integers. Memory and time are bounded by SolveLimits: beyond, the best solution so far
/// and its bound.
class MultipleChoiceProblem {
public:
    /// Errors: InvalidArgument for an empty group, a negative number or sums that are too large.
    explicit MultipleChoiceProblem(const std::vector<ChoiceGroup>& groups);

    std::int64_t minimumCost() const { return m_byLoss.minimumCost; }
    /// Cost of the cheapest solution with the least loss of all: a larger budget changes nothing.
    std::int64_t maximumUsefulCost() const { return m_byLoss.maximumCost; }

    /// Errors: BudgetTooSmall below minimumCost().
    MultipleChoiceSolution solve(std::int64_t budget, const SolveLimits& limits,
                                 RunControl& control) const;

    struct Item {
        std::int64_t cost;
        std::int64_t loss;
        std::size_t index; ///< in the caller's group
    };
    /// A step along one group's convex hull: costs `cost` more, loses `loss` less.
    struct Segment {
        std::int64_t cost;
        std::int64_t loss;
        std::size_t group;
        std::size_t from; ///< item indices
        std::size_t to;
    };
    /// One direction of the problem with everything that does not depend on the budget.
    struct Prepared {
        std::vector<std::vector<Item>> groups;       ///< cost ascending, loss strictly descending
        std::vector<std::vector<std::size_t>> hulls; ///< item indices of the lower convex hull
        std::vector<Segment> segments;               ///< all hull steps, most loss per cost first
        std::int64_t minimumCost = 0;
        std::int64_t maximumCost = 0;
    };

private:
    Prepared m_byLoss; ///< minimise loss within a cost
    Prepared m_byCost; ///< cost and loss exchanged
};

} // namespace bitloom
