// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/multiple_choice.h"

#include "core/base/error.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>

namespace bitloom {

namespace {

using Problem = MultipleChoiceProblem;
using Clock = std::chrono::steady_clock;
__extension__ using Wide = __int128;

constexpr std::int64_t kLargestSum = std::int64_t{1} << 61;

/// loss per cost as an exact fraction; cost > 0, except "none": nothing to gain (0/1) or no way
/// down (1/0).
struct Price {
    std::int64_t loss = 0;
    std::int64_t cost = 1;
};
bool higher(const Price& a, const Price& b)
{
    return Wide{a.loss} * b.cost > Wide{b.loss} * a.cost;
}
Price priceOf(const Problem::Segment& segment)
{
    return {segment.loss, segment.cost};
}

std::vector<std::size_t> lowerHull(const std::vector<Problem::Item>& items)
{
    std::vector<std::size_t> hull;
    for (std::size_t i = 0; i < items.size(); ++i) {
        while (hull.size() >= 2) {
            const Problem::Item& a = items[hull[hull.size() - 2]];
            const Problem::Item& b = items[hull.back()];
            const Problem::Item& c = items[i];
            // b is above or on the line from a to c.
            if (Wide{a.loss - b.loss} * (c.cost - a.cost) >
                Wide{a.loss - c.loss} * (b.cost - a.cost)) {
                break;
            }
            hull.pop_back();
        }
        hull.push_back(i);
    }
    return hull;
}

Problem::Prepared prepare(std::vector<std::vector<Problem::Item>> groups)
{
    Problem::Prepared prepared;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        std::vector<Problem::Item>& items = groups[g];
        std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
            return std::tie(a.cost, a.loss, a.index) < std::tie(b.cost, b.loss, b.index);
        });
        std::vector<Problem::Item> kept;
        for (const Problem::Item& item : items) {
            if (kept.empty() || item.loss < kept.back().loss) {
                kept.push_back(item);
            }
        }
        const std::vector<std::size_t> hull = lowerHull(kept);
        for (std::size_t h = 1; h < hull.size(); ++h) {
            const Problem::Item& from = kept[hull[h - 1]];
            const Problem::Item& to = kept[hull[h]];
            prepared.segments.push_back(
                {to.cost - from.cost, from.loss - to.loss, g, hull[h - 1], hull[h]});
        }
        prepared.minimumCost += kept.front().cost;
        prepared.maximumCost += kept.back().cost;
        prepared.groups.push_back(std::move(kept));
        prepared.hulls.push_back(hull);
    }
    std::stable_sort(prepared.segments.begin(), prepared.segments.end(),
                     [](const auto& a, const auto& b) { return higher(priceOf(a), priceOf(b)); });
    return prepared;
}

/// One run of steps 2 and 3 for one budget.
class Search {
public:
    Search(const Problem::Prepared& problem, std::int64_t budget, const SolveLimits& limits,
           Clock::time_point deadline, RunControl& control)
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

