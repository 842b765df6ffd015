// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/models/layer_samples.h"
#include "widgets/models/layer_filter_proxy.h"
#include "widgets/models/layer_tree_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::LayerColumn;

namespace {
struct Fixture {
    explicit Fixture(ui::LayerRows rows = test::residualRows())
        : proxy(&model), tester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {
        model.setRows(test::shared(std::move(rows)));
    }
    QStringList lines() const { return test::printed(proxy, {0}); }
    bool filter(const char* text)
    {
        return !proxy.setFilterText(QString::fromLatin1(text)).has_value();
    }

    ui::LayerTreeModel model;
    ui::LayerFilterProxy proxy;
    QAbstractItemModelTester tester;
};

QStringList list(std::initializer_list<const char*> lines)
{
    QStringList result;
    for (const char* line : lines) {
        result << QString::fromLatin1(line);
    }
    return result;
}
} // namespace

class TestLayerFilterProxy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void scopesStayAboveTheirMatches()
    {
        Fixture f;
        QVERIFY(f.filter("wbits<=2"));
        QCOMPARE(f.lines(), list({"layer1", "  0", "    conv2"}));
        QVERIFY(f.filter(""));
        QCOMPARE(f.lines().size(), 10);
        QVERIFY(f.filter("name:nothing"));
        QCOMPARE(f.lines().size(), 0);
    }

    void errorsLeaveTheFilter()
    {
        Fixture f;
        QVERIFY(f.filter("fc"));
        const auto error = f.proxy.setFilterText(QStringLiteral("bist<4"));
        QVERIFY(error.has_value());
        QCOMPARE(f.proxy.filterText(), QStringLiteral("fc"));
        QCOMPARE(f.lines(), list({"fc"}));
    }

    void editsMoveRowsInAndOut()
    {
        Fixture f;
        QVERIFY(f.filter("wbits<=2"));
        QSignalSpy matches(&f.proxy, &ui::LayerFilterProxy::matchesChanged);
        ui::LayerRows rows = *f.model.rows();
        rows[2].weight.bits = 8;
        rows[6].weight.bits = 2;
        f.model.setRows(test::shared(rows));
        QCOMPARE(f.lines(), list({"fc"}));
        QCOMPARE(f.proxy.matchingLayers(), list({"fc"}));
        QVERIFY(matches.count() > 0);
    }

    void percentilesFollowTheColumn()
    {
        ui::LayerRows rows = test::residualRows();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].sensitivity = static_cast<double>(i);
        }
        Fixture f(rows);
        QVERIFY(f.filter("sens>=p100"));
        QCOMPARE(f.lines(), list({"fc"}));
        rows[0].sensitivity = 100;
        f.model.setRows(test::shared(rows));
        QCOMPARE(f.lines(), list({"conv1"}));
    }

    void sortsByRawValuesAndBack()
    {
        Fixture f;
        f.model.setFlat(true);
        const QStringList order = f.lines();
        f.proxy.sort(static_cast<int>(LayerColumn::Macs), Qt::AscendingOrder);
        QCOMPARE(f.lines().first(), QStringLiteral("fc"));
        f.proxy.sort(static_cast<int>(LayerColumn::Macs), Qt::DescendingOrder);
        QCOMPARE(f.lines().last(), QStringLiteral("fc"));
        f.proxy.sort(-1);
        QCOMPARE(f.lines(), order);
    }

    void namesSortByNumber()
    {
        Fixture f({test::layerRow(QStringLiteral("layer10"), 1, 4, 4),
                   test::layerRow(QStringLiteral("layer2"), 1, 4, 4)});
        f.proxy.sort(static_cast<int>(LayerColumn::Name));
        QCOMPARE(f.lines(), list({"layer2", "layer10"}));
    }

    void unknownIsLastInEitherDirection()
    {
        ui::LayerRows rows = test::residualRows();
        rows[1].predictedLoss = 2;
        rows[2].predictedLoss = 1;
        Fixture f(rows);
        f.model.setFlat(true);
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            f.proxy.sort(static_cast<int>(LayerColumn::PredictedLoss), order);
            const QStringList lines = f.lines();
            QVERIFY(lines.mid(0, 2).contains(QStringLiteral("layer1.0.conv1")));
            QVERIFY(lines.mid(0, 2).contains(QStringLiteral("layer1.0.conv2")));
        }
    }

    void tenThousandLayers()
    {
        Fixture f(test::manyRows(10'000));
        QVERIFY(f.filter("wbits=3 name:stage7."));
        QCOMPARE(f.proxy.matchingLayers().size(), 12); // 700..799 with i % 8 == 2
        QCOMPARE(f.proxy.rowCount(), 1);
    }
};

QTEST_MAIN(TestLayerFilterProxy)
#include "tst_layer_filter_proxy.moc"
