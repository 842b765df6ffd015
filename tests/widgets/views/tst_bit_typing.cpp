// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/bit_typing.h"

#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;

class TestBitTyping : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// What is typed and told before and after Return ends it.
    void typing_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QList<int>>("atOnce");
        QTest::addColumn<QList<int>>("inTheEnd");
        const auto row = [](const char* keys, QList<int> atOnce, QList<int> inTheEnd) {
            QTest::newRow(keys) << QString::fromLatin1(keys) << atOnce << inTheEnd;
        };
        row("4", {4}, {4});
        row("16", {16}, {16});
        row("10", {10}, {10});
        row("32", {32}, {32});
        row("1", {}, {1});
        row("3", {}, {3});
        row("18", {1, 8}, {1, 8});
        row("34", {3, 4}, {3, 4});
        row("11", {11}, {11});
        row("117", {11, 7}, {11, 7});
        row("31", {3}, {3, 1});
        row("f", {32}, {32});
        row("F", {32}, {32});
        row("p", {0}, {0});
        row("0", {0}, {0});
        row("1f", {32}, {32});
    }
    void typing()
    {
        QFETCH(QString, keys);
        ui::BitTyping typing;
        QSignalSpy typed(&typing, &ui::BitTyping::bitsTyped);
        for (const QChar key : keys) {
            QVERIFY(typing.take(key));
        }
        QTEST(told(typed), "atOnce");
        typing.finish();
        QTEST(told(typed), "inTheEnd");
        QVERIFY(!typing.finish());
    }

    void aWaitingDigitIsTakenInTheEnd()
    {
        ui::BitTyping typing;
        QSignalSpy typed(&typing, &ui::BitTyping::bitsTyped);
        QVERIFY(typing.take(QStringLiteral("1")));
        QCOMPARE(typed.count(), 0);
        QTRY_COMPARE(told(typed), QList<int>{1});
    }

    void otherKeysAreLeft()
    {
        ui::BitTyping typing;
        QSignalSpy typed(&typing, &ui::BitTyping::bitsTyped);
        for (const char* key : {"a", "", " ", "44", "\xD9\xA3" /* an Arabic 3 */}) {
            QVERIFY2(!typing.take(QString::fromUtf8(key)), key);
        }
        typing.take(QStringLiteral("1"));
        QVERIFY(typing.drop());
        QVERIFY(!typing.drop());
        QCOMPARE(typed.count(), 0);
    }

private:
    static QList<int> told(const QSignalSpy& spy)
    {
        QList<int> bits;
        for (const QList<QVariant>& signal : spy) {
            bits << signal.first().toInt();
        }
        return bits;
    }
};

QTEST_GUILESS_MAIN(TestBitTyping)
#include "tst_bit_typing.moc"
