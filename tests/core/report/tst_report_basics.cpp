// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/axis_scale.h"
#include "core/report/colours.h"
#include "core/report/number_format.h"
#include "core/report/style.h"
#include "core/report/svg_canvas.h"
#include "tests/support/test_support.h"

#include <clocale>
#include <cmath>
#include <limits>

using namespace bitloom::report;

namespace {
QString q(const std::string& text)
{
    return QString::fromStdString(text);
}
} // namespace

class TestReportBasics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersReadLikeNumbers_data();
    void numbersReadLikeNumbers();
    void numbersIgnoreTheLocale();
    void linearTicksAreRound();
    void logarithmicTicksAre125();
    void everyRangeHasAUsableAxis_data();
    void everyRangeHasAUsableAxis();
    void textIsMadeSafe_data();
    void textIsMadeSafe();
    void elidingKeepsBothEnds();
    void coloursKeepTheirContrast();
    void bitsColoursAreOrdered();
};

void TestReportBasics::numbersReadLikeNumbers_data()
{
    QTest::addColumn<QString>("actual");
    QTest::addColumn<QString>("expected");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto row = [](const char* name, const std::string& actual, const char* expected) {
        QTest::newRow(name) << q(actual) << QString::fromUtf8(expected);
    };
    row("three digits", formatSignificant(91.949), "91.9");
    row("zeros kept", formatSignificant(0.12), "0.120");
    row("rounds up a digit", formatSignificant(9.999), "10.0");
    row("thousands", formatSignificant(1234.5), "1234");
    row("tiny", formatSignificant(-4.5e-7), "\u22124.50e\u22127");
    row("huge", formatSignificant(1e12), "1.00e12");
    row("nothing", formatSignificant(nan), "\u2013");
    row("infinite", formatSignificant(std::numeric_limits<double>::infinity()), "\u2013");
    row("largest", formatSignificant(std::numeric_limits<double>::max()), "1.80e308");
    row("narrow", formatShort(0.0123), "0.012");
    row("tick", formatTick(3 * 0.1), "0.3");
    row("tick zero", formatTick(-0.0), "0");
    row("tick small", formatTick(1e-5), "1e\u22125");
    row("percent", formatPercent(2.3149), "2.31\u00a0%");
    row("percent unknown", formatPercent(std::optional<double>()), "\u2013");
    row("signed", formatSigned(-0.42), "\u22120.42");
    row("signed up", formatSigned(0.1), "+0.10");
    row("signed nothing", formatSigned(-0.001), "0.00");
    row("bytes", formatBytes(915), "915\u00a0B");
    row("kilobytes", formatBytes(34'712), "34.7\u00a0kB");
    row("bytes round into the next unit", formatBytes(999'950), "1.00\u00a0MB");
    row("byte tick", formatByteTick(20'000), "20\u00a0kB");
    row("count", formatCount(1'814'073'344), "1.81\u00a0G");
    row("small count", formatCount(812), "812");
    row("largest count", formatCount(INT64_MAX), "9.22\u00a0E");
    row("exact", formatExact(25'557'032), "25\u202f557\u202f032");
    row("exact negative", formatExact(-123'456), "\u2212123\u202f456");
    row("ratio", formatRatio(7.41, 1), "7.41\u00d7");
    row("ratio to nothing", formatRatio(1, 0), "\u2013");
}

void TestReportBasics::numbersReadLikeNumbers()
{
    QFETCH(QString, actual);
    QFETCH(QString, expected);
    QCOMPARE(actual, expected);
}

void TestReportBasics::numbersIgnoreTheLocale()
{
    const std::string before = std::setlocale(LC_NUMERIC, nullptr);
    // Where no such locale is installed the call changes nothing and the test proves less, not
    // wrong.
    std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
    const std::string text = formatSignificant(1.5) + " " + coordinate(1.5);
    std::setlocale(LC_NUMERIC, before.c_str());
    QCOMPARE(q(text), QString("1.50 1.5"));
}

void TestReportBasics::linearTicksAreRound()
{
    const std::vector<double> values = {61.0, 91.6};
    const AxisScale scale = AxisScale::linear(values, 5);
    QCOMPARE(scale.ticks(), (std::vector<double>{60, 70, 80, 90, 100}));
    QCOMPARE(scale.low(), 60.0);
    QCOMPARE(scale.high(), 100.0);
    const AxisScale within = AxisScale::linearWithin(values, 5);
    QCOMPARE(within.ticks(), (std::vector<double>{70, 80, 90}));
    QCOMPARE(within.low(), 61.0);
}

void TestReportBasics::logarithmicTicksAre125()
{
    const std::vector<double> values = {75'000, 290'000};
    AxisScale scale = AxisScale::logarithmic(values);
    QCOMPARE(scale.ticks().size(), std::size_t{4});
    QCOMPARE(scale.low(), 50'000.0);
    QCOMPARE(scale.high(), 500'000.0);
    scale.setPixels(0, 100);
    QVERIFY(std::abs(scale.toPixel(std::sqrt(50'000.0 * 500'000.0)) - 50) < 1e-9);
    const std::vector<double> wide = {0, 1e-6, 1};
    AxisScale decades = AxisScale::logarithmic(wide, 9, true);
    QCOMPARE(decades.ticks().size(), std::size_t{8}); // zero and seven powers of ten
    decades.setPixels(0, 100);
    QCOMPARE(decades.toPixel(0), 0.0);
    QVERIFY(decades.toPixel(1e-6) > 5); // zero keeps its distance
}

void TestReportBasics::everyRangeHasAUsableAxis_data()
{
    QTest::addColumn<QList<double>>("values");
    const double infinity = std::numeric_limits<double>::infinity();
    const double largest = std::numeric_limits<double>::max();
    QTest::newRow("none") << QList<double>{};
    QTest::newRow("equal") << QList<double>{5, 5, 5};
    QTest::newRow("zeros") << QList<double>{0, 0};
    QTest::newRow("not finite") << QList<double>{std::nan(""), infinity, -infinity};
    QTest::newRow("extremes") << QList<double>{-largest, largest};
    QTest::newRow("tiny") << QList<double>{5e-324, 1e-320};
    QTest::newRow("next to each other") << QList<double>{1, std::nextafter(1, 2)};
    QTest::newRow("negative") << QList<double>{-3, -1};
}

void TestReportBasics::everyRangeHasAUsableAxis()
{
    QFETCH(QList<double>, values);
    const std::vector<double> data(values.begin(), values.end());
    for (AxisScale scale : {AxisScale::linear(data), AxisScale::linearWithin(data),
                            AxisScale::logarithmic(data), AxisScale::logarithmic(data, 5, true)}) {
        scale.setPixels(10, 110);
        QVERIFY(scale.low() < scale.high());
        QVERIFY(scale.ticks().size() <= 20);
        for (const double value : data) {
            if (std::isfinite(value)) {
                QVERIFY(scale.toPixel(value) >= 10 && scale.toPixel(value) <= 110);
            }
        }
    }
}

void TestReportBasics::textIsMadeSafe_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray bad = "\xef\xbf\xbd";
    QTest::newRow("markup") << QByteArray("<a href='x'>&\"")
                            << QByteArray("&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    QTest::newRow("letters") << QByteArray("\u00e4\u2026\U0001f600")
                             << QByteArray("\u00e4\u2026\U0001f600");
    QTest::newRow("control") << QByteArray("a\x1b"
                                           "b")
                             << "a" + bad + "b";
    QTest::newRow("zero") << QByteArray("a\0b", 3) << "a" + bad + "b";
    QTest::newRow("truncated sequence") << QByteArray("\xe2\x80") << bad + bad;
    QTest::newRow("overlong") << QByteArray("\xc0\xbc") << bad + bad;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << bad + bad + bad;
    QTest::newRow("beyond Unicode") << QByteArray("\xf5\x80\x80\x80") << bad + bad + bad + bad;
    QTest::newRow("reordering") << QByteArray("a\u202e") << "a" + bad + bad + bad;
}

void TestReportBasics::textIsMadeSafe()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(escaped(input.toStdString())), expected);
}

void TestReportBasics::elidingKeepsBothEnds()
{
    QCOMPARE(q(elided("conv1", 5)), QString("conv1"));
    QCOMPARE(q(elided("abcdefghij", 6)), QString("ab\u2026hij"));
    QCOMPARE(characterCount(elided(std::string(1000, 'x'), 12)), std::size_t{12});
}

void TestReportBasics::coloursKeepTheirContrast()
{
    QCOMPARE(std::round(contrastRatio({0, 0, 0}, {255, 255, 255})), 21.0);
    for (const Theme* theme : {&lightTheme(), &darkTheme()}) {
        for (const Rgb& background : {theme->page, theme->panel}) {
            for (const Rgb& text :
                 {theme->ink, theme->dim, theme->good, theme->error, theme->weights}) {
                QVERIFY2(contrastRatio(text, background) >= 4.5, toHex(text).c_str());
            }
        }
        for (const Rgb& mark : {theme->weights, theme->activations, theme->neutral, theme->dim}) {
            QVERIFY2(contrastRatio(mark, theme->page) >= 3, toHex(mark).c_str());
        }
    }
    for (int step = 0; step <= 100; ++step) {
        const Rgb colour = magnitudeColour(step / 100.0);
        const Rgb text = needsBlackText(colour) ? Rgb{0, 0, 0} : Rgb{255, 255, 255};
        QVERIFY2(contrastRatio(text, colour) >= 4.5, toHex(colour).c_str());
    }
}

void TestReportBasics::bitsColoursAreOrdered()
{
    for (int bits = 2; bits <= 16; ++bits) {
        QVERIFY(relativeLuminance(bitsColour(bits)) < relativeLuminance(bitsColour(bits - 1)));
    }
    const Rgb neutral = bitsColour(32);
    QVERIFY(std::abs(neutral.red - neutral.blue) < 20);
}

QTEST_GUILESS_MAIN(TestReportBasics)
#include "tst_report_basics.moc"
