// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/frontier_plot.h"

#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::FrontierOptions;
using ui::FrontierQuality;

namespace {
FrontierPoint pointOf(PointKind kind, const char* label, double bopsPercent, std::int64_t bytes,
                      double loss, std::optional<double> top1 = std::nullopt)
{
    FrontierPoint point;
    point.kind = kind;
    point.label = label;
    point.bopsPercentOfFp32 = bopsPercent;
    point.bytes = bytes;
    point.bops = static_cast<std::int64_t>(bopsPercent * 1e6);
    point.predictedLoss = loss;
    point.top1Percent = top1;
    return point;
}

/// Four predicted plans, of which "b" is dominated by "a", and one of them measured.
std::shared_ptr<ui::FrontierView> sample()
{
    auto view = std::make_shared<ui::FrontierView>();
    view->predicted = {pointOf(PointKind::Predicted, "a", 1, 100000, 0.10),
                       pointOf(PointKind::Predicted, "b", 1.5, 120000, 0.12),
                       pointOf(PointKind::Predicted, "c", 2, 200000, 0.02),
                       pointOf(PointKind::Predicted, "d", 6, 400000, 0.001)};
    view->measured = {pointOf(PointKind::Measured, "m", 3, 300000, 0.01, 91.5)};
    view->anchors = {pointOf(PointKind::UniformAnchor, "w2a2", 0.5, 90000, 0.5),
                     pointOf(PointKind::UniformAnchor, "w8a8", 6.25, 500000, 0.002, 92.0)};
    view->knee = 2;
    view->ghost = pointOf(PointKind::Predicted, "edited", 2.5, 250000, 0.05);
    return view;
}

QString labelsOf(const std::vector<const FrontierPoint*>& points)
{
    QStringList labels;
    for (const FrontierPoint* point : points) {
        labels << QString::fromStdString(point->label);
    }
    return labels.join(u' ');
}
} // namespace

class TestFrontierPlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nonDominatedPoints()
    {
        const auto view = sample();
        std::vector<const FrontierPoint*> all;
        for (const auto* points : {&view->predicted, &view->measured, &view->anchors}) {
            for (const FrontierPoint& point : *points) {
                all.push_back(&point);
            }
        }
        QCOMPARE(
            labelsOf(ui::nonDominated(all, ui::FrontierCost::Bops, FrontierQuality::PredictedLoss)),
            QStringLiteral("w2a2 a c m d"));
        QCOMPARE(labelsOf(ui::nonDominated(all, ui::FrontierCost::Bytes, FrontierQuality::Top1)),
                 QStringLiteral("m w8a8"));
    }

    void everyKindIsDrawn()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        // Four predicted, one measured, two anchors, the ghost, and the ring of the knee.
        QCOMPARE(plot.drawnPoints(), 9);
        QCOMPARE(plot.scene().steps.front().points.size(), std::size_t(4)); // a c m d
        for (const char* label : {"w2a2", "w8a8", "knee"}) {
            QVERIFY2(plot.drawnLabels().contains(QLatin1String(label)), label);
        }
        QVERIFY(plot.scene().caption.isEmpty());
    }

    void unmeasuredPointsAreCounted()
    {
        ui::FrontierPlot plot;
        FrontierOptions options;
        options.quality = FrontierQuality::Top1;
        plot.setOptions(options);
        plot.setView(sample());
        QCOMPARE(plot.drawnPoints(), 2); // m and w8a8
        // Four predicted, w2a2 and the edited plan.
        QVERIFY2(plot.scene().caption.contains(u'6'), qPrintable(plot.scene().caption));
        QVERIFY(!plot.pixelOf(QStringLiteral("a")));
    }

    void zeroLossHasNoPlaceOnALogAxis()
    {
        auto view = sample();
        view->predicted.front().predictedLoss = 0;
        ui::FrontierPlot plot;
        plot.setView(view);
        QVERIFY(plot.scene().caption.contains(u'1'));
        QVERIFY(!plot.pixelOf(QStringLiteral("a")));
        FrontierOptions options;
        options.isLossLog = false;
        plot.setOptions(options);
        QVERIFY(plot.scene().caption.isEmpty());
        QVERIFY(plot.pixelOf(QStringLiteral("a")).has_value());
    }

    void filters()
    {
        ui::FrontierPlot plot;
        plot.setView(sample());
        FrontierOptions options;
        options.hideDominated = true;
        plot.setOptions(options);
        QVERIFY(!plot.pixelOf(QStringLiteral("b")));
        QVERIFY(plot.pixelOf(QStringLiteral("w2a2")).has_value()); // anchors stay
        options.hideDominated = false;
        options.topK = 2;
        plot.setOptions(options);
        QVERIFY(plot.pixelOf(QStringLiteral("d")).has_value());
        QVERIFY(plot.pixelOf(QStringLiteral("m")).has_value());
        QVERIFY(!plot.pixelOf(QStringLiteral("c")));
        // The frontier does not depend on what is hidden.
        QCOMPARE(plot.scene().steps.front().points.size(), std::size_t(4));
    }

    void clickHoverAndSelection()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        plot.show();
        QSignalSpy activated(&plot, &ui::FrontierPlot::planActivated);
        QSignalSpy hovered(&plot, &ui::FrontierPlot::planHovered);
        const QPoint at = plot.pixelOf(QStringLiteral("c"))->toPoint();
        QTest::mouseMove(&plot, at);
        QCOMPARE(hovered.last().at(0).toString(), QStringLiteral("c"));
        QVERIFY(plot.accessibleDescription().contains(QStringLiteral("Predicted loss 0.0200")));
        QVERIFY(plot.accessibleDescription().contains(QStringLiteral("Click to preview")));
        QTest::mouseClick(&plot, Qt::LeftButton, {}, at);
        QCOMPARE(activated.takeFirst().at(0).toString(), QStringLiteral("c"));
        QTest::mouseClick(&plot, Qt::LeftButton, {},
                          plot.pixelOf(QStringLiteral("edited"))->toPoint());
        QCOMPARE(activated.count(), 0); // the edited plan is what is shown already
        plot.setSelected(QStringLiteral("m"));
        QCOMPARE(plot.selectedPoints().size(), std::size_t(1));
        plot.setSelected(QStringLiteral("unknown"));
        QVERIFY(plot.selectedPoints().empty());
    }

    void selectionFollowsTheLabelThroughNewData()
    {
        ui::FrontierPlot plot;
        plot.setView(sample());
        plot.setSelected(QStringLiteral("d"));
        auto view = sample();
        view->predicted.erase(view->predicted.begin());
        plot.setView(view);
        QCOMPARE(plot.selectedPoints().size(), std::size_t(1));
        QCOMPARE(plot.pixelOfPoint(plot.selectedPoints().front()),
                 plot.pixelOf(QStringLiteral("d")));
    }

    void budgetIsDragged()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        plot.setBudget(3);
        plot.show();
        QSignalSpy dragged(&plot, &ui::FrontierPlot::budgetDragged);
        QSignalSpy released(&plot, &ui::FrontierPlot::budgetReleased);
        const QPoint grip = plot.budgetPixel()->toPoint();
        QTest::mousePress(&plot, Qt::LeftButton, {}, grip);
        QTest::mouseMove(&plot, grip + QPoint(-60, 0));
        QCOMPARE(dragged.count(), 1);
        QVERIFY(dragged.first().at(0).toDouble() < 3);
        // New data while dragging keep the line where the hand is.
        plot.setView(sample());
        QTest::mouseMove(&plot, grip + QPoint(-80, 0));
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, grip + QPoint(-80, 0));
        QCOMPARE(released.count(), 1);
        QCOMPARE(plot.budget().value(), released.first().at(0).toDouble());
        QVERIFY(qAbs(plot.xAtPixel(grip.x() - 80) - plot.budget().value()) < 1e-9);
        FrontierOptions bytes;
        bytes.cost = ui::FrontierCost::Bytes;
        plot.setOptions(bytes);
        QVERIFY(!plot.budget()); // percent are no bytes
    }

    void dataDuringADragDoNotMoveTheAxes()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        plot.setBudget(3);
        plot.show();
        const ui::AxisRange before = plot.xRange();
        const QPoint grip = plot.budgetPixel()->toPoint();
        QTest::mousePress(&plot, Qt::LeftButton, {}, grip);
        for (int i = 0; i < 5; ++i) {
            QTest::mouseMove(&plot, QPoint(700 + i, grip.y())); // beyond the right end
            plot.setView(sample()); // the preview of the plan for this budget
            QCOMPARE(plot.xRange(), before);
            QCOMPARE(plot.budget().value(), before.high);
        }
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, QPoint(705, grip.y()));
        QVERIFY(plot.xRange().high > before.high); // room to go on
        QVERIFY(plot.budgetPixel().has_value());
    }

    void pointsWithoutAPredictionAreCounted()
    {
        auto view = sample();
        view->measured.front().predictedLoss.reset();
        ui::FrontierPlot plot;
        plot.setView(view);
        QVERIFY(!plot.pixelOf(QStringLiteral("m")));
        QVERIFY2(plot.scene().caption.contains(u'1'), qPrintable(plot.scene().caption));
        QVERIFY(plot.csv().contains(QStringLiteral("measured,m,,300000,3000000,3,,91.5,false")));
    }

    void emptyPlotSaysWhatWillBeHere()
    {
        ui::FrontierPlot plot;
        QCOMPARE(plot.drawnPoints(), 0);
        QVERIFY(plot.accessibleDescription().contains(QStringLiteral("sensitivity")));
        plot.setView(std::make_shared<ui::FrontierView>());
        plot.setView(nullptr);
        QVERIFY(!plot.grab().isNull());
    }

    void csvHoldsAllPoints()
    {
        ui::FrontierPlot plot;
        plot.setView(sample());
        const QStringList lines = plot.csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 1 + 4 + 1 + 2 + 1);
        QCOMPARE(lines.at(0), QStringLiteral("kind,label,plan,bytes,bops,bops_percent_of_fp32,"
                                             "predicted_loss,top1_percent,optimal"));
        QCOMPARE(lines.at(5), QStringLiteral("measured,m,,300000,3000000,3,0.01,91.5,false"));
    }
};

QTEST_MAIN(TestFrontierPlot)
#include "tst_frontier_plot.moc"