    const Problem::Prepared& m_problem;
    std::int64_t m_budget;
    const SolveLimits& m_limits;
    Clock::time_point m_deadline;
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

/// Returns true if the relaxation itself has whole choices only, which makes them optimal.
bool Search::solveRelaxation()
{
    m_base.assign(m_problem.groups.size(), 0);
    m_baseCost = m_problem.minimumCost;
    for (const auto& items : m_problem.groups) {
        m_baseLoss += items.front().loss;
    }
    for (const Problem::Segment& segment : m_problem.segments) {
        if (m_baseCost + segment.cost > m_budget) {
            const Wide saved = Wide{segment.loss} * (m_budget - m_baseCost) / segment.cost;
            m_lowerBound = m_baseLoss - static_cast<std::int64_t>(saved);
            return m_baseCost == m_budget;
        }
        m_base[segment.group] = segment.to;
        m_baseCost += segment.cost;
        m_baseLoss -= segment.loss;
    }
    m_lowerBound = m_baseLoss;
    return true;
}

void Search::orderGroups()
{
    const std::size_t count = m_problem.groups.size();
    m_gain.assign(count, Price{0, 1});
    m_giveBack.assign(count, Price{1, 0});
    for (std::size_t g = 0; g < count; ++g) {
        const std::vector<Problem::Item>& items = m_problem.groups[g];
        const std::vector<std::size_t>& hull = m_problem.hulls[g];
        const std::size_t at = static_cast<std::size_t>(
            std::lower_bound(hull.begin(), hull.end(), m_base[g]) - hull.begin());
        const Problem::Item& here = items[hull[at]];
        if (at + 1 < hull.size()) {
            const Problem::Item& up = items[hull[at + 1]];
            m_gain[g] = {here.loss - up.loss, up.cost - here.cost};
        }
        if (at > 0) {
            const Problem::Item& down = items[hull[at - 1]];
            m_giveBack[g] = {down.loss - here.loss, here.cost - down.cost};
        }
    }
    m_byGain.resize(count);
    std::iota(m_byGain.begin(), m_byGain.end(), std::size_t{0});
    m_byGiveBack = m_byGain;
    std::stable_sort(m_byGain.begin(), m_byGain.end(),
                     [&](std::size_t a, std::size_t b) { return higher(m_gain[a], m_gain[b]); });
    std::stable_sort(m_byGiveBack.begin(), m_byGiveBack.end(), [&](std::size_t a, std::size_t b) {
        return higher(m_giveBack[b], m_giveBack[a]);
    });
    m_added.assign(count, false);
}

/// The most loss per cost that a group not added yet can save.
Price Search::bestGain() const
{
    return m_nextGain < m_byGain.size() ? m_gain[m_byGain[m_nextGain]] : Price{0, 1};
}

/// The least loss per cost at which a group not added yet gives cost back.
Price Search::bestReturn() const
{
    return m_nextGiveBack < m_byGiveBack.size() ? m_giveBack[m_byGiveBack[m_nextGiveBack]]
                                                : Price{1, 0};
}

/// Could the groups not added yet turn this state into a solution better than the best one?
bool Search::mayImprove(std::int64_t cost, std::int64_t loss, const Price& gain,
                        const Price& giveBack) const
{
    const std::int64_t excess = loss - (m_bestLoss - 1); // must be earned by spending the slack
    if (cost <= m_budget) {
        return Wide{excess} * gain.cost <= Wide{gain.loss} * (m_budget - cost);
    }
    // Without a way to give cost back the price is 1/0, and this is false.
    return Wide{excess} * giveBack.cost + Wide{giveBack.loss} * (cost - m_budget) <= 0;
}

void Search::offer(const State& state)
{
    if (state.cost <= m_budget &&
        (state.loss < m_bestLoss || (state.loss == m_bestLoss && state.cost < m_bestCost))) {
        m_bestLoss = state.loss;
        m_bestCost = state.cost;
        m_offered = state;
    }
}

void Search::addGroup(std::size_t group)
{
    m_added[group] = true;
    while (m_nextGain < m_byGain.size() && m_added[m_byGain[m_nextGain]]) {
        ++m_nextGain;
    }
    while (m_nextGiveBack < m_byGiveBack.size() && m_added[m_byGiveBack[m_nextGiveBack]]) {
        ++m_nextGiveBack;
    }
    const Price gain = bestGain();
    const Price giveBack = bestReturn();
    const std::vector<Problem::Item>& items = m_problem.groups[group];
    const Problem::Item& base = items[m_base[group]];
    m_offered.reset();

    std::vector<State> merged;
    std::vector<State> shifted;
    std::vector<State> joined;
    for (std::size_t i = 0; i < items.size(); ++i) {
        shifted.clear();
        for (const State& state : m_states) {
            const State next{state.cost + items[i].cost - base.cost,
                             state.loss + items[i].loss - base.loss, state.node,
                             static_cast<std::uint32_t>(i)};
            offer(next);
            if (mayImprove(next.cost, next.loss, gain, giveBack)) {
                shifted.push_back(next);
            }
        }
        if (shifted.empty()) {
            continue;
        }
        joined.clear();
        const auto keep = [&joined](const State& state) {
            if (joined.empty() || state.loss < joined.back().loss) {
                joined.push_back(state);
            }
        };
        std::size_t a = 0;
        std::size_t b = 0;
        while (a < merged.size() || b < shifted.size()) {
            const bool takeOld =
                b == shifted.size() ||
                (a < merged.size() && std::tie(merged[a].cost, merged[a].loss) <=
                                          std::tie(shifted[b].cost, shifted[b].loss));
            keep(takeOld ? merged[a++] : shifted[b++]);
        }
        std::swap(merged, joined);
    }
    const auto link = [&](const State& state) {
        if (state.item == m_base[group]) {
            return state.node;
        }
        m_nodes.push_back({state.node, static_cast<std::uint32_t>(group), state.item});
        return static_cast<std::uint32_t>(m_nodes.size() - 1);
    };
    if (m_offered) {
        m_bestNode = link(*m_offered);
        m_start = nullptr;
    }
    m_states.clear();
    for (State& state : merged) {
        // The best solution may have improved since the state was made.
        if (mayImprove(state.cost, state.loss, gain, giveBack)) {
            state.node = link(state);
            m_states.push_back(state);
        }
    }
    if (m_nodes.size() > m_collectAt) {
        collectNodes();
    }
}

/// Drops nodes that no state leads to. Parents come before their children, so one pass back and one
/// forth do.
void Search::collectNodes()
{
    std::vector<bool> used(m_nodes.size(), false);
    used[kRoot] = true;
    used[m_bestNode] = true;
    for (const State& state : m_states) {
        used[state.node] = true;
    }
    for (std::size_t i = m_nodes.size(); i-- > 1;) {
        if (used[i]) {
            used[m_nodes[i].parent] = true;
        }
    }
    std::vector<std::uint32_t> moved(m_nodes.size(), 0);
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (used[i]) {
            moved[i] = count;
            m_nodes[count] = m_nodes[i];
            m_nodes[count].parent = moved[m_nodes[i].parent];
            ++count;
        }
    }
    m_nodes.resize(count);
    m_bestNode = moved[m_bestNode];
    for (State& state : m_states) {
        state.node = moved[state.node];
    }
    m_collectAt = std::max(kCollectNodes, 2 * m_nodes.size());
}

