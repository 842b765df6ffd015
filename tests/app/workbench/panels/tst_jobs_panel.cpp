// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/jobs_panel.h"

#include "app/workbench/panels/jobs/job_model.h"
#include "app/workbench/panels/jobs/process_memory.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "widgets/util/formatting.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatience = 60000;

JobOrder evaluation(const QString& title, int digits)
{
    engine::EvalJob job;
    job.model.spec = "arch:lenet5";
    job.data.spec = "digits:" + std::to_string(digits);
    JobOrder order;
    order.spec = job;
    order.title = title;
    order.commandLine = QStringLiteral("bitloom eval arch:lenet5 --data digits:%1").arg(digits);
    order.onFinished = [](const JobResult&) { return QStringLiteral("Measured."); };
    return order;
}

JobRow runningRow()
{
    JobRow row;
    row.id = 1;
    row.title = QStringLiteral("Evaluate w4a4");
    row.state = JobState::Running;
    row.progress = Progress{"evaluating", 250, 1000, "images", 1234.5, 0.6};
    return row;
}
} // namespace

class TestJobsPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textsOfARow()
    {
        JobRow row = runningRow();
        QCOMPARE(statusText(row), QStringLiteral("evaluating"));
        QCOMPARE(rateText(row), QStringLiteral("1.23\u00A0k images/s"));
        QCOMPARE(timeText(row), QStringLiteral("0.6 s left"));
        QCOMPARE(fractionDone(row).value(), 0.25);
        row.state = JobState::Paused;
        QCOMPARE(statusText(row), QStringLiteral("paused: evaluating"));
        QCOMPARE(timeText(row), ui::notKnown());
        row.state = JobState::Failed;
        row.outcome = QStringLiteral("The disk is full.");
        row.started = QDateTime::fromMSecsSinceEpoch(1000);
        row.ended = QDateTime::fromMSecsSinceEpoch(13400);
        QCOMPARE(statusText(row), row.outcome);
        QCOMPARE(timeText(row), QStringLiteral("12 s"));
        QVERIFY(!fractionDone(row).has_value());
        QVERIFY(rateText(row).isEmpty());
        // Every state has a sign of its own shape where it matters.
        QVERIFY(markOf(JobState::Finished) != markOf(JobState::Failed));
        QVERIFY(markOf(JobState::Finished) != markOf(JobState::Cancelled));
    }

    void modelFollowsRealJobs()
    {
        EngineBridge bridge(1);
        JobCenter center(bridge);
        JobModel model(center);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QObject context;
        const JobId first = center.start(evaluation(QStringLiteral("One"), 20), &context);
        JobOrder broken = evaluation(QStringLiteral("Two"), 20);
        std::get<engine::EvalJob>(broken.spec).model.spec = "arch:nonsense";
        center.start(broken, &context);
        QCOMPARE(model.rowCount(), 2);
        QTRY_VERIFY_WITH_TIMEOUT(!center.isBusy(), kPatience);
        QCOMPARE(resets.count(), 0);

        QStringList lines = test::modelLines(model);
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0], QStringLiteral("Job | Status | Progress | Rate | Time | "));
        QVERIFY2(lines[1].startsWith(QStringLiteral("Two | ")) &&
                     lines[1].contains(QStringLiteral("nonsense")),
                 qPrintable(lines[1]));
        QVERIFY2(lines[2].startsWith(QStringLiteral("One | Measured. |  |  | ")),
                 qPrintable(lines[2]));
        QCOMPARE(model.rowAt(model.indexOf(first))->title, QStringLiteral("One"));
        QVERIFY(model.rowAt(QModelIndex()) == nullptr);
        QVERIFY(!model.indexOf(99).isValid());
        QVERIFY(!model.headerData(JobModel::kColumns, Qt::Horizontal).isValid());
        QVERIFY(!model.headerData(-1, Qt::Horizontal).isValid());
        center.removeEnded();
        QCOMPARE(model.rowCount(), 0);
    }

    void onlyChangedCellsAreTold()
    {
        EngineBridge bridge(1);
        JobCenter center(bridge);
        JobModel model(center);
        QObject context;
        const JobId job = center.start(evaluation(QStringLiteral("Slow"), 20000), &context);
        QTRY_VERIFY_WITH_TIMEOUT(center.row(job)->progress && center.row(job)->progress->done > 0,
                                 kPatience);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        QTRY_VERIFY_WITH_TIMEOUT(changes.count() >= 3, kPatience);
        for (const QList<QVariant>& change : changes) {
            if (center.row(job)->state == JobState::Running) {
                QCOMPARE(change[0].toModelIndex(), change[1].toModelIndex());
            }
        }
        center.cancel(job);
        QCOMPARE(center.row(job)->state, JobState::Stopping);
        QTRY_COMPARE_WITH_TIMEOUT(center.row(job)->state, JobState::Cancelled, kPatience);
        QCOMPARE(model.index(0, int(JobColumn::Status)).data().toString(),
                 QStringLiteral("cancelled"));
    }

    void emptyPanelSaysWhatComes()
    {
        EngineBridge bridge(1);
        JobCenter center(bridge);
        JobsPanel panel(center);
        QVERIFY(!panel.emptySentence().isEmpty());
        QVERIFY(panel.pictures().isEmpty());
        panel.showLog(7); // not listed
        QCOMPARE(panel.shownLog(), JobId(0));
    }

    void buttonsPauseGoOnAndCancel()
    {
        EngineBridge bridge(1);
        JobCenter center(bridge);
        JobsPanel panel(center);
        panel.resize(900, 200);
        panel.show();
        QObject context;
        const JobId job = center.start(evaluation(QStringLiteral("Slow"), 20000), &context);
        QTRY_COMPARE_WITH_TIMEOUT(center.row(job)->state, JobState::Running, kPatience);
        panel.flushRefresh();
        const auto button = [&panel](const QString& name) {
            QToolButton* found = nullptr;
            const auto buttons = panel.findChildren<QToolButton*>();
            for (QToolButton* candidate : buttons) {
                if (candidate->accessibleName() == name) {
                    found = candidate;
                }
            }
            return found;
        };
        QTRY_VERIFY(button(QStringLiteral("Pause Slow")) != nullptr);
        QTRY_VERIFY(button(QStringLiteral("Pause Slow"))->isEnabled());
        button(QStringLiteral("Pause Slow"))->click();
        QCOMPARE(center.row(job)->state, JobState::Paused);
        QTRY_VERIFY(button(QStringLiteral("Go on with Slow")) != nullptr);
        button(QStringLiteral("Go on with Slow"))->click();
        QCOMPARE(center.row(job)->state, JobState::Running);
        button(QStringLiteral("Open the log of Slow"))->click();
        QCOMPARE(panel.shownLog(), job);
        auto* log = panel.findChild<QPlainTextEdit*>();
        QVERIFY(log->toPlainText().contains(QStringLiteral("bitloom eval arch:lenet5")));
        button(QStringLiteral("Cancel Slow"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(center.row(job)->state, JobState::Cancelled, kPatience);
        panel.flushRefresh();
        QVERIFY(!button(QStringLiteral("Show the result of Slow"))->isEnabled());
        panel.resize(1600, 200); // a narrow list hides columns
        QCoreApplication::processEvents();
        QCOMPARE(panel.pictures().size(), 1);
        QVERIFY(panel.pictures().first().csv().startsWith(
            QStringLiteral("Job,Status,Progress,Rate,Time,\nSlow,cancelled,")));
    }

    void keyboardShowsAResult()
    {
        EngineBridge bridge(1);
        JobCenter center(bridge);
        JobsPanel panel(center);
        QObject context;
        JobOrder order = evaluation(QStringLiteral("Quick"), 20);
        order.resultPanel = QStringLiteral("evaluate");
        const JobId job = center.start(order, &context);
        const JobId silent = center.start(evaluation(QStringLiteral("Other"), 20), &context);
        QTRY_COMPARE_WITH_TIMEOUT(center.row(silent)->state, JobState::Finished, kPatience);
        QVERIFY(center.row(job)->hasResult());
        QVERIFY(!center.row(silent)->hasResult()); // nothing shows it
        auto* view = panel.findChild<QTreeView*>();
        QSignalSpy requested(&panel, &JobsPanel::resultRequested);
        const auto pressReturn = [view](int row) {
            view->setCurrentIndex(view->model()->index(row, 0));
            const auto actions = view->actions();
            for (QAction* action : actions) {
                if (action->shortcut() == QKeySequence(Qt::Key_Return)) {
                    action->trigger();
                }
            }
        };
        pressReturn(0); // the newest comes first
        QCOMPARE(requested.count(), 0);
        pressReturn(1);
        QCOMPARE(requested.count(), 1);
        QCOMPARE(requested.first().first().toString(), QStringLiteral("evaluate"));
    }

    void memoryIsKnownHere()
    {
        const auto bytes = residentBytes();
        QVERIFY(bytes.has_value());
        QVERIFY(*bytes > 1'000'000);
    }
};

QTEST_MAIN(TestJobsPanel)
#include "tst_jobs_panel.moc"
