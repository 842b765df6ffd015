// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of a run: what they show, where hover stops, how large histories are thinned.
#include "tests/widgets/models/run_samples.h"
#include "widgets/plots/plot.h"
#include "widgets/plots/run_scenes.h"

#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::PlotScene;

namespace {
std::optional<double> guideAt(const PlotScene& scene, Qt::Orientation orientation, int id)
{
    for (const ui::PlotGuide& guide : scene.guides) {
        if (guide.orientation == orientation && guide.id == id) {
            return guide.value;
        }
    }
    return std::nullopt;
}
} // namespace

class TestRunScenes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void lossesAddUp()
    {
        const test::RunSample made = test::runSample(2, 50);
        const PlotScene scene = ui::lossScene(made.history, {});
        QCOMPARE(scene.curves.size(), std::size_t{3});
        for (std::size_t i = 0; i < 50; ++i) {
            const double sum = scene.curves[0].points[i].y() + scene.curves[1].points[i].y();
            QVERIFY(std::abs(sum - scene.curves[2].points[i].y()) < 1e-5);
        }
        QVERIFY(!guideAt(scene, Qt::Vertical, ui::kTimeGuide)); // the newest step needs no line
        QCOMPARE(guideAt(ui::lossScene(made.history, {.time = 20}), Qt::Vertical, ui::kTimeGuide),
                 std::optional(20.0));
    }
    void theSecondStageIsMarkedInAllCurves()
    {
        test::RunSample made = test::runSample(2, 50);
        made.history.declare("stages", {"stage", "top1_percent_at_start"});
        made.history.append("stages", 0, std::vector<float>{1, 0});
        const auto curves = [&made] {
            const auto rows = ui::gateRows(*made.history.find("gate_probabilities"), &made.model);
            return std::vector<PlotScene>{
                ui::lossScene(made.history, {}),
                ui::accuracyScene(made.history, {}),
                ui::bopsScene(made.history, {}),
                ui::rateScene(made.history, {}),
                ui::gateScene(made.history, *rows[0].weight, ui::GateSubject::Weights, {}),
                ui::rangeScene(made.history, "block0.relu", ui::GateSubject::Activations, {})};
        };
        for (const PlotScene& scene : curves()) { // the search alone has nothing to mark
            QVERIFY(!guideAt(scene, Qt::Vertical, ui::kStageGuide));
        }
        made.history.append("stages", 30, std::vector<float>{2, 97});
        for (const PlotScene& scene : curves()) {
            QCOMPARE(guideAt(scene, Qt::Vertical, ui::kStageGuide), std::optional(30.0));
            QCOMPARE(scene.guides.front().text(30), QStringLiteral("fine-tuning"));
            QVERIFY(!scene.guides.front().isDraggable);
        }
    }
    void gatesHaveBothMarks()
    {
        const test::RunSample made = test::runSample(2, 50);
        const auto rows = ui::gateRows(*made.history.find("gate_probabilities"), &made.model);
        const PlotScene weights =
            ui::gateScene(made.history, *rows[0].weight, ui::GateSubject::Weights, {});
        QCOMPARE(weights.curves.size(), std::size_t{5});
        QCOMPARE(guideAt(weights, Qt::Horizontal, 2), std::optional(ui::kOpenProbability));
        QCOMPARE(guideAt(weights, Qt::Horizontal, 3), std::optional(ui::kAbsorbedProbability));
        QCOMPARE(ui::gateScene(made.history, *rows[0].activation, ui::GateSubject::Activations, {})
                     .curves.size(),
                 std::size_t{4}); // activations have no channels of their own
        // Every curve is told by its stroke or its colour and by a label at its end.
        QSet<QString> looks, labels;
        for (const ui::CurveSeries& curve : weights.curves) {
            looks << QStringLiteral("%1 %2").arg(int(curve.pen)).arg(int(curve.colour));
            labels << curve.endLabel;
        }
        QCOMPARE(looks.size(), 5);
        QCOMPARE(labels.size(), 5);
    }
    void rangesOfSignedTensorsLieOnBothSides()
    {
        const test::RunSample made = test::runSample(2, 201);
        const PlotScene weight =
            ui::rangeScene(made.history, "block0.conv.weight", ui::GateSubject::Weights, {});
        QCOMPARE(weight.curves.size(), std::size_t{4}); // +range, -range, largest, smallest
        QCOMPARE(weight.curves[0].points.back().y(), -weight.curves[1].points.back().y());
        QVERIFY(weight.caption.contains(QStringLiteral("0.25")));
        const PlotScene activation =
            ui::rangeScene(made.history, "block0.relu", ui::GateSubject::Activations, {});
        QCOMPARE(activation.curves.size(), std::size_t{3});
    }
    void largeHistoriesAreThinned()
    {
        const test::RunSample made = test::runSample(2, 5000);
        ui::RunLook look;
        look.stretches = 300;
        const PlotScene scene = ui::rateScene(made.history, look);
        for (const ui::CurveSeries& curve : scene.curves) {
            QVERIFY(curve.points.size() <= 600);
            QCOMPARE(curve.points.front().x(), 0.0);
            QVERIFY(curve.points.back().x() > 4900);
        }
        QVERIFY(scene.stops.x.size() <= 300);
        QCOMPARE(ui::stepOfStop(scene, 0), std::int64_t{0});
        QCOMPARE(ui::stepOfStop(scene, static_cast<int>(scene.stops.x.size()) - 1),
                 std::int64_t{4999});
        QCOMPARE(ui::stepOfStop(scene, 100000), std::int64_t{0});
        const QString csv = ui::seriesCsv(*made.history.find("learning_rates"));
        QCOMPARE(csv.count(u'\n'), 5001); // exported are all of them
    }
    void hoverTellsAllNumbersOfAStep()
    {
        const test::RunSample made = test::runSample(2, 150);
        const QString text = ui::stepText(made.history, ui::RunFigures::Evaluation, 120);
        QVERIFY2(text.startsWith(QStringLiteral("Step 100\n")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("98.5")));
        QVERIFY(ui::stepText(RunHistory(), ui::RunFigures::Losses, 3).isEmpty());
    }
    void aClickFindsTheNearestStep()
    {
        const test::RunSample made = test::runSample(2, 11);
        ui::Plot plot;
        plot.resize(500, 300);
        plot.setScene(ui::lossScene(made.history, {}));
        QSignalSpy activated(&plot, &ui::Plot::pointActivated);
        const QRectF area = plot.plotArea();
        const double x = area.left() + (area.right() - area.left()) * 5.1 /
                                           (plot.xRange().high - plot.xRange().low);
        QTest::mouseClick(&plot, Qt::LeftButton, {},
                          QPoint(static_cast<int>(x), int(area.center().y())));
        QCOMPARE(activated.size(), 1);
        QCOMPARE(ui::stepOfStop(plot.scene(), activated.front().at(0).toInt()), std::int64_t{5});
    }
    void channelsAreToldApartByTheMark()
    {
        const test::RunSample made = test::runSample(2, 101, 10);
        const auto reading = ui::channelReading(made.history, "block0.conv.weight", std::nullopt);
        const PlotScene scene = ui::channelScene(*reading);
        QCOMPARE(scene.bars.size(), std::size_t{2});
        QCOMPARE(std::count_if(scene.bars[0].heights.begin(), scene.bars[0].heights.end(),
                               [](double height) { return height > 0; }),
                 std::ptrdiff_t{3});
        QVERIFY(ui::channelScene({}).bars.empty());
    }
    void nothingRecordedYet()
    {
        const RunHistory history;
        for (const PlotScene& scene :
             {ui::lossScene(history, {}), ui::accuracyScene(history, {}),
              ui::bopsScene(history, {}), ui::rateScene(history, {}),
              ui::gateScene(history, {"a", 0}, ui::GateSubject::Weights, {}),
              ui::rangeScene(history, "a", ui::GateSubject::Weights, {})}) {
            QVERIFY(scene.curves.empty());
            QVERIFY(scene.emptyText.endsWith(u'.'));
        }
    }
};

QTEST_MAIN(TestRunScenes)
#include "tst_run_scenes.moc"
