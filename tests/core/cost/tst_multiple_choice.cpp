// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/cost/multiple_choice.h"
#include "tests/support/test_support.h"

#include <algorithm>
#include <limits>

using namespace bitloom;

namespace {

enum Family { Uncorrelated, StronglyCorrelated, Convex, SubsetSum, Plateaus, NumFamilies };

std::vector<ChoiceGroup> makeInstance(int family, std::size_t groups, std::size_t choices,
                                      std::int64_t range, Rng& rng)
{
    std::vector<ChoiceGroup> instance(groups);
    for (ChoiceGroup& group : instance) {
        const auto size = 1 + rng.below(choices);
        const auto scale = static_cast<std::int64_t>(1 + rng.below(9));
        for (std::uint64_t i = 0; i < size; ++i) {
            const auto cost =
                static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(range)));
            std::int64_t loss = 0;
            switch (family) {
            case Uncorrelated:
                loss = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(range)));
                break;
            case StronglyCorrelated:
                loss = 2 * range - cost + (cost == 0 ? 0 : range / 10);
                break;
            case Convex:
                loss = scale * (range - cost) * (range - cost) / range;
                break;
            case SubsetSum:
                loss = 2 * range - cost;
                break;
            default:
                loss = static_cast<std::int64_t>(rng.below(3));
                break;
            }
            group.push_back({cost, loss});
        }
    }
    return instance;
}

struct Best {
    std::int64_t loss = std::numeric_limits<std::int64_t>::max();
    std::int64_t cost = std::numeric_limits<std::int64_t>::max();
};

void tryAll(const std::vector<ChoiceGroup>& groups, std::size_t g, std::int64_t cost,
            std::int64_t loss, std::int64_t budget, Best& best)
{
    if (cost > budget) {
        return;
    }
    if (g == groups.size()) {
        if (std::pair(loss, cost) < std::pair(best.loss, best.cost)) {
            best = {loss, cost};
        }
        return;
    }
    for (const Choice& choice : groups[g]) {
        tryAll(groups, g + 1, cost + choice.cost, loss + choice.loss, budget, best);
    }
}

/// Textbook dynamic programming over every cost up to the budget: least loss, then least cost.
Best tableSolve(const std::vector<ChoiceGroup>& groups, std::int64_t budget)
{
    constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max() / 4;
    std::vector<std::int64_t> loss(static_cast<std::size_t>(budget) + 1, kNone);
    loss[0] = 0;
    for (const ChoiceGroup& group : groups) {
        std::vector<std::int64_t> next(loss.size(), kNone);
        for (const Choice& choice : group) {
            for (std::size_t c = static_cast<std::size_t>(choice.cost); c < loss.size(); ++c) {
                next[c] = std::min(next[c],
                                   loss[c - static_cast<std::size_t>(choice.cost)] + choice.loss);
            }
        }
        loss = std::move(next);
    }
    const auto least = std::min_element(loss.begin(), loss.end());
    return {*least, least - loss.begin()};
}

std::int64_t minimumOf(const std::vector<ChoiceGroup>& groups)
{
    std::int64_t sum = 0;
    for (const ChoiceGroup& group : groups) {
        sum += std::min_element(group.begin(), group.end(), [](auto& a, auto& b) {
                   return a.cost < b.cost;
               })->cost;
    }
    return sum;
}

bool addsUp(const std::vector<ChoiceGroup>& groups, const MultipleChoiceSolution& solution)
{
    std::int64_t cost = 0;
    std::int64_t loss = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        cost += groups[g].at(solution.picks.at(g)).cost;
        loss += groups[g].at(solution.picks.at(g)).loss;
    }
    return cost == solution.cost && loss == solution.loss;
}

} // namespace

