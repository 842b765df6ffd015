// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/job_center.h"
#include "tests/support/test_support.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
engine::EvalJob evaluation(std::int64_t images)
{
    engine::EvalJob job;
    job.model = {"arch:lenet5", {}};
    job.data = {"digits:" + std::to_string(images), "test", 0, {}, 10};
    return job;
}

JobOrder order(engine::JobSpec spec)
{
    JobOrder order;
    order.spec = std::move(spec);
    order.title = QStringLiteral("test");
    order.commandLine = QStringLiteral("bitloom test");
    return order;
}
} // namespace

class TestEngineBridge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void resultsArriveTypedInTheGuiThread()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        std::shared_ptr<const EvalResult> result;
        JobOrder wanted = order(evaluation(200));
        wanted.onFinished = [&](const JobResult& found) {
            Q_ASSERT(QThread::currentThread() == qApp->thread());
            result = std::get<std::shared_ptr<const EvalResult>>(found);
            return QStringLiteral("done");
        };
        const JobId job = jobs.start(std::move(wanted), this);
        QVERIFY(jobs.isBusy());
        QTRY_VERIFY_WITH_TIMEOUT(result != nullptr, 60000);
        QCOMPARE(result->images, std::int64_t{200});
        QCOMPARE(jobs.row(job)->state, JobState::Finished);
        QCOMPARE(jobs.row(job)->outcome, QStringLiteral("done"));
        QVERIFY(!jobs.isBusy());
    }

    void aSweepTellsItsTableSoFar()
    {
        QTemporaryDir folder;
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        engine::SensitivityJob sweep;
        sweep.model = {"arch:lenet5", {}};
        sweep.data = {"digits:60", "test", 0, {}, 10};
        sweep.bits = {2, 8};
        sweep.activations = false;
        sweep.output = folder.filePath(QStringLiteral("s.json")).toStdString();
        int partials = 0;
        std::shared_ptr<const SensitivityTable> last;
        JobOrder wanted = order(sweep);
        wanted.onPartial = [&](const JobResult& soFar) {
            ++partials;
            QVERIFY(!std::get<std::shared_ptr<const SensitivityTable>>(soFar)->complete);
        };
        wanted.onFinished = [&](const JobResult& found) {
            last = std::get<std::shared_ptr<const SensitivityTable>>(found);
            return QString();
        };
        jobs.start(std::move(wanted), this);
        QTRY_VERIFY_WITH_TIMEOUT(last != nullptr, 60000);
        QVERIFY(last->complete);
        QVERIFY(partials >= 1);
        QCOMPARE(last->entries.size(), std::size_t{8}); // four layers, two widths
    }

    void resultsOfAContextThatIsGoneAreDropped()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        auto context = std::make_unique<QObject>();
        bool called = false;
        JobOrder wanted = order(evaluation(100));
        wanted.onFinished = [&](const JobResult&) {
            called = true;
            return QString();
        };
        const JobId job = jobs.start(std::move(wanted), context.get());
        context.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!jobs.isBusy(), 60000);
        QCOMPARE(jobs.row(job)->state, JobState::Finished);
        QVERIFY(!called);
    }

    void failuresReachWhoeverListens()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        QSignalSpy failed(&jobs, &JobCenter::failed);
        jobs.start(order(engine::InspectJob{{"/nowhere/net.pt", {}}}), this);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
        QCOMPARE(failed.at(0).at(1).toString(), QStringLiteral("not_found"));
        QVERIFY(failed.at(0).at(2).toString().contains(QStringLiteral("/nowhere/net.pt")));
        // One who takes the failure himself keeps it to himself.
        QString message;
        JobOrder wanted = order(engine::InspectJob{{"/nowhere/net.pt", {}}});
        wanted.onFailed = [&](const QString&, const QString& text) { message = text; };
        jobs.start(std::move(wanted), this);
        QTRY_VERIFY_WITH_TIMEOUT(!message.isEmpty(), 60000);
        QCOMPARE(failed.size(), 1);
    }

    void aDeviceThatIsNotThereIsAFailureAsAnyOther()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        jobs.setDevice(QStringLiteral("cuda:77"));
        QString code;
        JobOrder wanted = order(evaluation(100));
        wanted.onFailed = [&](const QString& found, const QString&) { code = found; };
        QCOMPARE(jobs.start(std::move(wanted), this), JobId{0});
        QVERIFY(code.isEmpty()); // whoever orders is told when he has ordered
        QTRY_COMPARE(code, QStringLiteral("invalid_argument"));
        QVERIFY(jobs.rows().empty());
        QVERIFY(jobs.isIdle());
        QSignalSpy failed(&jobs, &JobCenter::failed);
        jobs.start(order(evaluation(100)), this);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.at(0).at(2).toString().contains(QStringLiteral("cuda:77")));
    }

    void pauseResumeCancel()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        const JobId job = jobs.start(order(evaluation(200000)), this);
        QTRY_VERIFY_WITH_TIMEOUT(jobs.row(job)->progress.has_value(), 120000);
        jobs.pause(job);
        QCOMPARE(jobs.row(job)->state, JobState::Paused);
        jobs.resume(job);
        QCOMPARE(jobs.row(job)->state, JobState::Running);
        jobs.cancel(job);
        QCOMPARE(jobs.row(job)->state, JobState::Stopping);
        QTRY_COMPARE_WITH_TIMEOUT(jobs.row(job)->state, JobState::Cancelled, 60000);
        jobs.removeEnded();
        QVERIFY(jobs.rows().empty());
    }

    void aNewerPreviewReplacesTheOlderOne()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        int finished = 0;
        int cancelled = 0;
        for (int i = 0; i < 5; ++i) {
            JobOrder preview;
            preview.spec = evaluation(300);
            preview.slot = QStringLiteral("preview");
            preview.onFinished = [&](const JobResult&) {
                ++finished;
                return QString();
            };
            preview.onCancelled = [&](const JobResult&) { ++cancelled; };
            jobs.start(std::move(preview), this);
        }
        QTRY_COMPARE_WITH_TIMEOUT(finished + cancelled, 5, 60000);
        QVERIFY(finished >= 1);
        QVERIFY(jobs.rows().empty()); // previews are not listed
    }

    void endsWhileJobsRun()
    {
        EngineBridge bridge(2);
        JobCenter jobs(bridge);
        const JobId job = jobs.start(order(evaluation(200000)), this);
        jobs.start(order(evaluation(200000)), this);
        QTRY_COMPARE_WITH_TIMEOUT(jobs.row(job)->state, JobState::Running, 60000);
    }
};

QTEST_GUILESS_MAIN(TestEngineBridge)
#include "tst_engine_bridge.moc"
