// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/multiple_choice_search.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace bitloom {

using Problem = MultipleChoiceProblem;
using Clock = std::chrono::steady_clock;

/// Returns true if the relaxation itself has whole choices only, which makes them optimal.
bool MultipleChoiceSearch::solveRelaxation()
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

void MultipleChoiceSearch::orderGroups()
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
Price MultipleChoiceSearch::bestGain() const
{
    return m_nextGain < m_byGain.size() ? m_gain[m_byGain[m_nextGain]] : Price{0, 1};
}

/// The least loss per cost at which a group not added yet gives cost back.
Price MultipleChoiceSearch::bestReturn() const
{
    return m_nextGiveBack < m_byGiveBack.size() ? m_giveBack[m_byGiveBack[m_nextGiveBack]]
                                                : Price{1, 0};
}

/// Could the groups not added yet turn this state into a solution better than the best one?
bool MultipleChoiceSearch::mayImprove(std::int64_t cost, std::int64_t loss, const Price& gain,
                                      const Price& giveBack) const
{
    const std::int64_t excess = loss - (m_bestLoss - 1); // must be earned by spending the slack
    if (cost <= m_budget) {
        return Wide{excess} * gain.cost <= Wide{gain.loss} * (m_budget - cost);
    }
    // Without a way to give cost back the price is 1/0, and this is false.
    return Wide{excess} * giveBack.cost + Wide{giveBack.loss} * (cost - m_budget) <= 0;
}

void MultipleChoiceSearch::offer(const State& state)
{
    if (state.cost <= m_budget &&
        (state.loss < m_bestLoss || (state.loss == m_bestLoss && state.cost < m_bestCost))) {
        m_bestLoss = state.loss;
        m_bestCost = state.cost;
        m_offered = state;
    }
}

void MultipleChoiceSearch::addGroup(std::size_t group)
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
void MultipleChoiceSearch::collectNodes()
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

bool MultipleChoiceSearch::shouldStop()
{
    return m_states.size() > m_limits.states || Clock::now() > m_deadline || m_control.shouldStop();
}

MultipleChoiceSolution MultipleChoiceSearch::result(bool finished) const
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

MultipleChoiceSolution MultipleChoiceSearch::run(const MultipleChoiceSolution* start)
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

} // namespace bitloom
