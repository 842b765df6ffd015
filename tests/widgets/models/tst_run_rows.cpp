// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the views of a run are made of: thinned curves, moments, gates by layer, layers' table.
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/widgets/models/run_samples.h"
#include "widgets/models/gate_rows.h"
#include "widgets/models/roles.h"
#include "widgets/models/run_close_up.h"
#include "widgets/models/run_layer_model.h"
#include "widgets/models/run_series.h"
#include "widgets/util/formatting.h"

#include <QAbstractItemModelTester>
#include <QtTest>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

using namespace bitloom;

namespace {
HistorySeries series(const std::vector<float>& values)
{
    HistorySeries made{"s", {"a"}, {}, values};
    for (std::size_t i = 0; i < values.size(); ++i) {
        made.steps.push_back(static_cast<std::int64_t>(10 * i));
    }
    return made;
}
} // namespace

class TestRunRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fewRowsStayAsTheyAre()
    {
        const auto points = ui::thinnedColumn(series({1, 2, 3}), 0, 10);
        QCOMPARE(points, (std::vector<QPointF>{{0, 1}, {10, 2}, {20, 3}}));
        QVERIFY(ui::thinnedColumn(series({}), 0, 10).empty());
        QVERIFY(ui::thinnedColumn(series({1, 2}), 1, 10).empty()); // no such column
    }
    void thinningLosesNoPeak()
    {
        std::vector<float> values(10000, 1.0F);
        values[7777] = 50;
        values[1234] = -20;
        const auto points = ui::thinnedColumn(series(values), 0, 100);
        QVERIFY(points.size() <= 200);
        double low = 0, high = 0, before = -1;
        for (const QPointF& point : points) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
            QVERIFY(point.x() > before);
            before = point.x();
        }
        QCOMPARE(low, -20.0);
        QCOMPARE(high, 50.0);
    }
    void gapsStayGaps()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const auto points = ui::thinnedColumn(series({1, nan, nan, 2}), 0, 4);
        QCOMPARE(points.size(), std::size_t{4});
        QVERIFY(std::isnan(points[1].y()) && std::isnan(points[2].y()));
        // A stretch with one number keeps it.
        QCOMPARE(ui::thinnedColumn(series({nan, 5}), 0, 1), (std::vector<QPointF>{{10, 5}}));
    }
    void momentsAreTheLastRowBefore()
    {
        const HistorySeries made = series({1, 2, 3});
        QCOMPARE(ui::rowAt(made, std::nullopt), std::optional<std::size_t>(2));
        QCOMPARE(ui::rowAt(made, 10), std::optional<std::size_t>(1));
        QCOMPARE(ui::rowAt(made, 19), std::optional<std::size_t>(1));
        QCOMPARE(ui::rowAt(made, -1), std::nullopt);
        QCOMPARE(ui::rowAt(series({}), std::nullopt), std::nullopt);
    }
    void rowsAreSpreadToBothEnds()
    {
        const HistorySeries made = series(std::vector<float>(1000, 0));
        const auto rows = ui::spreadRows(made, 11);
        QCOMPARE(rows.size(), std::size_t{11});
        QCOMPARE(rows.front(), std::size_t{0});
        QCOMPARE(rows.back(), std::size_t{999});
        QCOMPARE(ui::spreadRows(series({1, 2}), 11), (std::vector<std::size_t>{0, 1}));
    }
    void statesChangeAtTheMarks()
    {
        QCOMPARE(ui::gateStateOf(0.6601), ui::GateState::Open);
        QCOMPARE(ui::gateStateOf(0.66), ui::GateState::Undecided);
        // The logit -2 itself is absorbed already.
        const double k = 2.0 / 3 * std::log(0.1 / 1.1);
        QCOMPARE(ui::gateStateOf(1 / (1 + std::exp(2 + k))), ui::GateState::Absorbed);
        QCOMPARE(ui::gateStateOf(1 / (1 + std::exp(1.99 + k))), ui::GateState::Undecided);
    }
    void levelsAreNested()
    {
        ui::GateReading reading;
        QCOMPARE(reading.bits(), 32);
        reading.levels = {0.9, 0.5, 0.9, 0.9};
        QCOMPARE(reading.bits(), 4);
        reading.levels = {0.1, 0.9, 0.9, 0.9};
        QCOMPARE(reading.bits(), 2);
    }
    void weightsStandBesideTheActivationBehindThem()
    {
        const test::RunSample made = test::runSample(3, 1);
        const HistorySeries& gates = *made.history.find("gate_probabilities");
        const auto rows = ui::gateRows(gates, &made.model);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].name, QStringLiteral("block0.conv"));
        QCOMPARE(rows[0].activation->name, std::string("block0.relu"));
        QVERIFY(!rows[2].activation); // the last layer's output is the network's
        QCOMPARE(rows[1].weight->reading(gates, 0).levels[0], double{0.99F});
        QCOMPARE(ui::gateRowOf(rows, QStringLiteral("block1.conv")), 1);
        QCOMPARE(ui::gateRowOf(rows, QStringLiteral("block1.relu")), 1);
        QCOMPARE(ui::gateRowOf(rows, QString()), -1);
        // Without a model the names have to do.
        QCOMPARE(ui::gateRows(gates, nullptr).size(), std::size_t{3});
    }
    void anActivationOfASumHasARowOfItsOwn()
    {
        RunHistory history;
        history.declare("gate_probabilities",
                        {"a.weight/kept", "a.weight/4", "a.weight/8", "a.weight/16", "a.weight/32",
                         "relu/kept", "relu/4", "relu/8", "relu/16", "relu/32", "add/kept", "add/4",
                         "add/8", "add/16", "add/32"});
        const auto rows = ui::gateRows(*history.find("gate_probabilities"), nullptr);
        QCOMPARE(rows.size(), std::size_t{2});
        QVERIFY(!rows[1].weight);
        QCOMPARE(rows[1].name, QStringLiteral("add"));
    }
    void channelsAreSortedAndCounted()
    {
        const test::RunSample made = test::runSample(2, 101, 10);
        const auto reading = ui::channelReading(made.history, "block1.conv.weight", std::nullopt);
        QVERIFY(reading);
        QCOMPARE(reading->step, std::int64_t{100});
        QCOMPARE(reading->total(), 10);
        QCOMPARE(reading->order.front(), 9);
        QCOMPARE(reading->kept(), 3); // 0.7, 0.8, 0.9
        const auto histogram = reading->histogram(5);
        QCOMPARE(std::accumulate(histogram.begin(), histogram.end(), 0.0), 10.0);
        QVERIFY(!ui::channelReading(made.history, "block0.relu", std::nullopt));
        // A name that begins another one is not mistaken for it.
        QVERIFY(!ui::channelReading(made.history, "block1.conv", std::nullopt));
    }
    void rangesStandBesideWhatTheyQuantize()
    {
        const test::RunSample made = test::runSample(2, 150);
        const auto weight = ui::rangeReading(made.history, "block0.conv.weight", std::nullopt);
        QVERIFY(weight);
        QCOMPARE(weight->step, std::int64_t{149});
        QCOMPARE(*weight->low, -1.0);
        QCOMPARE(*weight->clippedPercent, 0.25);
        QCOMPARE(weight->isSigned(), std::optional(true));
        QCOMPARE(ui::rangeReading(made.history, "block0.relu", std::nullopt)->isSigned(),
                 std::optional(false));
        QVERIFY(!ui::rangeReading(made.history, "nothing", std::nullopt));
    }
    void layersOfTheEvaluationThatIsLookedAt()
    {
        const test::RunSample made = test::runSample(3, 150);
        QVERIFY(ui::runLayerRows(RunHistory(), nullptr, std::nullopt).empty());
        const auto rows = ui::runLayerRows(made.history, &made.model, std::nullopt);
        QCOMPARE(rows.size(), std::size_t{3});
        double sum = 0;
        for (const ui::RunLayerRow& row : rows) {
            sum += row.bopsSharePercent;
        }
        QVERIFY(std::abs(sum - 100) < 1e-9);
        ui::RunLayerModel model;
        const QAbstractItemModelTester tester(&model);
        model.setRows(rows);
        QCOMPARE(
            test::modelLines(model).at(0),
            QStringLiteral("Layer | MACs | W bits | A bits | Kept | BOPs share | Regulariser"));
        QString last = test::modelLines(model).back();
        QCOMPARE(last.replace(QChar(0x00A0), u' '),
                 QStringLiteral("block2.conv | 3.00 k | 4 | 8 | 87.50 % | 50.00 % | 4.50"));
        // The same layers change in place.
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        auto changed = rows;
        changed[1].weightBits = 2;
        model.setRows(changed);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(model.rowOf(QStringLiteral("block1.conv")), 1);
        QCOMPARE(model.index(1, 2).data(ui::SortRole).toInt(), 2);
        QVERIFY(!model.index(3, 0).data().isValid());
        QVERIFY(!model.headerData(7, Qt::Horizontal).isValid());
        model.setRows({});
        QCOMPARE(resets.size(), 1);
    }
    void runsOfOldSayNothingOfTheRegulariser()
    {
        RunHistory old;
        std::vector<std::string> columns;
        for (const char* layer : {"first", "second"}) {
            for (const char* figure :
                 {"/weight_bits", "/activation_bits", "/kept_percent", "/bops_percent"}) {
                columns.push_back(std::string(layer) + figure);
            }
        }
        old.declare("layers", columns);
        old.append("layers", 5, std::vector<float>{8, 8, 100, 1, 4, 2, 50, 3});
        const auto rows = ui::runLayerRows(old, nullptr, std::nullopt);
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[1].weightBits, 4);
        QCOMPARE(rows[1].bopsSharePercent, 75.0);
        QVERIFY(!rows[0].regulariser && !rows[1].regulariser);
        ui::RunLayerModel model;
        model.setRows(rows);
        QVERIFY(test::modelLines(model).back().endsWith(ui::notKnown()));
    }
};

QTEST_GUILESS_MAIN(TestRunRows)
#include "tst_run_rows.moc"
