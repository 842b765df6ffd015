// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/byte_map.h"
#include "widgets/plots/codes_plot.h"
#include "widgets/util/theme.h"

#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using namespace bitloom::ui;

namespace {

/// 1,000 bytes: names, codes of 4 bits, their scales, a raw tensor.
std::shared_ptr<const FileMap> smallMap()
{
    auto map = std::make_shared<FileMap>();
    map->fileBytes = 1000;
    map->regions = {{"", RegionKind::Metadata, 0, 100, 0},
                    {"conv1.weight", RegionKind::Codes, 100, 500, 4},
                    {"conv1.weight", RegionKind::Scales, 600, 2, 32},
                    {"bn.weight", RegionKind::Values, 602, 398, 32}};
    return map;
}

std::shared_ptr<const FileMap> mapOf(int tensors)
{
    auto map = std::make_shared<FileMap>();
    for (int i = 0; i < tensors; ++i) {
        const std::int64_t bytes = 100 + 37 * (i % 11);
        map->regions.push_back(
            {"layer" + std::to_string(i), RegionKind::Codes, map->fileBytes, bytes, 1 + i % 8});
        map->fileBytes += bytes;
    }
    return map;
}

} // namespace

class TestByteMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linesCoverTheFile()
    {
        const auto map = smallMap();
        const ByteMapLayout lines(*map, QRectF(50, 10, 400, 100), 20, 4);
        QCOMPARE(lines.lineCount(), 4);
        QCOMPARE(lines.bytesPerLine(), std::int64_t(250));
        double pixels = 0;
        for (const ByteMapLayout::Run& run : lines.runs()) {
            pixels += run.place.width();
            QVERIFY(QRectF(50, 10, 400, 100).contains(run.place));
        }
        QCOMPARE(pixels, 4 * 400.0);
        // 100 bytes of 250 are two fifths of the first line.
        QCOMPARE(lines.regionAt({51, 12}).value(), 0);
        QCOMPARE(lines.regionAt({50 + 159, 12}).value(), 0);
        QCOMPARE(lines.regionAt({50 + 161, 12}).value(), 1);
        QCOMPARE(lines.regionAt({449, lines.linePlace(3).center().y()}).value(), 3);
        QVERIFY(!lines.regionAt({49, 12}).has_value());
        QVERIFY(!lines.regionAt({60, 9}).has_value());
        QVERIFY(!lines.regionAt({60, 200}).has_value());
        // The codes begin in the first line and end in the third.
        const std::vector<QRectF> places = lines.placesOf(1);
        QCOMPARE(places.size(), std::size_t(3));
        QCOMPARE(places[0].left(), 50 + 160.0);
        QCOMPARE(places[1].width(), 400.0);
        QCOMPARE(places[2].width(), 160.0);
        QVERIFY(lines.placesOf(2).front().width() >= 1); // two bytes are still a place
        QVERIFY(lines.placesOf(17).empty());
        QVERIFY(ByteMapLayout(FileMap(), QRectF(0, 0, 100, 100), 10, 2).isEmpty());
    }

    void thousandsOfTensorsCostTheirPixels()
    {
        const auto map = mapOf(20000);
        const QRectF area(0, 0, 500, 200);
        const ByteMapLayout lines(*map, area, 14, 3);
        QVERIFY(lines.lineCount() <= 12);
        QVERIFY(lines.runs().size() <= std::size_t(500 * lines.lineCount()));
        QVERIFY(lines.bytesPerLine() * lines.lineCount() >= map->fileBytes);
        // Every pixel of a line shows something, and each region has a place.
        for (int x = 0; x < 500; x += 7) {
            QVERIFY(lines.regionAt({x + 0.5, 5}).has_value());
        }
        for (int region = 0; region < 20000; region += 1111) {
            QVERIFY(!lines.placesOf(region).empty());
        }
    }

    void hoverAndClickSayWhatLiesThere()
    {
        ByteMap widget;
        QVERIFY(!widget.accessibleDescription().isEmpty()); // also before it is seen
        widget.resize(500, 260);
        widget.show();
        QVERIFY(QTest::qWaitForWindowExposed(&widget));
        widget.setMap(smallMap());
        widget.setClickHint([](int region) {
            return region == 1 ? QStringLiteral("Click to select conv1") : QString();
        });
        QCOMPARE(widget.textOf(1), QStringLiteral("conv1.weight\nCodes of 4 bit(s)\n500 bytes from "
                                                  "offset 100\nClick to select conv1"));
        QCOMPARE(widget.textOf(0).section(u'\n', 1), QStringLiteral("100 bytes from offset 0"));
        QSignalSpy activated(&widget, &ByteMap::partActivated);
        const QPointF place = widget.lines().placesOf(3).back().center();
        QTest::mouseClick(&widget, Qt::LeftButton, {}, place.toPoint());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].toInt(), 3);
        QCOMPARE(widget.currentPart(), 3);
        QVERIFY(widget.accessibleDescription().startsWith(QStringLiteral("bn.weight")));
    }

    void keysReachEveryRegion()
    {
        ByteMap widget;
        widget.resize(400, 200);
        widget.show();
        QVERIFY(QTest::qWaitForWindowExposed(&widget));
        const auto map = mapOf(3000);
        widget.setMap(map);
        QSignalSpy activated(&widget, &ByteMap::partActivated);
        QTest::keyClick(&widget, Qt::Key_Return);
        QCOMPARE(activated.count(), 0); // nowhere yet
        for (int i = 0; i < 3000; ++i) {
            QTest::keyClick(&widget, Qt::Key_Right);
            QCOMPARE(widget.currentPart(), i);
        }
        QTest::keyClick(&widget, Qt::Key_Right);
        QCOMPARE(widget.currentPart(), 2999);
        QTest::keyClick(&widget, Qt::Key_Home);
        QTest::keyClick(&widget, Qt::Key_Down);
        const auto& below = map->regions[static_cast<std::size_t>(widget.currentPart())];
        QVERIFY(below.offset <= widget.lines().bytesPerLine() + 300);
        QVERIFY(below.offset + below.bytes >= widget.lines().bytesPerLine());
        QTest::keyClick(&widget, Qt::Key_Up);
        QVERIFY(widget.currentPart() <= 1);
        QTest::keyClick(&widget, Qt::Key_End);
        QTest::keyClick(&widget, Qt::Key_Space);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].toInt(), 2999);
        // A region over many lines does not hold the keys.
        widget.setMap(smallMap());
        QCOMPARE(widget.currentPart(), -1);
        QTest::keyClick(&widget, Qt::Key_Down);
        QTest::keyClick(&widget, Qt::Key_Down);
        const int first = widget.currentPart();
        QTest::keyClick(&widget, Qt::Key_Down);
        QTest::keyClick(&widget, Qt::Key_Down);
        QVERIFY(widget.currentPart() > first);
    }

    void selectionIsRinged()
    {
        ByteMap widget;
        widget.resize(400, 200);
        widget.setMap(smallMap());
        QCOMPARE(widget.ringedRegions(), 0);
        const QImage plain = widget.grab().toImage();
        widget.setSelectedTensors({QStringLiteral("conv1.weight")});
        QCOMPARE(widget.ringedRegions(), 2); // codes and scales
        QVERIFY(widget.grab().toImage() != plain);
        widget.setMap(nullptr);
        QCOMPARE(widget.ringedRegions(), 0);
    }

    void bitsHaveTheirColours()
    {
        ByteMap widget;
        widget.resize(400, 200);
        widget.setMap(smallMap());
        const QImage image = widget.grab().toImage();
        const QPoint inside = widget.lines().placesOf(1).front().center().toPoint();
        QCOMPARE(QColor(image.pixel(inside)), Theme::bits(4));
        const QPoint raw = widget.lines().placesOf(3).back().center().toPoint();
        QCOMPARE(QColor(image.pixel(raw)), Theme::bits(32));
    }

    void picturesOutliveTheWidget()
    {
        Picture picture;
        {
            ByteMap widget;
            widget.resize(400, 200);
            widget.setMap(smallMap());
            picture = widget.picture(QStringLiteral("bytes"));
        }
        QImage image(600, 300, QImage::Format_RGB32);
        QPainter painter(&image);
        picture.paint(painter, {600, 300});
        painter.end();
        QVERIFY(!image.allGray());
        const QString csv = picture.csv();
        QVERIFY(csv.startsWith(QStringLiteral("offset,bytes,kind,bits,tensor\n0,100,metadata,0,\n"
                                              "100,500,codes,4,conv1.weight\n")));
        QCOMPARE(csv.count(u'\n'), 5);
    }

    void codesAreBars()
    {
        auto detail = std::make_shared<PackedDetail>();
        detail->bits = 2;
        detail->first = -2;
        detail->counts = {1, 0, 5, 2};
        detail->entropyBits = 1.3;
        CodesPlot plot;
        plot.resize(400, 300);
        plot.setDetail(detail);
        QCOMPARE(plot.codesPerBar(), 1);
        const BarSeries& bars = plot.scene().bars.front();
        QVERIFY(bars.heights == (std::vector<double>{1, 0, 5, 2}));
        QCOMPARE(bars.edges.front(), -2.5);
        QCOMPARE(bars.edges.back(), 1.5);
        QCOMPARE(plot.csv(), QStringLiteral("code,count\n-2,1\n-1,0\n0,5\n1,2\n"));
        QVERIFY(plot.scene().caption.startsWith(QStringLiteral("3 of 4 codes occur")));
        // So many codes share bars, and none of them is lost.
        auto many = std::make_shared<PackedDetail>();
        many->bits = 16;
        many->first = -32768;
        many->counts.assign(65536, 3);
        plot.setDetail(many);
        QCOMPARE(plot.codesPerBar(), 128);
        double sum = 0;
        for (const double height : plot.scene().bars.front().heights) {
            sum += height;
        }
        QCOMPARE(sum, 3 * 65536.0);
        QCOMPARE(plot.csv().count(u'\n'), 65537);
        plot.setDetail(nullptr);
        QVERIFY(plot.scene().bars.empty());
    }
};

QTEST_MAIN(TestByteMap)
#include "tst_byte_map.moc"
