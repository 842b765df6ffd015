// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/planner.h"
#include "core/cost/cost_model.h"
#include "tests/core/cost/networks.h"

#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using workbench::Planner;
using workbench::PlanningProblem;

namespace {
PlanningProblem problem(int layers, std::uint64_t seed)
{
    test::NetworkBuilder net("chain");
    std::string input = "input";
    for (int i = 0; i < layers; ++i) {
        const std::string name = "conv" + std::to_string(i);
        net.conv(name, 16, 16, 3, 8, input, 1, true);
        input = name;
    }
    auto model = std::make_shared<const ModelInfo>(test::withoutUnread(net.done()));
    Rng rng(seed);
    auto table =
        std::make_shared<const SensitivityTable>(test::randomTable(*model, {2, 4, 8}, rng, 0.1));
    AllocationOptions options;
    options.budget = BudgetKind::Bytes;
    return {model, table, makeUniformPlan(*model, {}), options};
}
} // namespace

class TestPlanner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersRangeFrontierAndBudget()
    {
        Planner planner;
        QSignalSpy range(&planner, &Planner::rangeKnown);
        QSignalSpy frontier(&planner, &Planner::frontierReady);
        QSignalSpy allocated(&planner, &Planner::allocated);
        const PlanningProblem question = problem(12, 1);
        planner.setProblem(question);
        QTRY_COMPARE(frontier.size(), 1);
        QCOMPARE(range.size(), 1);
        const qint64 low = range.at(0).at(0).toLongLong();
        const qint64 high = range.at(0).at(1).toLongLong();
        QVERIFY(low < high);
        planner.ask((low + high) / 2);
        QTRY_COMPARE(allocated.size(), 1);
        const auto result = allocated.at(0).at(1).value<std::shared_ptr<const AllocationResult>>();
        QVERIFY(result->optimal);
        QVERIFY(result->cost.bytes <= (low + high) / 2);
        RunControl control;
        const AllocationResult direct = allocate(*question.model, *question.table, question.base,
                                                 question.options, (low + high) / 2, control);
        QVERIFY(direct.plan == result->plan);
    }

    void onlyTheNewestProblemAnswers()
    {
        Planner planner;
        QSignalSpy range(&planner, &Planner::rangeKnown);
        QSignalSpy frontier(&planner, &Planner::frontierReady);
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            planner.setProblem(problem(seed == 20 ? 3 : 40, seed));
        }
        QTRY_COMPARE(frontier.size(), 1);
        QCOMPARE(range.size(), 1);
        const auto answer = frontier.at(0).at(0).value<std::shared_ptr<const Frontier>>();
        QCOMPARE(answer->predicted.front().plan.layers.size(), std::size_t{3});
        planner.setProblem(std::nullopt);
        planner.ask(100); // nothing to plan for: no answer, and no crash
        planner.setProblem(problem(4, 3));
        QTRY_COMPARE(frontier.size(), 2);
    }

    void manyBudgetsEndWithTheLastOne()
    {
        Planner planner;
        QSignalSpy range(&planner, &Planner::rangeKnown);
        QSignalSpy allocated(&planner, &Planner::allocated);
        planner.setProblem(problem(60, 4));
        QTRY_COMPARE(range.size(), 1);
        const qint64 low = range.at(0).at(0).toLongLong();
        const qint64 high = range.at(0).at(1).toLongLong();
        qint64 last = 0;
        for (int i = 0; i <= 100; ++i) {
            last = low + (high - low) * i / 100;
            planner.ask(last);
        }
        QTRY_VERIFY(!allocated.isEmpty() && allocated.back().at(0).toLongLong() == last);
        QVERIFY(allocated.size() <= 101);
    }

    void aBudgetBelowTheMinimumSaysSo()
    {
        Planner planner;
        QSignalSpy range(&planner, &Planner::rangeKnown);
        QSignalSpy failed(&planner, &Planner::failed);
        planner.setProblem(problem(5, 5));
        QTRY_COMPARE(range.size(), 1);
        planner.ask(1);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.at(0).at(0).toString().contains(
            QString::number(range.at(0).at(0).toLongLong())));
    }

    void goesAwayWhileWorking()
    {
        for (int i = 0; i < 20; ++i) {
            Planner planner;
            planner.setProblem(problem(50, 6));
            planner.ask(20000);
        }
    }
};

QTEST_GUILESS_MAIN(TestPlanner)
#include "tst_planner.moc"
