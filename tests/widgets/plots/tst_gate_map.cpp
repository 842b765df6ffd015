// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The map of all gates: what cells say, how they differ without colour, keys and export.
#include "tests/widgets/models/run_samples.h"
#include "widgets/plots/gate_map.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::GateMap;
using ui::GateMapData;

namespace {
std::shared_ptr<const GateMapData> dataOf(const test::RunSample& made,
                                          std::optional<std::int64_t> step = std::nullopt)
{
    const auto rows = ui::gateRows(*made.history.find("gate_probabilities"), &made.model);
    return std::make_shared<const GateMapData>(ui::gateMapData(made.history, rows, step));
}

std::shared_ptr<const GateMapData> oneRow(const ui::GateReading& gates)
{
    auto made = std::make_shared<GateMapData>();
    made->rows.push_back({QStringLiteral("conv"), QStringLiteral("conv.weight"), {}, gates, {}});
    return made;
}

/// The cell in grey, so that colours that differ only by hue look the same.
QImage greyCell(GateMap& map, int column)
{
    const QImage all = map.grab().toImage();
    return all.copy(map.cellRect(0, column)).convertToFormat(QImage::Format_Grayscale8);
}
} // namespace

class TestGateMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void momentIsTheOneAskedFor()
    {
        const test::RunSample made = test::runSample(3, 2000);
        QCOMPARE(dataOf(made)->rows.size(), std::size_t{3});
        QVERIFY(dataOf(made, 0)->rows[0].weightGates.levels[1] >
                dataOf(made)->rows[0].weightGates.levels[1]);
        QVERIFY(dataOf(made, -5)->rows.empty());
        QVERIFY(dataOf(made)->hasPruning);
    }
    void cellsSayTheirState()
    {
        GateMap map;
        map.resize(600, 200);
        map.setData(oneRow({1, {0.9, 0.5, 0.2, 0.9}}));
        map.cellRect(0, 0); // laid out
        // 4, 8, 16, 32 and the width; nothing is pruned, so no column says so.
        QVERIFY2(map.tooltipAt(0, 0).contains(QStringLiteral("Open in evaluation")),
                 qPrintable(map.tooltipAt(0, 0)));
        QVERIFY(map.tooltipAt(0, 1).contains(QStringLiteral("can still open")));
        QVERIFY(map.tooltipAt(0, 2).contains(QStringLiteral("Shut for good")));
        QVERIFY(map.tooltipAt(0, 2).contains(QStringLiteral("does not count")));
        QVERIFY(map.tooltipAt(0, 4).contains(QStringLiteral("4 bit")));
        QVERIFY(map.tooltipAt(0, 5).contains(QStringLiteral("no activation")));
        QVERIFY(map.tooltipAt(1, 0).isEmpty());
        QVERIFY(map.tooltipAt(0, 99).isEmpty());
    }
    void statesDifferWithoutColour()
    {
        GateMap map;
        map.resize(600, 200);
        // Hardly another probability, but another state: more than a shade of grey changes.
        const auto picture = [&map](double p) {
            map.setData(oneRow({1, {p, 0, 0, 0}}));
            return greyCell(map, 0);
        };
        const auto differs = [](const QImage& a, const QImage& b) {
            int pixels = 0;
            for (int y = 0; y < a.height(); ++y) {
                for (int x = 0; x < a.width(); ++x) {
                    pixels += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 24 ? 1 : 0;
                }
            }
            return pixels;
        };
        const int noise = differs(picture(0.6590), picture(0.6595));
        QVERIFY(differs(picture(0.6595), picture(0.6605)) > noise + 20);
        QVERIFY(differs(picture(0.4010), picture(0.4009)) > noise + 20);
    }
    void keysMoveAndChoose()
    {
        GateMap map;
        map.resize(600, 300);
        map.setData(dataOf(test::runSample(30, 5)));
        QSignalSpy chosen(&map, &GateMap::rowActivated);
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(chosen.takeLast().at(0).toInt(), 0);
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(chosen.takeLast().at(0).toInt(), 1);
        QTest::keyClick(&map, Qt::Key_End);
        QCOMPARE(chosen.takeLast().at(0).toInt(), 29);
        QVERIFY(!map.accessibleDescription().isEmpty());
        map.setSelectedRow(29);
        chosen.clear();
        QTest::keyClick(&map, Qt::Key_Right);
        QCOMPARE(chosen.size(), 0); // still the same row
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, map.cellRect(29, 1).center());
        QVERIFY(map.viewport()->rect().contains(map.cellRect(29, 1).center()));
    }
    void paintsOnlyWhatIsInSight()
    {
        GateMap map;
        map.resize(600, 300);
        map.setData(dataOf(test::runSample(1000, 1, 0)));
        map.grab();
        QVERIFY(map.paintedRows() > 3 && map.paintedRows() < 30);
    }
    void exportsEveryQuantizer()
    {
        GateMap map;
        map.resize(600, 300);
        map.setData(dataOf(test::runSample(3, 5)));
        const ui::Picture picture = map.picture(QStringLiteral("gates"));
        QCOMPARE(picture.csv().count(u'\n'), 1 + 5);
        QVERIFY(picture.csv().startsWith(QStringLiteral("quantizer,kept,p4,p8,p16,p32,bits\n")));
        QImage image(picture.size, QImage::Format_RGB32);
        image.fill(Qt::red);
        QPainter painter(&image);
        picture.paint(painter, image.size());
        QVERIFY(image.pixelColor(2, 2) != QColor(Qt::red));
    }
    void nothingYet()
    {
        GateMap map;
        map.setEmptyText(QStringLiteral("Gates appear here."));
        QCOMPARE(map.accessibleDescription(), QStringLiteral("Gates appear here."));
        QCOMPARE(map.picture(QStringLiteral("gates")).csv().count(u'\n'), 1);
        map.setSelectedRow(5);
        QCOMPARE(map.selectedRow(), -1);
    }
};

QTEST_MAIN(TestGateMap)
#include "tst_gate_map.moc"
