// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/watched_run.h"

#include "tests/support/test_support.h"

using namespace bitloom;
using State = WatchedRun::State;

namespace {

/// Events of one job, a second apart.
void tell(WatchedRun& run, JobId job, std::vector<decltype(Event::body)> bodies)
{
    for (auto& body : bodies) {
        run.apply({job, run.lastEventAt + 1, std::move(body)});
    }
}

JobStarted start()
{
    return {"search", "search", "cpu"};
}

} // namespace

class TestWatchedRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromStartToEnd()
    {
        WatchedRun run;
        QVERIFY(run.state == State::Unknown);
        tell(run, 2,
             {start(), LogLine{LogLine::Level::Info, "begun"}, SeriesDeclared{"losses", {"a", "b"}},
              SeriesRow{"losses", 5, {1, 2}}, Progress{"epoch 1 of 2", 1, 9, "batches", 3, 2.5},
              SeriesRow{"losses", 6, {3, 4}}});
        QVERIFY(run.state == State::Running);
        QCOMPARE(run.device, std::string("cpu"));
        QCOMPARE(run.startedAt, 1.0);
        QCOMPARE(run.lastEventAt, 6.0);
        QCOMPARE(run.progress->done, std::int64_t{1});
        QCOMPARE(run.messages.size(), std::size_t{1});
        QCOMPARE(run.history.find("losses")->row(1)[0], 3.0F);
        QCOMPARE(run.rewrites, std::size_t{0});
        tell(run, 2, {JobFinished{R"({"top1_percent":99})"}});
        QVERIFY(run.state == State::Finished);
        QCOMPARE(run.result, std::string(R"({"top1_percent":99})"));
    }

    void aRunThatGoesOnTellsItsHistoryAnew()
    {
        WatchedRun run;
        tell(run, 1,
             {start(), SeriesDeclared{"losses", {"a"}}, SeriesRow{"losses", 1, {1}},
              SeriesRow{"losses", 2, {2}}, JobFailed{"io_failure", "the disk is full"}});
        QVERIFY(run.state == State::Failed);
        QCOMPARE(run.failure, std::string("the disk is full"));
        QCOMPARE(run.failureCode, std::string("io_failure"));
        tell(run, 1,
             {start(), SeriesDeclared{"losses", {"a"}}, SeriesRow{"losses", 1, {1}},
              SeriesRow{"losses", 2, {20}}});
        QVERIFY(run.state == State::Running);
        QVERIFY(run.failure.empty() && run.failureCode.empty());
        QCOMPARE(run.history.find("losses")->rows(), std::size_t{2});
        QCOMPARE(run.history.find("losses")->row(1)[0], 20.0F);
        QCOMPARE(run.rewrites, std::size_t{1});
        tell(run, 1, {JobCancelled{}});
        QVERIFY(run.state == State::Stopped);
    }

    void stepsAreMadeAgain()
    {
        WatchedRun run;
        tell(run, 1,
             {start(), SeriesDeclared{"losses", {"a"}}, SeriesRow{"losses", 1, {1}},
              SeriesRow{"losses", 2, {2}}, HistoryCut{2}});
        QCOMPARE(run.rewrites, std::size_t{0}); // nothing came after step 2
        tell(run, 1, {HistoryCut{1}, SeriesRow{"losses", 2, {20}}});
        QCOMPARE(run.rewrites, std::size_t{1});
        QCOMPARE(run.history.find("losses")->rows(), std::size_t{2});
        QCOMPARE(run.history.find("losses")->row(1)[0], 20.0F);
    }

    void pauses()
    {
        WatchedRun run;
        tell(run, 1, {start(), JobPaused{"the disk is full"}});
        QVERIFY(run.state == State::Running && run.isPaused);
        QCOMPARE(run.pauseReason, std::string("the disk is full"));
        tell(run, 1, {JobResumed{}});
        QVERIFY(!run.isPaused && run.pauseReason.empty());
        tell(run, 1, {JobPaused{}, JobCancelled{}}); // stopped while it waited
        QVERIFY(run.state == State::Stopped && !run.isPaused);
        tell(run, 1, {start()});
        QVERIFY(run.state == State::Running && !run.isPaused);
    }

    void otherJobsOfTheStreamDoNotCount()
    {
        WatchedRun run;
        tell(run, 1,
             {JobStarted{"inspect", "inspect", "cpu"}, LogLine{LogLine::Level::Info, "opened"},
              JobFinished{"{}"}});
        QVERIFY(run.state == State::Unknown);
        QVERIFY(run.messages.empty());
        tell(run, 2, {start()});
        tell(run, 1, {JobFailed{"internal", "another"}});
        QVERIFY(run.state == State::Running);
    }

    void withoutItsFirstLine()
    {
        WatchedRun run;
        tell(run, 3, {SeriesDeclared{"losses", {"a"}}, SeriesRow{"losses", 1, {1}}});
        QVERIFY(run.state == State::Running);
        QCOMPARE(run.history.find("losses")->rows(), std::size_t{1});
    }

    void rowsThatDoNotFitArePassedOver()
    {
        WatchedRun run;
        tell(run, 1,
             {start(), SeriesRow{"losses", 1, {1}}, SeriesDeclared{"losses", {"a"}},
              SeriesRow{"losses", 4, {1}}, SeriesRow{"losses", 4, {2}},
              SeriesRow{"losses", 5, {1, 2}}, SeriesRow{"losses", 6, {3}}});
        const HistorySeries* losses = run.history.find("losses");
        QCOMPARE(losses->rows(), std::size_t{2});
        QCOMPARE(losses->row(1)[0], 3.0F);
    }
};

QTEST_GUILESS_MAIN(TestWatchedRun)
#include "tst_watched_run.moc"
