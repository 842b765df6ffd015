// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/opening/example_runner.h"
#include "tests/support/test_support.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 60000;
}

class TestExampleRunner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsItsStepsAndCanBeStopped()
    {
        const QTemporaryDir folder;
        ExampleRunner runner(folder.path());
        QSignalSpy progressed(&runner, &ExampleRunner::progressed);
        QSignalSpy stopped(&runner, &ExampleRunner::stopped);
        QSignalSpy failed(&runner, &ExampleRunner::failed);
        runner.start();
        QCOMPARE(progressed.count(), 1); // says at once that something happens
        QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 1 || failed.count() > 0, kPatienceMs);
        QVERIFY2(failed.isEmpty(), qPrintable(failed.value(0).value(0).toString()));
        QCOMPARE(progressed[1][0].toInt(), 1);
        QVERIFY(progressed[1][1].toInt() > 1);
        QVERIFY(progressed[1][2].toString().contains(QLatin1String("training")));
        runner.start(); // it runs already
        runner.stop();
        QTRY_COMPARE_WITH_TIMEOUT(stopped.count(), 1, kPatienceMs);
        QVERIFY(!runner.isRunning());
        QVERIFY(QDir(folder.path()).isEmpty()); // nothing half-made stays
    }

    void opensWhatIsThere()
    {
        const QTemporaryDir folder;
        ExampleRunner runner(folder.path());
        QDir().mkpath(runner.projectFolder());
        bitloom::test::writeFile((runner.projectFolder() + "/project.json").toStdString(), "{}");
        QSignalSpy ready(&runner, &ExampleRunner::ready);
        runner.start();
        QCOMPARE(ready.count(), 1);
        QCOMPARE(ready.front().front().toString(), runner.projectFolder());
        QVERIFY(!runner.isRunning());
    }

    void saysWhyItFailed()
    {
        const QTemporaryDir folder;
        const QString blocked = folder.filePath(QStringLiteral("file"));
        bitloom::test::writeFile(blocked.toStdString(), "x"); // no folder can be made in here
        ExampleRunner runner(blocked);
        QSignalSpy failed(&runner, &ExampleRunner::failed);
        runner.start();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatienceMs);
        QVERIFY2(failed.front().front().toString().contains(QLatin1String("file")),
                 qPrintable(failed.front().front().toString()));
    }

    void goesWhileItRuns()
    {
        const QTemporaryDir folder;
        {
            ExampleRunner runner(folder.path());
            QSignalSpy progressed(&runner, &ExampleRunner::progressed);
            runner.start();
            QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 1, kPatienceMs);
        }
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestExampleRunner)
#include "tst_example_runner.moc"
