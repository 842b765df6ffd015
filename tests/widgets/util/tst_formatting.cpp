// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/formatting.h"

#include <QLocale>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace bitloom;

class TestFormatting : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void counts_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << qint64(0) << "0";
        QTest::newRow("below a thousand") << qint64(812) << "812";
        QTest::newRow("last without unit") << qint64(999) << "999";
        QTest::newRow("thousand") << qint64(1000) << QStringLiteral("1.00\u00A0k");
        QTest::newRow("rounds up to the next unit")
            << qint64(999'950) << QStringLiteral("1.00\u00A0M");
        QTest::newRow("resnet18 MACs") << qint64(1'814'073'344) << QStringLiteral("1.81\u00A0G");
        QTest::newRow("two decimals become one") << qint64(9'996) << QStringLiteral("10.0\u00A0k");
        QTest::newRow("negative") << qint64(-40'600'000) << QStringLiteral("\u221240.6\u00A0M");
    }
    void counts()
    {
        QFETCH(qint64, value);
        expectText(ui::formatCount(value));
    }

    void significant_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << "0";
        QTest::newRow("three digits") << 91.94 << "91.9";
        QTest::newRow("small") << 0.001234 << "0.00123";
        QTest::newRow("rounding adds a digit") << 9.996 << "10.0";
        QTest::newRow("thousands") << 12345.6 << "12,346";
        QTest::newRow("tiny") << 4.5e-7 << QStringLiteral("4.50e\u22127");
        QTest::newRow("huge") << 1.5e9 << "1.50e9";
        QTest::newRow("negative") << -0.421 << QStringLiteral("\u22120.421");
        QTest::newRow("not a number") << std::nan("") << QStringLiteral("\u2013");
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity()
                                  << QStringLiteral("\u2013");
    }
    void significant()
    {
        QFETCH(double, value);
        expectText(ui::formatSignificant(value));
    }

    void others()
    {
        QCOMPARE(ui::formatBytes(915), QStringLiteral("915\u00A0B"));
        QCOMPARE(ui::formatBytes(4'100'000), QStringLiteral("4.10\u00A0MB"));
        QCOMPARE(ui::formatExactBytes(25'557'032), QStringLiteral("25,557,032 bytes"));
        QCOMPARE(ui::formatPercent(2.306), QStringLiteral("2.31\u00A0%"));
        QCOMPARE(ui::formatPercent(std::optional<double>()), QStringLiteral("\u2013"));
        QCOMPARE(ui::formatSigned(-0.42), QStringLiteral("\u22120.42"));
        QCOMPARE(ui::formatSigned(0.1), QStringLiteral("+0.10"));
        QCOMPARE(ui::formatSigned(-0.001), QStringLiteral("0.00"));
        QCOMPARE(ui::formatRatio(7.41, 1), QStringLiteral("7.41\u00D7"));
        QCOMPARE(ui::formatRatio(1, 0), QStringLiteral("\u2013"));
        QCOMPARE(ui::formatDuration(0.42), QStringLiteral("0.4 s"));
        QCOMPARE(ui::formatDuration(200), QStringLiteral("3 min 20 s"));
        QCOMPARE(ui::formatDuration(7500), QStringLiteral("2 h 05 min"));
        QCOMPARE(ui::formatBits(32), QStringLiteral("FP32"));
        QCOMPARE(ui::formatBits(0), QStringLiteral("pruned"));
        QCOMPARE(ui::formatShape({64, 3, 7, 7}), QStringLiteral("64 \u00D7 3 \u00D7 7 \u00D7 7"));
        QCOMPARE(ui::shortened(QStringLiteral("layer1.0.conv1"), 7),
                 QStringLiteral("lay\u2026nv1"));
    }

    void followsTheLocale()
    {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        QCOMPARE(ui::formatPercent(2.306), QStringLiteral("2,31\u00A0%"));
        QCOMPARE(ui::formatExact(25'557'032), QStringLiteral("25.557.032"));
        QCOMPARE(ui::formatBytes(4'100'000), QStringLiteral("4,10\u00A0MB"));
    }

private:
    // The text of a row, against what the function made of its value.
    void expectText(const QString& actual)
    {
        QFETCH(QString, text);
        QCOMPARE(actual, text);
    }
};

QTEST_GUILESS_MAIN(TestFormatting)
#include "tst_formatting.moc"
