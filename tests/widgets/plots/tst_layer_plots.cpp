// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The plots of one layer: histogram, channel ranges, error by observer.
#include "widgets/plots/channel_ranges_plot.h"
#include "widgets/plots/error_plot.h"
#include "widgets/plots/histogram_plot.h"

#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::HistogramSubject;

namespace {
std::shared_ptr<WeightHistogram> histogram(int levels)
{
    auto made = std::make_shared<WeightHistogram>();
    made->layer = "conv1";
    made->bits = 4;
    made->low = -1;
    made->high = 1;
    made->counts = {1, 0, 30, 1000000, 40, 2, 0, 3};
    made->clipLow = -0.5;
    made->clipHigh = 0.6;
    for (int i = 0; i < levels; ++i) {
        made->gridLevels.push_back(
            static_cast<float>(-0.5 + 1.1 * static_cast<double>(i) / std::max(levels - 1, 1)));
    }
    made->clippedPercent = 0.42;
    made->gridChannel = 3;
    return made;
}

std::shared_ptr<std::vector<ObserverError>> errors()
{
    auto made = std::make_shared<std::vector<ObserverError>>();
    for (const Observer observer : {Observer::MinMax, Observer::Percentile, Observer::Mse}) {
        for (const int bits : {8, 2, 4}) { // not in order
            ObserverError error;
            error.observer = observer;
            error.bits = bits;
            error.meanSquaredError = observer == Observer::Mse && bits == 8 ? 0.0 : 1.0 / bits;
            made->push_back(error);
        }
    }
    return made;
}
} // namespace

