// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/opening/example_runner.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/example_tour.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/log/log_panel.h"
#include "app/workbench/panels/pack/export_panel.h"
#include "app/workbench/workbench.h"
#include "core/engine/project.h"
#include "tests/support/test_support.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 240000; // the machine may be busy; nothing waits for this in vain

struct Parts {
    EngineBridge bridge{1};
    JobCenter jobs{bridge};
};
} // namespace

class TestExampleRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        prepareProgram();
    }

    void tellsItsProgressAndCanBeStopped()
    {
        const QTemporaryDir folder;
        Parts parts;
        ExampleRunner runner(parts.jobs, folder.path());
        QSignalSpy progressed(&runner, &ExampleRunner::progressed);
        QSignalSpy stopped(&runner, &ExampleRunner::stopped);
        QSignalSpy ready(&runner, &ExampleRunner::ready);
        runner.start();
        QCOMPARE(progressed.count(), 1); // says at once that something happens
        QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 1, kPatienceMs);
        QVERIFY(progressed[1][1].toInt() > 0);
        QCOMPARE(parts.jobs.rows().size(), std::size_t{1}); // a job like any other
        QVERIFY(parts.jobs.rows().front().commandLine.startsWith(
            QStringLiteral("bitloom train arch:lenet5 --data digits:")));
        runner.start(); // it runs already
        QCOMPARE(parts.jobs.rows().size(), std::size_t{1});
        runner.stop();
        QTRY_COMPARE_WITH_TIMEOUT(stopped.count(), 1, kPatienceMs);
        QVERIFY(!runner.isRunning());
        QCOMPARE(ready.count(), 0);
        QVERIFY(QDir(folder.path()).isEmpty()); // nothing half-made stays
    }

    void opensWhatIsThere()
    {
        const QTemporaryDir folder;
        Parts parts;
        ExampleRunner runner(parts.jobs, folder.path());
        QDir().mkpath(runner.projectFolder());
        test::writeFile((runner.projectFolder() + "/source.json").toStdString(), "{}");
        QSignalSpy ready(&runner, &ExampleRunner::ready);
        runner.start();
        QCOMPARE(ready.count(), 1);
        QCOMPARE(ready[0][0].toString(), runner.projectFolder());
        QCOMPARE(ready[0][1].toBool(), false);
        QVERIFY(!runner.isRunning());
    }

    void saysWhyItFailed()
    {
        const QTemporaryDir folder;
        const QString blocked = folder.filePath(QStringLiteral("file"));
        test::writeFile(blocked.toStdString(), "x"); // no folder can be made in here
        Parts parts;
        ExampleRunner runner(parts.jobs, blocked);
        QSignalSpy failed(&runner, &ExampleRunner::failed);
        runner.start();
        QCOMPARE(failed.count(), 1);
        QVERIFY2(failed[0][0].toString().contains(blocked), qPrintable(failed[0][0].toString()));
        QVERIFY(!runner.isRunning());
    }

    void theMainJobRunsInTheOpenWindow()
    {
        const QTemporaryDir folder;
        Workbench::Options options;
        options.settingsPath = folder.filePath(QStringLiteral("settings.json"));
        options.exampleFolder = folder.path();
        options.untitledFolder = folder.filePath(QStringLiteral("untitled"));
        options.threads = 1;
        Workbench workbench(options);
        workbench.start({});
        const QString project = folder.filePath(QStringLiteral("example.bitloom"));
        int partialTables = 0;
        connect(&workbench.sweep(), &SensitivityRun::learned, &workbench,
                [&partialTables](const auto& soFar) { partialTables += soFar ? 1 : 0; });
        workbench.window().actions().action(QStringLiteral("file.example"))->trigger();
        PlanDocument& document = workbench.document();
        // The window shows the network at once; what is measured comes in while it is open.
        QTRY_VERIFY_WITH_TIMEOUT(document.isOpen(), kPatienceMs);
        QVERIFY(document.sensitivity() == nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(workbench.exampleTour().isRunning(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.exampleTour().isRunning(), kPatienceMs);
        QVERIFY(partialTables > 1);
        QVERIFY(document.sensitivity() != nullptr && document.sensitivity()->complete);
        QVERIFY(document.sensitivity()->floatAccuracyPercent > 90);
        QCOMPARE(document.planNames(),
                 (QStringList{QStringLiteral("w8a8"), QStringLiteral("budget")}));
        QVERIFY(document.cost().bopsPercentOfFp32() <= 1.0);
        QVERIFY(document.measurement() != nullptr);
        QVERIFY(*document.measurement()->top1Percent > 80);
        const auto proof = workbench.panels().exporting().proof();
        QVERIFY(proof != nullptr && proof->verified);
        QCOMPARE(proof->top1PackedPercent, document.measurement()->top1Percent);
        for (const char* command : {"train", "sensitivity", "allocate", "eval", "pack"}) {
            QVERIFY2(workbench.panels().log().script().contains(QStringLiteral("bitloom ") +
                                                                QLatin1String(command)),
                     command);
        }
        // The report has what the demo's has.
        const QString page = folder.filePath(QStringLiteral("report.html"));
        QTRY_VERIFY_WITH_TIMEOUT(workbench.jobs().isIdle(), kPatienceMs);
        workbench.panels().exporting().writeReportTo(page);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(page), kPatienceMs);
        const std::string text = test::readFile(page.toStdString());
        for (const char* part :
             {"Training", "Weights and their grids", "Sensitivity", "bitloom train arch:lenet5"}) {
            QVERIFY2(text.find(part) != std::string::npos, part);
        }
    }

    void theUserTakesOver()
    {
        const QTemporaryDir folder;
        Workbench::Options options;
        options.settingsPath = folder.filePath(QStringLiteral("settings.json"));
        options.exampleFolder = folder.path();
        options.untitledFolder = folder.filePath(QStringLiteral("untitled"));
        options.threads = 1;
        Workbench workbench(options);
        workbench.start({});
        workbench.window().actions().action(QStringLiteral("file.example"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(workbench.exampleTour().isRunning(), kPatienceMs);
        PlanEdit edit;
        edit.weightBits = 5;
        workbench.document().edit(
            {QString::fromStdString(workbench.document().model()->layers.front().name)}, edit,
            QStringLiteral("mine"));
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.exampleTour().isRunning(), kPatienceMs);
        QVERIFY(workbench.document().sensitivity() != nullptr); // what ran came to its end
        QCOMPARE(workbench.document().planNames(), QStringList{QStringLiteral("w8a8")});
        QCOMPARE(workbench.document().plan().layers.front().weight.bits, 5);
    }
};

QTEST_MAIN(TestExampleRunner)
#include "tst_example_runner.moc"
