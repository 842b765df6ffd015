// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/frontier_plot.h"

#include <QImage>
#include <QMouseEvent>
#include <QPainter>
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

QRect rectAround(const ui::FrontierPlot& plot, std::initializer_list<const char*> labels)
{
    QRectF rect;
    for (const char* label : labels) {
        rect |= QRectF(*plot.pixelOf(QLatin1String(label)) - QPointF(9, 9), QSizeF(18, 18));
    }
    return rect.toRect();
}

void drag(QWidget& widget, QPoint from, QPoint to, Qt::KeyboardModifiers modifiers)
{
    QTest::mousePress(&widget, Qt::LeftButton, modifiers, from);
    for (const QPoint at : {(from + to) / 2, to}) {
        QMouseEvent move(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton,
                         Qt::LeftButton, modifiers);
        QCoreApplication::sendEvent(&widget, &move);
    }
    QTest::mouseRelease(&widget, Qt::LeftButton, modifiers, to);
}

/// A place inside the axes that is far from every point.
QPoint nothingAt(const ui::FrontierPlot& plot)
{
    const QRectF area = plot.plotArea().adjusted(4, 4, -4, -4);
    for (double x = area.left(); x < area.right(); x += 20) {
        for (double y = area.top(); y < area.bottom(); y += 20) {
            bool isFree = true;
            for (const char* label : {"a", "b", "c", "d", "m", "w2a2", "w8a8", "edited"}) {
                const auto point = plot.pixelOf(QLatin1String(label));
                isFree = isFree && (!point || QLineF(*point, {x, y}).length() > 25);
            }
            if (isFree) {
                return QPointF(x, y).toPoint();
            }
        }
    }
    return {};
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

    void brushWithTheMouse()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        plot.show();
        QSignalSpy told(&plot, &ui::FrontierPlot::brushedPlansChanged);
        const ui::AxisRange before = plot.xRange();
        const QRect around = rectAround(plot, {"a", "b", "c"});
        drag(plot, around.topLeft(), around.bottomRight(), Qt::ControlModifier);
        QCOMPARE(plot.brushedPlans(), (QStringList{"a", "b", "c"}));
        QVERIFY(told.count() > 0);
        QCOMPARE(plot.xRange(), before); // nothing was moved
        QVERIFY(!plot.isZoomed());
        // The ranges in words, for eyes and for screen readers.
        QVERIFY2(
            plot.scene().caption.startsWith(QStringLiteral("Brushed: 3 of 7 plans, BOPs 0.")) &&
                plot.scene().caption.contains(QStringLiteral("predicted loss 0.0")),
            qPrintable(plot.scene().caption));
        QCOMPARE(plot.accessibleDescription(), plot.scene().caption);
        // Without Ctrl a drag moves the plane, and the brush stays where its points are.
        drag(plot, QPoint(200, 200), QPoint(240, 220), {});
        QVERIFY(plot.isZoomed());
        QCOMPARE(plot.brushedPlans(), (QStringList{"a", "b", "c"}));
        // A point can still be clicked; a click where nothing is gives the brush up.
        QSignalSpy activated(&plot, &ui::FrontierPlot::planActivated);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.pixelOf(QStringLiteral("c"))->toPoint());
        QCOMPARE(activated.count(), 1);
        QVERIFY(plot.brush().has_value());
        QTest::mouseClick(&plot, Qt::LeftButton, {}, nothingAt(plot));
        QVERIFY(!plot.brush());
        QVERIFY(plot.scene().caption.isEmpty());
    }

    void brushMode()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        plot.setBudget(3);
        plot.show();
        plot.setBrushMode(true);
        const QRect around = rectAround(plot, {"c"});
        drag(plot, around.topLeft(), around.bottomRight(), {});
        QCOMPARE(plot.brushedPlans(), QStringList{"c"});
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(!plot.brush());
        // The budget is still taken by its line.
        const QPoint grip = plot.budgetPixel()->toPoint();
        drag(plot, grip, grip - QPoint(50, 0), {});
        QVERIFY(!plot.brush());
        QVERIFY(plot.budget().value() < 3);
        plot.setBrushMode(false);
        drag(plot, around.topLeft(), around.bottomRight(), {});
        QVERIFY(!plot.brush());
        QVERIFY(plot.isZoomed());
    }

    void brushByKeys()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        plot.setView(sample());
        plot.show();
        QTest::keyClick(&plot, Qt::Key_Right); // w2a2, the cheapest
        QTest::keyClick(&plot, Qt::Key_Right); // a
        QVERIFY(!plot.brush());
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(plot.brushedPlans(), (QStringList{"a", "b"}));
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(plot.brushedPlans().contains("a") && plot.brushedPlans().contains("c"));
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(plot.brushedPlans(), (QStringList{"a", "b"}));
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(!plot.brush());
        QVERIFY(plot.brushedPlans().isEmpty());
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ControlModifier); // the first one there is
        QCOMPARE(plot.brushedPlans(), QStringList{"w8a8"});
    }

    void whatIsNotBrushedFades()
    {
        ui::FrontierPlot plot;
        plot.resize(640, 420);
        auto view = sample(); // one that no line goes through
        view->measured.push_back(pointOf(PointKind::Measured, "n", 4, 350000, 0.2));
        plot.setView(view);
        const auto pictureOf = [&plot] {
            const ui::Picture picture = plot.picture(QStringLiteral("frontier"));
            QImage image(picture.size, QImage::Format_RGB32);
            QPainter painter(&image);
            picture.paint(painter, image.size());
            return image;
        };
        const QPoint outside = plot.pixelOf(QStringLiteral("n"))->toPoint();
        const QPoint inside = plot.pixelOf(QStringLiteral("w8a8"))->toPoint();
        const QImage before = pictureOf();
        plot.setBrush(ui::PlotBrush{{5, 7}, {0.0001, 0.01}});
        QCOMPARE(plot.brushedPlans(), (QStringList{"d", "w8a8"}));
        QCOMPARE(plot.pixelOf(QStringLiteral("n"))->y() > outside.y(),
                 true); // the words above take a line
        const QImage after = pictureOf();
        // The picture that is exported shows what the window shows.
        QVERIFY(qGray(after.pixel(plot.pixelOf(QStringLiteral("n"))->toPoint())) >
                qGray(before.pixel(outside)) + 60);
        QCOMPARE(after.pixelColor(plot.pixelOf(QStringLiteral("w8a8"))->toPoint()),
                 before.pixelColor(inside));
        const QStringList lines = plot.csv().split(u'\n');
        QVERIFY(lines[0].endsWith(QStringLiteral(",optimal,brushed")));
        QVERIFY(lines[1].startsWith(QStringLiteral("predicted,a,")) &&
                lines[1].endsWith(QStringLiteral(",false")));
        QVERIFY(lines[4].startsWith(QStringLiteral("predicted,d,")) &&
                lines[4].endsWith(QStringLiteral(",true")));
    }

    void brushFollowsDataAndAxes()
    {
        ui::FrontierPlot plot;
        plot.setView(sample());
        plot.setBrush(ui::PlotBrush{{0.9, 1.6}, {0.05, 0.2}});
        QCOMPARE(plot.brushedPlans(), (QStringList{"a", "b"}));
        QSignalSpy told(&plot, &ui::FrontierPlot::brushedPlansChanged);
        plot.setView(sample()); // the same
        QCOMPARE(told.count(), 0);
        auto view = sample();
        view->predicted.erase(view->predicted.begin());
        plot.setView(view);
        QCOMPARE(told.count(), 1);
        QCOMPARE(plot.brushedPlans(), QStringList{"b"});
        FrontierOptions options;
        options.isCostLog = false;
        plot.setOptions(options);
        QCOMPARE(plot.brushedPlans(), QStringList{"b"});
        options.quality = FrontierQuality::Top1;
        plot.setOptions(options); // losses are no accuracies
        QVERIFY(!plot.brush());
        QCOMPARE(told.count(), 2);
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
