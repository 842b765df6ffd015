// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/models/layer_samples.h"
#include "widgets/models/plan_diff_model.h"

#include <QAbstractItemModelTester>
#include <QFont>
#include <QLocale>
#include <QtTest>

using namespace bitloom;

namespace {
std::shared_ptr<const ui::PlanComparison> comparison()
{
    ui::PlanComparison plans;
    plans.layers = {QStringLiteral("conv1"), QStringLiteral("matmul0"), QStringLiteral("fc")};
    plans.lossUnit = QStringLiteral("nats");
    plans.plans = {
        {QStringLiteral("w8a8"), {8, std::nullopt, 8}, {8, 8, 8}, 1'000'000, 6.25, 0.001, 92.1},
        {QStringLiteral("mixed"), {4, std::nullopt, 8}, {8, 8, 8}, 400'000, 2.5, 0.02, {}},
        {QStringLiteral("short"), {8}, {8, 4}, 300'000, 1.5, {}, {}}};
    return std::make_shared<const ui::PlanComparison>(plans);
}

struct Fixture {
    Fixture() : tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {
        model.setComparison(comparison());
    }
    QStringList lines() const { return test::printed(model, {0, 1, 2, 3, 4, 5, 6}); }

    ui::PlanDiffModel model;
    QAbstractItemModelTester tester;
};
} // namespace

class TestPlanDiffModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void plansSideBySideWithTotals()
    {
        const Fixture f;
        const QStringList expected{
            QStringLiteral("conv1 | 8 | 8 | 4 | 8 | 8 | 8"),
            QStringLiteral("matmul0 | \u2013 | 8 | \u2013 | 8 | \u2013 | 4"),
            QStringLiteral("fc | 8 | 8 | 8 | 8 | \u2013 | \u2013"),
            QStringLiteral("Size | 1.00\u00A0MB |  | 400\u00A0kB |  | 300\u00A0kB | "),
            QStringLiteral("BOPs, % of FP32 | 6.25\u00A0% |  | 2.50\u00A0% |  | 1.50\u00A0% | "),
            QStringLiteral("Predicted loss, nats | 0.00100 |  | 0.0200 |  | \u2013 | "),
            QStringLiteral("Measured accuracy | 92.10\u00A0% |  | \u2013 |  | \u2013 | "),
        };
        QCOMPARE(f.lines(), expected);
        QCOMPARE(f.model.headerData(3, Qt::Horizontal).toString(), QStringLiteral("mixed, W"));
        QCOMPARE(f.model.headerData(4, Qt::Horizontal, ui::KeyRole).toString(),
                 QStringLiteral("mixed abits"));
        QVERIFY(f.model.isTotal(3));
        QVERIFY(!f.model.isTotal(2));
        QVERIFY(!f.model.isTotal(7));
    }

    void differencesOnly()
    {
        Fixture f;
        QCOMPARE(f.model.differingLayers(), 3);
        ui::PlanComparison two = *comparison();
        two.plans.pop_back();
        f.model.setComparison(std::make_shared<const ui::PlanComparison>(two));
        QCOMPARE(f.model.differingLayers(), 1);
        QCOMPARE(f.model.rowCount(), 3 + ui::PlanDiffModel::TotalCount);
        f.model.setDifferencesOnly(true);
        QCOMPARE(f.model.rowCount(), 1 + ui::PlanDiffModel::TotalCount);
        QCOMPARE(f.model.index(0, 0).data(ui::LayerNameRole).toString(), QStringLiteral("conv1"));
        f.model.setDifferencesOnly(false);
        QCOMPARE(f.model.rowCount(), 3 + ui::PlanDiffModel::TotalCount);
    }

    void whatDiffersIsBoldAndSaysSo()
    {
        const Fixture f;
        const QModelIndex mixed =
            f.model.index(0, ui::PlanDiffModel::columnOf(1, ui::BitTarget::Weights));
        QCOMPARE(mixed.data(Qt::FontRole).value<QFont>().weight(), QFont::DemiBold);
        QCOMPARE(mixed.data(Qt::ToolTipRole).toString(), QStringLiteral("4 in mixed, 8 in w8a8"));
        QCOMPARE(mixed.data(ui::BitsRole).value<ui::BitRange>(), (ui::BitRange{4, 4}));
        const QModelIndex same =
            f.model.index(2, ui::PlanDiffModel::columnOf(1, ui::BitTarget::Weights));
        QVERIFY(!same.data(Qt::FontRole).isValid());
        const QModelIndex loss = f.model.index(3 + ui::PlanDiffModel::Loss, 1);
        QVERIFY(loss.data(ui::PredictedRole).toBool());
        QVERIFY(loss.data(Qt::FontRole).value<QFont>().italic());
        QCOMPARE(loss.data(ui::RawTextRole).toString().toDouble(), 0.001);
    }

    void onePlanNoPlanAndNothing()
    {
        Fixture f;
        ui::PlanComparison one = *comparison();
        one.plans.resize(1);
        f.model.setComparison(std::make_shared<const ui::PlanComparison>(one));
        QCOMPARE(f.model.differingLayers(), 0);
        QCOMPARE(f.model.columnCount(), 3);
        f.model.setComparison(nullptr);
        QCOMPARE(f.model.rowCount(), 0);
        QCOMPARE(f.model.columnCount(), 1);
    }

    void outOfRange()
    {
        const Fixture f;
        QVERIFY(!f.model.index(7, 0).isValid());
        QVERIFY(!f.model.index(0, 7).isValid());
        QVERIFY(!f.model.data(QModelIndex()).isValid());
        QVERIFY(!f.model.headerData(7, Qt::Horizontal).isValid());
        QVERIFY(!f.model.headerData(-1, Qt::Horizontal).isValid());
        QVERIFY(!f.model.headerData(0, Qt::Vertical).isValid());
        QCOMPARE(f.model.rowCount(f.model.index(0, 0)), 0);
    }
};

QTEST_APPLESS_MAIN(TestPlanDiffModel)
#include "tst_plan_diff_model.moc"
