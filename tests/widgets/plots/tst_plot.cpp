// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot.h"
#include "widgets/util/refresh_gate.h"
#include "widgets/util/theme.h"

#include <QApplication>
#include <QBuffer>
#include <QImageReader>
#include <QPainter>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QWheelEvent>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace bitloom;

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

ui::PlotScene scene(const std::vector<QPointF>& values, bool isLog = false)
{
    ui::PlotScene built;
    built.x.title = QStringLiteral("cost, %");
    built.y.title = QStringLiteral("loss");
    built.x.isLog = built.y.isLog = isLog;
    built.emptyText = QStringLiteral("Nothing yet.");
    ui::PointSeries series;
    series.name = QStringLiteral("measured");
    for (const QPointF& value : values) {
        series.points.push_back({value.x(), value.y(), static_cast<int>(series.points.size()), {}});
    }
    built.points.push_back(series);
    return built;
}

ui::PlotGuide guideAt(double value, Qt::Orientation orientation = Qt::Vertical)
{
    ui::PlotGuide guide;
    guide.id = 7;
    guide.orientation = orientation;
    guide.value = value;
    guide.isDraggable = true;
    guide.text = [](double at) { return QString::number(at); };
    return guide;
}

void turnWheel(QWidget& widget, QPointF at, int delta, Qt::KeyboardModifiers modifiers = {})
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

const std::vector<QPointF> kThree = {{1, 3}, {2, 1}, {4, 2}};
} // namespace

class TestPlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::applyTheme(*qApp, ui::ThemeChoice::Light); }

    void pointsLieInsideTheAxesInOrder()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        plot.setScene(scene(kThree));
        QCOMPARE(plot.drawnPoints(), 3);
        QCOMPARE(plot.omittedPoints(), 0);
        for (int id = 0; id < 3; ++id) {
            QVERIFY(plot.plotArea().contains(plot.pixelOfPoint(id).value()));
        }
        QVERIFY(plot.pixelOfPoint(0)->x() < plot.pixelOfPoint(1)->x());
        QVERIFY(plot.pixelOfPoint(0)->y() < plot.pixelOfPoint(1)->y()); // 3 lies above 1
        QVERIFY(!plot.pixelOfPoint(3));
    }

    void strangeValuesAreLeftOut_data()
    {
        QTest::addColumn<bool>("isLog");
        QTest::addColumn<QList<QPointF>>("values");
        QTest::addColumn<int>("drawn");
        for (const bool isLog : {false, true}) {
            const QByteArray name = isLog ? "log " : "linear ";
            QTest::newRow(name + "nothing") << isLog << QList<QPointF>() << 0;
            QTest::newRow(name + "one") << isLog << QList<QPointF>{{2, 2}} << 1;
            QTest::newRow(name + "same") << isLog << QList<QPointF>{{2, 2}, {2, 2}} << 2;
            QTest::newRow(name + "zero")
                << isLog << QList<QPointF>{{0, 1}, {1, 0}, {1, 1}} << (isLog ? 1 : 3);
            QTest::newRow(name + "negative")
                << isLog << QList<QPointF>{{-1, 1}, {1, -5}} << (isLog ? 0 : 2);
            QTest::newRow(name + "not finite")
                << isLog << QList<QPointF>{{kNaN, 1}, {1, kInfinite}, {-kInfinite, kNaN}, {3, 4}}
                << 1;
            QTest::newRow(name + "extreme")
                << isLog << QList<QPointF>{{1e-200, 1e200}, {1e200, 1e-200}} << 2;
        }
    }
    void strangeValuesAreLeftOut()
    {
        QFETCH(bool, isLog);
        QFETCH(QList<QPointF>, values);
        QFETCH(int, drawn);
        ui::Plot plot;
        plot.resize(300, 200);
        ui::PlotScene built = scene({values.begin(), values.end()}, isLog);
        ui::StepLine step;
        step.shade = ui::StepLine::Shade::Above;
        step.points = built.points.front().points;
        built.steps.push_back(step);
        for (const double value : {kNaN, 0.0, 2.0}) {
            built.guides.push_back(guideAt(value));
            built.guides.push_back(guideAt(value, Qt::Horizontal));
            built.bands.push_back({-kInfinite, value, ui::PlotColour::Reference});
            built.marks.push_back(value);
        }
        plot.setScene(built);
        plot.show();
        QVERIFY(!plot.grab().isNull());
        QCOMPARE(plot.drawnPoints(), drawn);
        QCOMPARE(plot.omittedPoints(), int(values.size()) - drawn);
        turnWheel(plot, plot.plotArea().center(), 120, Qt::ControlModifier);
        for (const int key : {Qt::Key_Right, Qt::Key_Up, Qt::Key_Return, Qt::Key_0, Qt::Key_Plus}) {
            QTest::keyClick(&plot, Qt::Key(key));
        }
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(!plot.grab().isNull());
        QVERIFY(std::isfinite(plot.xRange().low) && std::isfinite(plot.yRange().high));
    }

    void hoverAndClickFindTheNearestPoint()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        plot.setScene(scene(kThree));
        plot.show();
        QSignalSpy hovered(&plot, &ui::Plot::pointHovered);
        QSignalSpy activated(&plot, &ui::Plot::pointActivated);
        const QPoint at = plot.pixelOfPoint(1)->toPoint();
        QTest::mouseMove(&plot, at + QPoint(4, 4));
        QCOMPARE(plot.currentPoint(), 1);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, at + QPoint(-6, 3));
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.takeFirst().at(0).toInt(), 1);
        QTest::mouseMove(&plot, at + QPoint(30, 30));
        QCOMPARE(plot.currentPoint(), -1);
        QCOMPARE(hovered.count(), 2);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, at + QPoint(30, 30));
        QCOMPARE(activated.count(), 0);
    }

    void keysReachEverything()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        plot.setTooltipProvider([](int id) { return QStringLiteral("point %1").arg(id); });
        plot.setScene(scene({{4, 2}, {1, 3}, {2, 1}}));
        QSignalSpy activated(&plot, &ui::Plot::pointActivated);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.currentPoint(), 1);
        QCOMPARE(plot.accessibleDescription(), QStringLiteral("point 1"));
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.currentPoint(), 2);
        QTest::keyClick(&plot, Qt::Key_Up); // the next higher one
        QCOMPARE(plot.currentPoint(), 0);
        QTest::keyClick(&plot, Qt::Key_Right); // the last stays
        QCOMPARE(plot.currentPoint(), 0);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(activated.takeFirst().at(0).toInt(), 0);
        QTest::keyClick(&plot, Qt::Key_Escape);
        QCOMPARE(plot.currentPoint(), -1);
        QTest::keyClick(&plot, Qt::Key_Plus);
        QVERIFY(plot.isZoomed());
        QTest::keyClick(&plot, Qt::Key_0);
        QVERIFY(!plot.isZoomed());
    }

    void wheelDragAndDoubleClickZoomAndPan()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        plot.setScene(scene(kThree));
        plot.show();
        const ui::AxisRange x = plot.xRange();
        const ui::AxisRange y = plot.yRange();
        const QPoint centre = plot.plotArea().center().toPoint();
        turnWheel(plot, centre, 120);
        QVERIFY(plot.xRange().high - plot.xRange().low < x.high - x.low);
        QCOMPARE(plot.yRange(), y);
        turnWheel(plot, centre, 120, Qt::ControlModifier);
        QVERIFY(plot.yRange().high - plot.yRange().low < y.high - y.low);
        const double left = plot.xRange().low;
        QTest::mousePress(&plot, Qt::MiddleButton, {}, centre);
        QTest::mouseMove(&plot, centre + QPoint(50, 0));
        QTest::mouseRelease(&plot, Qt::MiddleButton, {}, centre + QPoint(50, 0));
        QVERIFY(plot.xRange().low < left);
        plot.setScene(scene(kThree)); // new data keep the zoom
        QVERIFY(plot.isZoomed());
        QTest::mouseDClick(&plot, Qt::LeftButton, {},
                           plot.plotArea().topRight().toPoint() + QPoint(-20, 20));
        QVERIFY(!plot.isZoomed());
        QCOMPARE(plot.xRange(), x);
        for (int i = 0; i < 500; ++i) {
            turnWheel(plot, centre, -1200);
        }
        QVERIFY(plot.xRange().high - plot.xRange().low < 10 * (x.high - x.low));
    }

    void guidesAreDraggedByMouseAndKeys()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        ui::PlotScene built = scene({{1, 1}, {100, 100}}, true);
        built.guides.push_back(guideAt(10));
        plot.setScene(built);
        plot.show();
        QSignalSpy dragged(&plot, &ui::Plot::guideDragged);
        QSignalSpy released(&plot, &ui::Plot::guideReleased);
        QSignalSpy range(&plot, &ui::Plot::rangeChanged);
        const QPoint grip = plot.pixelOfGuide(7)->toPoint();
        QTest::mousePress(&plot, Qt::LeftButton, {}, grip + QPoint(2, 0));
        QTest::mouseMove(&plot, grip + QPoint(40, 10));
        QTest::mouseMove(&plot, grip + QPoint(80, 10));
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, grip + QPoint(80, 10));
        QVERIFY(dragged.count() >= 2);
        QCOMPARE(released.count(), 1);
        const double value = released.first().at(1).toDouble();
        QVERIFY(qAbs(plot.xAtPixel(grip.x() + 80) - value) < 1e-9);
        QVERIFY(value > 10);
        QCOMPARE(range.count(), 0); // the axes stayed where they are
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(released.count(), 2);
        QVERIFY(released.last().at(1).toDouble() < value);
        // Beyond the axes it stops at their end.
        const double end = plot.xRange().high;
        QTest::mousePress(&plot, Qt::LeftButton, {}, plot.pixelOfGuide(7)->toPoint());
        QTest::mouseMove(&plot, QPoint(5000, 100));
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, QPoint(5000, 100));
        QCOMPARE(released.last().at(1).toDouble(), end);
    }

    void liveAxesOnlyGrow()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        plot.setLive(true);
        plot.setScene(scene({{1, 1}, {10, 10}}));
        const ui::AxisRange wide = plot.xRange();
        plot.setScene(scene({{4, 4}, {5, 5}}));
        QCOMPARE(plot.xRange(), wide);
        plot.setScene(scene({{4, 4}, {50, 5}}));
        QVERIFY(plot.xRange().high > wide.high);
        plot.setLive(false);
        plot.setScene(scene({{4, 4}, {5, 5}}));
        QVERIFY(plot.xRange().low > wide.low && plot.xRange().high < wide.high);
    }

    void hiddenPlotsDrawNothing()
    {
        ui::Plot plot;
        plot.resize(300, 200);
        for (int i = 0; i < 20; ++i) {
            plot.setScene(scene(kThree));
        }
        QTest::qWait(2 * ui::RefreshGate::kIntervalMs);
        QCOMPARE(plot.drawings(), 0);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QTRY_VERIFY(plot.drawings() >= 1);
    }

    void manyScenesAreFewDrawings()
    {
        ui::Plot plot;
        plot.resize(300, 200);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const int before = plot.drawings();
        QElapsedTimer time;
        time.start();
        while (time.elapsed() < 8 * ui::RefreshGate::kIntervalMs) {
            plot.setScene(scene(kThree));
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        }
        const auto most = time.elapsed() / ui::RefreshGate::kIntervalMs + 2;
        QVERIFY2(plot.drawings() - before <= most, qPrintable(QString::number(plot.drawings())));
    }

    void themeChangesTheColours()
    {
        ui::Plot plot;
        plot.resize(300, 200);
        plot.setScene(scene({{1, 1}, {3, 3}, {2, 2}}));
        plot.show();
        const QPoint at = plot.pixelOfPoint(2)->toPoint();
        const auto colourAt = [&plot](QPoint pixel) {
            return plot.grab().toImage().pixelColor(pixel);
        };
        QCOMPARE(colourAt(at), ui::Theme(plot.palette()).weights());
        QCOMPARE(colourAt({1, 1}), ui::Theme(plot.palette()).base());
        const QColor before = colourAt(at);
        ui::applyTheme(*qApp, ui::ThemeChoice::Dark);
        QTRY_VERIFY(ui::isDark(plot.palette()));
        QCOMPARE(colourAt(plot.pixelOfPoint(2)->toPoint()), ui::Theme(plot.palette()).weights());
        QCOMPARE(colourAt({1, 1}), ui::Theme(plot.palette()).base());
        QVERIFY(colourAt(at) != before);
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
    }

    void picturesOutliveThePlotAndScale()
    {
        ui::Picture picture;
        {
            ui::Plot plot;
            plot.resize(300, 200);
            plot.setScene(scene(kThree));
            picture = plot.picture(QStringLiteral("sample"));
        }
        QByteArray png = ui::renderPicture(picture, ui::PictureFormat::Png, {400, 300}, 2.0, {});
        QBuffer buffer(&png);
        const QImage image = QImageReader(&buffer).read();
        QCOMPARE(image.size(), QSize(800, 600));
        int coloured = 0;
        const QColor expected = ui::Theme(QApplication::palette()).weights();
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                coloured += image.pixelColor(x, y) == expected ? 1 : 0;
            }
        }
        QVERIFY2(coloured > 3 * 100, qPrintable(QString::number(coloured))); // three discs at 2x
        const QByteArray svg =
            ui::renderPicture(picture, ui::PictureFormat::Svg, {400, 300}, 1.0, {});
        QVERIFY(QSvgRenderer(svg).isValid());
        QVERIFY(svg.contains("cost, %"));
        QCOMPARE(picture.csv(), QStringLiteral("series,label,x,y\nmeasured,,1,3\nmeasured,,2,1\n"
                                               "measured,,4,2\n"));
    }

    void thousandsOfPointsAreMarkedLikeFew()
    {
        ui::Plot plot;
        plot.resize(500, 400);
        std::vector<QPointF> values;
        for (int i = 0; i < 2000; ++i) {
            values.push_back({1.0 + i % 50, 1.0 + i / 50});
        }
        plot.setScene(scene(values));
        plot.show();
        const QImage image = plot.grab().toImage();
        const QColor expected = ui::Theme(plot.palette()).weights();
        for (const int id : {0, 49, 777, 1999}) {
            QCOMPARE(image.pixelColor(plot.pixelOfPoint(id)->toPoint()), expected);
        }
        // In drawings they stay outlines, one each.
        const QByteArray svg = ui::renderPicture(plot.picture(QStringLiteral("many")),
                                                 ui::PictureFormat::Svg, {500, 400}, 1.0, {});
        QVERIFY(!svg.contains("<image"));
        QVERIFY(svg.count("<path") >= 2000);
    }

    void labelsFindRoomOrAreLeftOut()
    {
        ui::Plot plot;
        plot.resize(400, 300);
        ui::PlotScene built = scene({});
        for (int i = 0; i < 200; ++i) {
            built.points.front().points.push_back(
                {1 + 1e-6 * i, 1, i, QStringLiteral("label %1").arg(i)});
        }
        built.points.front().points.push_back({2, 2, 200, QStringLiteral("alone")});
        plot.setScene(built);
        const QStringList labels = plot.drawnLabels();
        QVERIFY(labels.contains(QStringLiteral("alone")));
        QVERIFY2(labels.size() < 60, qPrintable(QString::number(labels.size())));
    }
};

QTEST_MAIN(TestPlot)
#include "tst_plot.moc"