class TestMultipleChoice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsBruteForce()
    {
        Rng rng(11);
        for (int i = 0; i < 4000; ++i) {
            const auto groups =
                makeInstance(i % NumFamilies, 1 + rng.below(6), 5, i % 3 == 0 ? 8 : 1000, rng);
            const MultipleChoiceProblem problem(groups);
            QCOMPARE(problem.minimumCost(), minimumOf(groups));
            const auto span =
                static_cast<std::uint64_t>(problem.maximumUsefulCost() - problem.minimumCost() + 2);
            const std::int64_t budget =
                problem.minimumCost() + static_cast<std::int64_t>(rng.below(span));
            Best best;
            tryAll(groups, 0, 0, 0, budget, best);
            RunControl control;
            const MultipleChoiceSolution solution = problem.solve(budget, {}, control);
            QVERIFY(addsUp(groups, solution));
            QVERIFY(solution.optimal);
            QCOMPARE(solution.lowerBound, best.loss);
            QCOMPARE(solution.loss, best.loss);
            QCOMPARE(solution.cost, best.cost);
        }
    }

    void equalsTheTable()
    {
        Rng rng(12);
        for (int i = 0; i < 60; ++i) {
            const auto groups = makeInstance(i % NumFamilies, 60, 9, 100, rng);
            const MultipleChoiceProblem problem(groups);
            const auto span =
                static_cast<std::uint64_t>(problem.maximumUsefulCost() - problem.minimumCost() + 1);
            const std::int64_t budget =
                problem.minimumCost() + static_cast<std::int64_t>(rng.below(span));
            const Best best = tableSolve(groups, budget);
            RunControl control;
            const MultipleChoiceSolution solution = problem.solve(budget, {}, control);
            QVERIFY(addsUp(groups, solution));
            QVERIFY(solution.optimal);
            QCOMPARE(solution.loss, best.loss);
            QCOMPARE(solution.cost, best.cost);
        }
    }

    void budgetsAtTheEnds()
    {
        const std::vector<ChoiceGroup> groups{{{1, 10}, {4, 5}, {9, 5}, {9, 9}}, {{2, 7}, {3, 0}}};
        const MultipleChoiceProblem problem(groups);
        RunControl control;
        QCOMPARE(problem.minimumCost(), std::int64_t{3});
        QCOMPARE(problem.maximumUsefulCost(), std::int64_t{7});
        QCOMPARE(problem.solve(3, {}, control).loss, std::int64_t{17});
        const MultipleChoiceSolution rich = problem.solve(1000, {}, control);
        QCOMPARE(rich.loss, std::int64_t{5});
        QCOMPARE(rich.cost, std::int64_t{7});
        BITLOOM_EXPECT_ERROR(problem.solve(2, {}, control), ErrorCode::BudgetTooSmall,
                             "smallest possible cost 3");
    }

    void emptyProblem()
    {
        RunControl control;
        using Groups = std::vector<ChoiceGroup>;
        QVERIFY(MultipleChoiceProblem(Groups()).solve(0, {}, control).optimal);
        BITLOOM_EXPECT_ERROR(MultipleChoiceProblem(Groups(1)), ErrorCode::InvalidArgument,
                             "group 0 has no choices");
        BITLOOM_EXPECT_ERROR(MultipleChoiceProblem(Groups{ChoiceGroup{{-1, 0}}}),
                             ErrorCode::InvalidArgument, "cost -1");
        const std::int64_t big = (std::int64_t{1} << 61) - 1;
        BITLOOM_EXPECT_ERROR(MultipleChoiceProblem(Groups(2, ChoiceGroup{{big, 0}})),
                             ErrorCode::InvalidArgument, "add up");
    }

    void largestNumbers()
    {
        // Products of two 60-bit numbers must not overflow.
        const std::int64_t big = std::int64_t{1} << 59;
        const std::vector<ChoiceGroup> groups{{{0, big}, {big, 1}, {big + 1, 0}},
                                              {{0, big}, {big - 1, 0}}};
        const MultipleChoiceProblem problem(groups);
        RunControl control;
        const MultipleChoiceSolution solution = problem.solve(2 * big - 1, {}, control);
        QCOMPARE(solution.loss, std::int64_t{1});
        QCOMPARE(solution.cost, 2 * big - 1);
    }

    /// A stopped search still gives a plan within the budget and a bound that holds.
    void stoppedSearchGivesItsGap()
    {
        Rng rng(13);
        int unproven = 0;
        for (int i = 0; i < 30; ++i) {
            const auto groups = makeInstance(Uncorrelated, 60, 9, 100, rng);
            const MultipleChoiceProblem problem(groups);
            const std::int64_t budget = (problem.minimumCost() + problem.maximumUsefulCost()) / 2;
            RunControl control;
            control.requestStop();
            const MultipleChoiceSolution solution = problem.solve(budget, {}, control);
            const Best best = tableSolve(groups, budget);
            QVERIFY(addsUp(groups, solution));
            QVERIFY(solution.cost <= budget);
            QVERIFY(solution.lowerBound <= best.loss && best.loss <= solution.loss);
            QVERIFY(!solution.optimal || solution.loss == best.loss);
            unproven += solution.optimal ? 0 : 1;
        }
        QVERIFY(unproven > 0);
    }
};

QTEST_GUILESS_MAIN(TestMultipleChoice)
#include "tst_multiple_choice.moc"
