// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/cost_model.h"
#include "core/cost/frontier.h"
#include "networks.h"
#include "tests/support/test_support.h"

using namespace bitloom;
using test::NetworkBuilder;

namespace {

ModelInfo chain(int layers)
{
    NetworkBuilder net("chain");
    std::string from = "input";
    for (int i = 0; i < layers; ++i) {
        const std::string name = "conv" + std::to_string(i);
        net.conv(name, 8 + 8 * (i % 3), 8 + 8 * ((i + 1) % 3), 3, 8, from);
        from = name;
    }
    return test::withoutUnread(net.done());
}

} // namespace

class TestFrontier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void frontier_data()
    {
        QTest::addColumn<bool>("bops");
        QTest::newRow("bytes") << false;
        QTest::newRow("bops") << true;
    }
    void frontier()
    {
        QFETCH(bool, bops);
        const ModelInfo model = chain(20);
        Rng rng(1);
        const SensitivityTable table = test::randomTable(model, {2, 3, 4, 5, 6, 8}, rng, 0.3);
        const BitPlan base = makeUniformPlan(model, {});
        AllocationOptions options;
        options.budget = bops ? BudgetKind::Bops : BudgetKind::Bytes;
        options.lockedLayers = {"conv0"};
        const auto costOf = [bops](const PlannedPoint& p) {
            return bops ? p.point.bops : p.point.bytes;
        };
        RunControl control;
        const Frontier frontier = predictFrontier(model, table, base, options, 60, control);
        QVERIFY(frontier.finished);
        QVERIFY(frontier.predicted.size() > 40);
        const Allocator allocator(model, table, base, options);
        QCOMPARE(costOf(frontier.predicted.front()), allocator.minimumCost());
        QCOMPARE(costOf(frontier.predicted.back()), allocator.maximumCost());
        for (std::size_t i = 0; i < frontier.predicted.size(); ++i) {
            const PlannedPoint& planned = frontier.predicted[i];
            QVERIFY(planned.point.optimal);
            QVERIFY(planned.point.kind == PointKind::Predicted);
            const PlanCost cost = computeCost(model, planned.plan);
            QCOMPARE(planned.point.bytes, cost.bytes);
            QCOMPARE(planned.point.bops, cost.bops);
            QCOMPARE(planned.point.predictedLoss.value(), allocator.predictedLossOf(planned.plan));
            if (i > 0) {
                QVERIFY(costOf(frontier.predicted[i - 1]) < costOf(planned));
                QVERIFY(frontier.predicted[i - 1].point.predictedLoss >
                        planned.point.predictedLoss);
            }
        }
        QVERIFY(frontier.knee && *frontier.knee > 0 &&
                *frontier.knee + 1 < frontier.predicted.size());

        QCOMPARE(frontier.anchors.size(), std::size_t{6});
        QCOMPARE(frontier.anchors[2].point.label, std::string(bops ? "w4a4" : "w4"));
        QCOMPARE(frontier.anchors[2].plan.findLayer("conv5")->weight.bits, 4);
        QCOMPARE(frontier.anchors[2].plan.findLayer("conv0")->weight.bits, 8);
        QCOMPARE(frontier.anchors[2].plan.findTensor("conv4")->activation.bits, bops ? 4 : 8);
        QCOMPARE(frontier.anchors[2].plan.findTensor("input")->activation.bits, 32);
        // The best plan at an anchor's cost is never worse than the anchor.
        for (const PlannedPoint& anchor : frontier.anchors) {
            QVERIFY(allocator.allocate(costOf(anchor), control).predictedLoss <=
                    anchor.point.predictedLoss.value() * (1 + 1e-12));
        }
    }

    void stopped()
    {
        const ModelInfo model = chain(5);
        Rng rng(2);
        const SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        RunControl control;
        control.requestStop();
        const Frontier frontier =
            predictFrontier(model, table, makeUniformPlan(model, {}), {}, 50, control);
        QVERIFY(!frontier.finished);
        QVERIFY(frontier.predicted.empty());
        QVERIFY(!frontier.knee);
    }

    void tooFewBudgets()
    {
        const ModelInfo model = chain(3);
        Rng rng(2);
        const SensitivityTable table = test::randomTable(model, {2, 4}, rng, 0.0);
        RunControl control;
        BITLOOM_EXPECT_ERROR(
            predictFrontier(model, table, makeUniformPlan(model, {}), {}, 1, control),
            ErrorCode::InvalidArgument, "at least 2");
    }
};

QTEST_GUILESS_MAIN(TestFrontier)
#include "tst_frontier.moc"