bool Search::shouldStop()
{
    return m_states.size() > m_limits.states || Clock::now() > m_deadline || m_control.shouldStop();
}

MultipleChoiceSolution Search::result(bool finished) const
{
    MultipleChoiceSolution solution;
    if (m_start != nullptr) {
        solution = *m_start;
    } else {
        solution.picks = m_base;
        for (std::uint32_t node = m_bestNode; node != kRoot; node = m_nodes[node].parent) {
            solution.picks[m_nodes[node].group] = m_nodes[node].item;
        }
        solution.cost = m_bestCost;
        solution.loss = m_bestLoss;
    }
    solution.optimal = finished || solution.loss == m_lowerBound;
    solution.lowerBound = solution.optimal ? solution.loss : m_lowerBound;
    return solution;
}

MultipleChoiceSolution Search::run(const MultipleChoiceSolution* start)
{
    const bool whole = solveRelaxation();
    m_bestLoss = m_baseLoss;
    m_bestCost = m_baseCost;
    if (start != nullptr && start->loss <= m_bestLoss) {
        m_start = start;
        m_bestLoss = start->loss;
        m_bestCost = start->cost;
    }
    if (whole || m_bestLoss == m_lowerBound) {
        return result(true);
    }
    orderGroups();
    m_states.push_back({m_baseCost, m_baseLoss, kRoot, 0});
    // Groups at either end of the price are the least certain: take turns.
    for (bool upwards = true; !m_states.empty(); upwards = !upwards) {
        const bool gainLeft = m_nextGain < m_byGain.size();
        const bool returnLeft = m_nextGiveBack < m_byGiveBack.size();
        if (!gainLeft && !returnLeft) {
            break;
        }
        if (shouldStop()) {
            return result(false);
        }
        addGroup(upwards ? m_byGain[m_nextGain] : m_byGiveBack[m_nextGiveBack]);
    }
    return result(true);
}

} // namespace

MultipleChoiceProblem::MultipleChoiceProblem(const std::vector<ChoiceGroup>& groups)
{
    std::vector<std::vector<Item>> byLoss(groups.size());
    std::vector<std::vector<Item>> byCost(groups.size());
    std::int64_t costSum = 0;
    std::int64_t lossSum = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        BITLOOM_REQUIRE(!groups[g].empty(), ErrorCode::InvalidArgument, "group ", g,
                        " has no choices");
        std::int64_t highestCost = 0;
        std::int64_t highestLoss = 0;
        for (std::size_t i = 0; i < groups[g].size(); ++i) {
            const Choice& choice = groups[g][i];
            BITLOOM_REQUIRE(choice.cost >= 0 && choice.loss >= 0 && choice.cost < kLargestSum &&
                                choice.loss < kLargestSum,
                            ErrorCode::InvalidArgument, "choice ", i, " of group ", g, " has cost ",
                            choice.cost, " and loss ", choice.loss, ", both must be 0..2^61");
            highestCost = std::max(highestCost, choice.cost);
            highestLoss = std::max(highestLoss, choice.loss);
            byLoss[g].push_back({choice.cost, choice.loss, i});
            byCost[g].push_back({choice.loss, choice.cost, i});
        }
        costSum += highestCost;
        lossSum += highestLoss;
        BITLOOM_REQUIRE(costSum <= kLargestSum && lossSum <= kLargestSum,
                        ErrorCode::InvalidArgument, "the costs or losses add up to more than 2^61");
    }
    m_byLoss = prepare(std::move(byLoss));
    m_byCost = prepare(std::move(byCost));
}

MultipleChoiceSolution MultipleChoiceProblem::solve(std::int64_t budget, const SolveLimits& limits,
                                                    RunControl& control) const
{
    BITLOOM_REQUIRE(budget >= m_byLoss.minimumCost, ErrorCode::BudgetTooSmall, "the budget ",
                    budget, " is below the smallest possible cost ", m_byLoss.minimumCost);
    const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(limits.time);
    const auto toCallersIndices = [](MultipleChoiceSolution& solution, const Prepared& prepared) {
        for (std::size_t g = 0; g < solution.picks.size(); ++g) {
            solution.picks[g] = prepared.groups[g][solution.picks[g]].index;
        }
    };
    MultipleChoiceSolution best = Search(m_byLoss, budget, limits, deadline, control).run(nullptr);
    toCallersIndices(best, m_byLoss);
    if (!best.optimal) {
        return best;
    }
    // The cheapest solution with this loss: what is found so far is a start, in the other
    // direction's terms.
    MultipleChoiceSolution start;
    start.cost = best.loss;
    start.loss = best.cost;
    const MultipleChoiceSolution cheapest =
        Search(m_byCost, best.loss, limits, deadline, control).run(&start);
    if (!cheapest.picks.empty() && cheapest.loss < best.cost) {
        MultipleChoiceSolution exchanged = cheapest;
        toCallersIndices(exchanged, m_byCost);
        best.picks = std::move(exchanged.picks);
        best.cost = cheapest.loss;
    }
    return best;
}

} // namespace bitloom
