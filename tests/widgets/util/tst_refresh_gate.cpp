// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/refresh_gate.h"

#include <QElapsedTimer>
#include <QWidget>
#include <QtTest>

using namespace bitloom;

class TestRefreshGate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hiddenWidgetsDoNoWork()
    {
        QWidget widget;
        int refreshes = 0;
        ui::RefreshGate gate(&widget, [&] { ++refreshes; });
        gate.markDirty();
        QTest::qWait(2 * ui::RefreshGate::kIntervalMs);
        QCOMPARE(refreshes, 0);
        widget.show();
        QTRY_COMPARE(refreshes, 1);
        QVERIFY(!gate.isDirty());
    }

    void manyChangesAreFewRefreshes()
    {
        QWidget widget;
        int refreshes = 0;
        ui::RefreshGate gate(&widget, [&] { ++refreshes; });
        widget.show();
        QElapsedTimer time;
        time.start();
        while (time.elapsed() < 10 * ui::RefreshGate::kIntervalMs) {
            gate.markDirty();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        }
        const auto most = time.elapsed() / ui::RefreshGate::kIntervalMs + 1;
        QVERIFY2(refreshes >= 2, qPrintable(QString::number(refreshes)));
        QVERIFY2(refreshes <= most, qPrintable(QString::number(refreshes)));
        QTRY_VERIFY(!gate.isDirty()); // the last change is not lost
    }

    void flushRefreshesOnceAndOnlyIfDirty()
    {
        QWidget widget;
        int refreshes = 0;
        ui::RefreshGate gate(&widget, [&] { ++refreshes; });
        gate.flush();
        QCOMPARE(refreshes, 0);
        gate.markDirty();
        gate.flush();
        gate.flush();
        QCOMPARE(refreshes, 1);
    }
};

QTEST_MAIN(TestRefreshGate)
#include "tst_refresh_gate.moc"
