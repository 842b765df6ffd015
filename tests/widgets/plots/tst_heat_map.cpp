// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace bitloom;

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// rows x 6 values that fall with the bits; every 7th is not measured.
std::shared_ptr<ui::HeatMapData> matrix(int rows)
{
    auto made = std::make_shared<ui::HeatMapData>();
    made->legend = QStringLiteral("KL divergence, nats");
    for (const int bits : {2, 3, 4, 5, 6, 8}) {
        made->columns << QString::number(bits);
    }
    for (int row = 0; row < rows; ++row) {
        made->rows << QStringLiteral("layer%1.%2.conv").arg(row / 10).arg(row % 10);
        for (int column = 0; column < 6; ++column) {
            made->values.push_back((row * 6 + column) % 7 == 6 ? kNaN
                                                               : 0.3 * std::pow(0.1, column));
        }
        made->chosen.push_back(row % 5 - 1);
    }
    return made;
}
} // namespace

class TestHeatMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void scaleSpansWholeDecades()
    {
        ui::HeatMapData data;
        data.values = {0.02, 3e-5, kNaN, 0, -1};
        const ui::HeatScale scale = ui::HeatScale::of(data);
        QVERIFY(qAbs(scale.low / 1e-5 - 1) < 1e-9);
        QVERIFY(qAbs(scale.high / 0.1 - 1) < 1e-9);
        QCOMPARE(scale.shareOf(0), 0.0);
        QCOMPARE(scale.shareOf(1e-5 * (1 + 1e-12)), scale.shareOf(1e-5));
        QCOMPARE(scale.shareOf(7), 1.0);
        QVERIFY(qAbs(scale.shareOf(1e-3) - 0.5) < 1e-9);
        // A value more inside the same decades changes nothing.
        data.values.push_back(0.09);
        QCOMPARE(ui::HeatScale::of(data).high, scale.high);
        for (const std::vector<double>& odd :
             {std::vector<double>{}, {kNaN}, {0}, {1}, {1e-300, 1e300}}) {
            data.values = odd;
            const ui::HeatScale some = ui::HeatScale::of(data);
            QVERIFY(some.low > 0 && some.low < some.high);
        }
    }

    void paintsOnlyTheRowsInSight()
    {
        ui::HeatMap map;
        map.resize(520, 480);
        map.setData(matrix(10000));
        map.show();
        QVERIFY(!map.grab().isNull());
        const int most = 480 / 16;
        QVERIFY2(map.paintedRows() > 5 && map.paintedRows() <= most,
                 qPrintable(QString::number(map.paintedRows())));
        for (const int position : {0, 1, 33333, map.verticalScrollBar()->maximum()}) {
            map.verticalScrollBar()->setValue(position);
            map.grab();
            QVERIFY(map.paintedRows() <= most);
        }
        QVERIFY(map.viewport()->rect().contains(map.cellRect(9999, 0)));
        map.resize(520, 30); // lower than its header
        QVERIFY(!map.grab().isNull());
    }

    void clickActivatesTheCellUnderThePointer()
    {
        ui::HeatMap map;
        map.resize(520, 480);
        map.setData(matrix(1000));
        map.show();
        QSignalSpy activated(&map, &ui::HeatMap::cellActivated);
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, map.cellRect(4, 2).center());
        QCOMPARE(activated.takeFirst(), (QList<QVariant>{4, 2}));
        map.verticalScrollBar()->setValue(5000);
        const int row = 5000 / map.cellRect(0, 0).height() + 3;
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, map.cellRect(row, 5).center());
        QCOMPARE(activated.takeFirst(), (QList<QVariant>{row, 5}));
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, QPoint(10, 10));  // legend
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, QPoint(10, 200)); // name of a row
        QCOMPARE(activated.count(), 0);
    }

    void keys()
    {
        ui::HeatMap map;
        map.resize(520, 480);
        map.setData(matrix(1000));
        QSignalSpy activated(&map, &ui::HeatMap::cellActivated);
        QTest::keyClick(&map, Qt::Key_Return); // nothing is current yet
        QCOMPARE(activated.count(), 0);
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(map.currentRow(), 0);
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::keyClick(&map, Qt::Key_Right);
        QTest::keyClick(&map, Qt::Key_Return);
        QCOMPARE(activated.takeFirst(), (QList<QVariant>{1, 1}));
        QVERIFY(map.accessibleDescription().startsWith(QStringLiteral("layer0.1.conv, bits: 3")));
        QTest::keyClick(&map, Qt::Key_End);
        QCOMPARE(map.currentRow(), 999);
        QVERIFY(map.viewport()->rect().contains(map.cellRect(999, 1)));
        QTest::keyClick(&map, Qt::Key_PageUp);
        QVERIFY(map.currentRow() < 995);
        QTest::keyClick(&map, Qt::Key_Home);
        for (int i = 0; i < 20; ++i) {
            QTest::keyClick(&map, Qt::Key_Up);
            QTest::keyClick(&map, Qt::Key_Right);
        }
        QCOMPARE(map.currentRow(), 0);
        QCOMPARE(map.currentColumn(), 5);
    }

    void liveFillingKeepsPlaceAndSelection()
    {
        ui::HeatMap map;
        map.resize(520, 480);
        map.setData(matrix(1000));
        map.setSelectedRow(700);
        QVERIFY(map.viewport()->rect().contains(map.cellRect(700, 0)));
        const int position = map.verticalScrollBar()->value();
        auto more = matrix(1000);
        more->values[6] = 0.5; // was not measured
        map.setData(more);
        QCOMPARE(map.selectedRow(), 700);
        QCOMPARE(map.verticalScrollBar()->value(), position);
        map.setData(matrix(3)); // other rows
        QCOMPARE(map.selectedRow(), -1);
        map.setSelectedRow(3);
        QCOMPARE(map.selectedRow(), -1);
    }

    void tooltips()
    {
        ui::HeatMap map;
        auto data = matrix(10);
        data->values[1] = 0.123456789;
        map.setData(data);
        map.setClickHint([&](int row, int column) {
            return QStringLiteral("Click: %1 gets %2")
                .arg(data->rows.at(row), data->columns.at(column));
        });
        QCOMPARE(map.tooltipAt(0, 1),
                 QStringLiteral("layer0.0.conv, bits: 3\nKL divergence, nats: 0.123456789\n"
                                "Click: layer0.0.conv gets 3"));
        QVERIFY(map.tooltipAt(1, 0).contains(QStringLiteral("not measured yet")));
        QVERIFY(map.tooltipAt(1, 0).contains(QStringLiteral("Used by the plan")));
        QVERIFY(map.tooltipAt(99, 0).isEmpty());
        QVERIFY(map.tooltipAt(0, -1).isEmpty());
    }

    void coloursFollowValueAndTheme()
    {
        ui::HeatMap map;
        map.resize(520, 300);
        auto data = matrix(2);
        data->values = {1, 1e-4, kNaN, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        data->chosen = {-1, -1};
        map.setData(data);
        for (const bool dark : {false, true}) {
            ui::applyTheme(*qApp, dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
            QTRY_COMPARE(ui::isDark(map.palette()), dark);
            const QImage image = map.viewport()->grab().toImage();
            const auto corner = [&](int column) {
                return image.pixelColor(map.cellRect(0, column).topLeft() + QPoint(2, 2));
            };
            QCOMPARE(corner(0), ui::Theme::magnitude(1));
            QCOMPARE(corner(1), ui::Theme::magnitude(0));
            QCOMPARE(image.pixelColor(1, 1), ui::Theme(map.palette()).base());
        }
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
    }

    void hugeAndTinyMatricesArePictures()
    {
        for (const int rows : {0, 1, 60, 3000}) {
            ui::HeatMap map;
            map.resize(520, 300);
            map.setEmptyText(QStringLiteral("Run the sweep."));
            map.setData(matrix(rows));
            const ui::Picture picture = map.picture(QStringLiteral("sensitivity"));
            QVERIFY(picture.size.height() <= 8000);
            for (const QSize size : {picture.size, QSize(300, 200), QSize(20, 10)}) {
                const QByteArray png =
                    ui::renderPicture(picture, ui::PictureFormat::Png, size, 1.0, {});
                QCOMPARE(QImage::fromData(png).size(), size);
            }
            QCOMPARE(picture.csv().count(u'\n'), rows + 1);
        }
    }

    void csv()
    {
        ui::HeatMap map;
        auto data = matrix(2);
        data->rows[0] = QStringLiteral("a,b");
        map.setData(data);
        const QStringList lines = map.csv().split(u'\n');
        QCOMPARE(lines.at(0), QStringLiteral("name,2,3,4,5,6,8,chosen"));
        QVERIFY(lines.at(1).startsWith(QStringLiteral("\"a,b\",0.29999999999999999,")));
        QVERIFY(lines.at(2).startsWith(QStringLiteral("layer0.1.conv,,")));
        QVERIFY(lines.at(2).endsWith(QStringLiteral(",2")));
    }

    void valuesShorterThanTheMatrixAreUnknown()
    {
        ui::HeatMap map;
        map.resize(400, 300);
        auto data = matrix(20);
        data->values.resize(17);
        data->chosen.clear();
        map.setData(data);
        QVERIFY(!map.grab().isNull());
        QVERIFY(map.tooltipAt(19, 5).contains(QStringLiteral("not measured yet")));
    }
};

QTEST_MAIN(TestHeatMap)
#include "tst_heat_map.moc"
