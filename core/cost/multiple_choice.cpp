// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/multiple_choice.h"

#include "core/base/error.h"
#include "core/cost/multiple_choice_search.h"

#include <algorithm>
#include <tuple>

namespace bitloom {

namespace {

using Problem = MultipleChoiceProblem;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kLargestSum = std::int64_t{1} << 61;

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
    MultipleChoiceSolution best =
        MultipleChoiceSearch(m_byLoss, budget, limits, deadline, control).run(nullptr);
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
        MultipleChoiceSearch(m_byCost, best.loss, limits, deadline, control).run(&start);
    if (!cheapest.picks.empty() && cheapest.loss < best.cost) {
        MultipleChoiceSolution exchanged = cheapest;
        toCallersIndices(exchanged, m_byCost);
        best.picks = std::move(exchanged.picks);
        best.cost = cheapest.loss;
    }
    return best;
}

} // namespace bitloom