class TestLayerPlots : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void barsAndGrid_data()
    {
        QTest::addColumn<int>("levels");
        QTest::addColumn<bool>("asLines");
        QTest::newRow("16 levels") << 16 << true;
        QTest::newRow("39 levels") << 39 << true;
        QTest::newRow("40 levels") << 40 << false;
        QTest::newRow("too many for ticks") << 0 << true;
    }
    void barsAndGrid()
    {
        QFETCH(int, levels);
        QFETCH(bool, asLines);
        ui::HistogramPlot plot(HistogramSubject::Weights);
        plot.resize(500, 300);
        plot.setHistogram(histogram(levels));
        QCOMPARE(plot.barsDrawn(), 6);
        QCOMPARE(plot.drawnPoints(), 8); // empty bins can be asked for too
        QCOMPARE(plot.scene().marks.size(), std::size_t(levels));
        QCOMPARE(plot.scene().marksAreLines, asLines);
        QCOMPARE(plot.scene().guides.size(), std::size_t(2));
        QCOMPARE(plot.scene().bands.size(), std::size_t(2));
        if (levels > 0) { // what is rounded by half a step at most is not clipped
            QCOMPARE(plot.scene().bands.front().to, -0.5 - 1.1 / (levels - 1) / 2);
        }
        QVERIFY(plot.scene().caption.contains(
            QStringLiteral("0.42~% of the weights are clipped").replace(u'~', QChar(0x00A0))));
        QVERIFY(plot.scene().caption.contains(QStringLiteral("channel 3")));
        QVERIFY(!plot.grab().isNull());
    }

    void aBarOfOneIsVisibleBesideAMillion()
    {
        for (const bool isLog : {false, true}) {
            ui::HistogramPlot plot(HistogramSubject::Weights);
            plot.resize(500, 300);
            plot.setHistogram(histogram(0));
            plot.setCountLog(isLog);
            plot.show();
            const QRectF area = plot.plotArea();
            const QImage image = plot.grab().toImage();
            // The first bin, just above the axis, between its edge and the next.
            const double x = plot.pixelOfPoint(0)->x();
            const QPoint inside(static_cast<int>(x), static_cast<int>(area.bottom()) - 1);
            const QPoint empty(static_cast<int>(plot.pixelOfPoint(1)->x()), inside.y());
            QVERIFY(image.pixelColor(inside) != image.pixelColor(empty));
        }
    }

    void captionsOfFloatPrunedAndUnclipped()
    {
        ui::HistogramPlot plot(HistogramSubject::Activations);
        auto made = histogram(0);
        made->bits = 32;
        made->clipLow = made->clipHigh = 0;
        plot.setHistogram(made);
        QVERIFY(plot.scene().caption.startsWith(QStringLiteral("Floating point")));
        QVERIFY(plot.scene().guides.empty());
        made = histogram(0);
        made->bits = 0;
        plot.setHistogram(made);
        QVERIFY(plot.scene().caption.startsWith(QStringLiteral("Pruned")));
        made = histogram(0);
        made->clippedPercent = 0;
        plot.setHistogram(made);
        QVERIFY(plot.scene().caption.startsWith(QStringLiteral("Nothing is clipped")));
        plot.setHistogram(nullptr);
        QVERIFY(plot.scene().caption.isEmpty());
        QCOMPARE(plot.drawnPoints(), 0);
    }

    void twoHistogramsShareARange()
    {
        ui::HistogramPlot left(HistogramSubject::Weights);
        ui::HistogramPlot right(HistogramSubject::Weights);
        auto wide = histogram(0);
        wide->low = -4;
        wide->high = 4;
        left.setHistogram(histogram(0));
        right.setHistogram(wide);
        QVERIFY(left.xRange().high < right.xRange().high);
        left.setXRange(right.fullXRange());
        QCOMPARE(left.xRange(), right.xRange());
    }

    void clipRangeIsDragged()
    {
        ui::HistogramPlot plot(HistogramSubject::Weights);
        plot.resize(500, 300);
        plot.setHistogram(histogram(16));
        plot.show();
        QSignalSpy dragged(&plot, &ui::HistogramPlot::clipDragged);
        QSignalSpy released(&plot, &ui::HistogramPlot::clipReleased);
        const auto drag = [&plot](int pixels) {
            const QPoint grip = plot.pixelOfGuide(1)->toPoint();
            QTest::mousePress(&plot, Qt::LeftButton, {}, grip);
            QTest::mouseMove(&plot, grip + QPoint(pixels / 2, 0));
            QTest::mouseMove(&plot, grip + QPoint(pixels, 0));
            QTest::mouseRelease(&plot, Qt::LeftButton, {}, grip + QPoint(pixels, 0));
        };
        drag(-30);
        QCOMPARE(released.count(), 0); // not editable yet: the drag moved the picture
        plot.resetZoom();
        plot.setClipEditable(true);
        drag(-30);
        QCOMPARE(released.count(), 1);
        QVERIFY(dragged.count() >= 1);
        QCOMPARE(released.first().at(0).toDouble(), -0.5);
        QVERIFY(released.first().at(1).toDouble() < 0.6);
        const double high = released.first().at(1).toDouble();
        QCOMPARE(plot.scene().bands.back().from, high + (high + 0.5) / 15 / 2); // half a step
        drag(-2000); // beyond the lower end: the range stays ordered
        QVERIFY(released.last().at(0).toDouble() <= released.last().at(1).toDouble());
    }

    void histogramCsv()
    {
        ui::HistogramPlot plot(HistogramSubject::Weights);
        plot.setHistogram(histogram(0));
        const QStringList lines = plot.csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 9);
        QCOMPARE(lines.at(0), QStringLiteral("low,high,count"));
        QCOMPARE(lines.at(4), QStringLiteral("-0.25,0,1000000"));
    }

    void brokenHistogramsDoNotCrash()
    {
        ui::HistogramPlot plot(HistogramSubject::Weights);
        for (int kind = 0; kind < 4; ++kind) {
            auto made = histogram(16);
            if (kind == 0) {
                made->counts.clear();
            } else if (kind == 1) {
                made->high = made->low; // a constant tensor
            } else if (kind == 2) {
                std::fill(made->counts.begin(), made->counts.end(), 0);
            } else {
                made->high = std::numeric_limits<double>::infinity();
            }
            plot.setHistogram(made);
            for (const bool isLog : {true, false}) {
                plot.setCountLog(isLog);
                QVERIFY(!plot.grab().isNull());
            }
        }
    }

    void channels()
    {
        auto ranges = std::make_shared<std::vector<ChannelRange>>();
        for (int i = 0; i < 300; ++i) {
            ranges->push_back({-0.1 * (i % 7), 0.2 * (i % 5), -0.3, 0.5});
        }
        ranges->at(299).clipLow = ranges->at(299).clipHigh = 0; // without a grid
        ui::ChannelRangesPlot plot;
        plot.resize(500, 300);
        plot.setChannels(ranges);
        plot.show();
        QCOMPARE(plot.drawnPoints(), 300 + 299);
        QVERIFY(plot.scene().caption.contains(QStringLiteral("of 300")));
        QSignalSpy activated(&plot, &ui::Plot::pointActivated);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.pixelOfPoint(123)->toPoint());
        QCOMPARE(activated.count(), 1);
        QVERIFY(qAbs(activated.first().at(0).toInt() - 123) <= 1); // a channel is 1.4 px wide
        QTest::mouseMove(&plot, plot.pixelOfPoint(20)->toPoint());
        QVERIFY(plot.accessibleDescription().startsWith(QStringLiteral("Channel ")));
        const QStringList lines = plot.csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 301);
        QVERIFY(lines.last().endsWith(QStringLiteral(",,")));
        plot.setChannels(nullptr);
        QCOMPARE(plot.drawnPoints(), 0);
    }

    void errorsByObserver()
    {
        ui::ErrorPlot plot;
        plot.resize(500, 300);
        plot.setErrors(errors());
        plot.show();
        QCOMPARE(plot.scene().points.size(), std::size_t(3));
        QCOMPARE(plot.drawnPoints(), 8);
        QCOMPARE(plot.omittedPoints(), 1); // the error of zero
        QVERIFY(plot.scene().caption.endsWith(u'1'));
        for (const ui::PointSeries& series : plot.scene().points) {
            QVERIFY(std::is_sorted(series.points.begin(), series.points.end(),
                                   [](const auto& a, const auto& b) { return a.x < b.x; }));
        }
        plot.setPlan(Observer::Percentile, 4);
        QCOMPARE(plot.selectedPoints(), std::vector<int>{5});
        QSignalSpy activated(&plot, &ui::ErrorPlot::errorActivated);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.pixelOfPoint(7)->toPoint());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.first().at(1).toInt(), 2);
        QVERIFY(plot.csv().contains(QStringLiteral("mse,2,0.5,")));
        plot.setErrors(nullptr);
        QVERIFY(plot.selectedPoints().empty());
        QVERIFY(!plot.grab().isNull());
    }
};

QTEST_MAIN(TestLayerPlots)
#include "tst_layer_plots.moc"
