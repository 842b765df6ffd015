// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The search behind MultipleChoiceProblem. Inside core/cost only.

#include "core/cost/multiple_choice.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace bitloom {

__extension__ using Wide = __int128;

/// loss per cost as an exact fraction; cost > 0, except "none": nothing to gain (0/1) or no way
/// down (1/0).
struct Price {
    std::int64_t loss = 0;
    std::int64_t cost = 1;
};
inline bool higher(const Price& a, const Price& b)
{
    return Wide{a.loss} * b.cost > Wide{b.loss} * a.cost;
}
inline Price priceOf(const MultipleChoiceProblem::Segment& segment)
{
    return {segment.loss, segment.cost};
}

/// One run of steps 2 and 3 for one budget.
class MultipleChoiceSearch {
public:
    MultipleChoiceSearch(const MultipleChoiceProblem::Prepared& problem, std::int64_t budget,
                         const SolveLimits& limits, std::chrono::steady_clock::time_point deadline,
                         RunControl& control)
        : m_problem(problem), m_budget(budget), m_limits(limits), m_deadline(deadline),
          m_control(control)
    {
    }

    /// picks are item indices of the prepared groups. start (if given) is a solution already known.
    MultipleChoiceSolution run(const MultipleChoiceSolution* start);

private:
    /// A pick that differs from the first solution, linked to the earlier ones.
    struct Node {
        std::uint32_t parent;
        std::uint32_t group;
        std::uint32_t item;
    };
    struct State {
        std::int64_t cost;
        std::int64_t loss;
        std::uint32_t node;
        std::uint32_t item; ///< pick in the group being added
    };
    static constexpr std::uint32_t kRoot = 0;
    static constexpr std::size_t kCollectNodes = 4'000'000;

    bool solveRelaxation();
    void orderGroups();
    Price bestGain() const;
    Price bestReturn() const;
    bool mayImprove(std::int64_t cost, std::int64_t loss, const Price& gain,
                    const Price& giveBack) const;
    void offer(const State& state);
    void addGroup(std::size_t group);
    void collectNodes();
    bool shouldStop();
    MultipleChoiceSolution result(bool finished) const;

    const MultipleChoiceProblem::Prepared& m_problem;
    std::int64_t m_budget;
    const SolveLimits& m_limits;
    std::chrono::steady_clock::time_point m_deadline;
    RunControl& m_control;

    std::vector<std::size_t> m_base; ///< the relaxation's whole choices
    std::int64_t m_baseCost = 0;
    std::int64_t m_baseLoss = 0;
    std::int64_t m_lowerBound = 0;

    std::vector<Price> m_gain;     ///< per group: best loss per cost upwards from the base
    std::vector<Price> m_giveBack; ///< per group: least loss per cost downwards
    std::vector<std::size_t> m_byGain;
    std::vector<std::size_t> m_byGiveBack;
    std::size_t m_nextGain = 0; ///< first position in m_byGain that is not added yet
    std::size_t m_nextGiveBack = 0;
    std::vector<bool> m_added;

    std::vector<State> m_states;
    std::vector<Node> m_nodes{{0, 0, 0}};
    std::size_t m_collectAt = kCollectNodes;
    std::int64_t m_bestLoss = 0;
    std::int64_t m_bestCost = 0;
    std::uint32_t m_bestNode = kRoot;
    std::optional<State> m_offered; ///< a better solution found while adding the current group
    const MultipleChoiceSolution* m_start = nullptr; ///< still the best
};

} // namespace bitloom
