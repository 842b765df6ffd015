// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/event.h"
#include "tests/support/test_support.h"

#include <cmath>
#include <limits>

using namespace bitloom;

class TestEvent : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 19; ++i) {
            QTest::addRow("event %d", i) << i;
        }
    }
    void roundTrip()
    {
        QFETCH(int, index);
        const std::vector<decltype(Event::body)> bodies{
            JobStarted{"eval", "resnet20\non cifar10", "cpu"},
            Progress{"sweep", 3, 10, "images", 12.5, 0.56},
            Progress{"open", 3, 0, "", 0, std::nullopt},
            Metric{"top1_percent", 91.5, -1},
            SeriesDeclared{"gates", {"conv1.weight/4", "conv1.weight/8"}},
            SeriesRow{"gates", 12, {0.1F, 1.5F}},
            SeriesRow{"gates", 13, {std::numeric_limits<float>::quiet_NaN(), -6.0F}},
            HistoryCut{120},
            JobPaused{""},
            JobPaused{"the disk is full"},
            JobResumed{},
            LogLine{LogLine::Level::Debug, "d"},
            LogLine{LogLine::Level::Warning, "äöü \"x\" \t"},
            LogLine{LogLine::Level::Error, ""},
            LogLine{LogLine::Level::Info, {PhraseId::Note, {{PhraseId::LeftOut, {"w"}}}}},
            PartialResult{R"({"entries":[]})"},
            JobFinished{R"({"images":5,"layers":[{"a":1.5}]})"},
            JobFailed{"corrupt_file", "cut off"},
            JobCancelled{""},
            JobCancelled{R"({"best":1})"}};
        const Event event{18446744073709551615U, 1763719859.25,
                          bodies[static_cast<std::size_t>(index)]};
        const std::string line = toJsonLine(event);
        QVERIFY(line.find('\n') == std::string::npos);
        const Event back = eventFromJsonLine(line);
        QCOMPARE(back.job, event.job);
        QCOMPARE(back.time, event.time);
        QCOMPARE(back.body.index(), event.body.index());
        QCOMPARE(toJsonLine(back), line);
        if (const auto* finished = std::get_if<JobFinished>(&back.body)) {
            QCOMPARE(finished->result, std::get<JobFinished>(event.body).result);
        }
        if (const auto* log = std::get_if<LogLine>(&back.body)) {
            QVERIFY(log->level == std::get<LogLine>(event.body).level);
            QVERIFY(log->text == std::get<LogLine>(event.body).text);
        }
        if (const auto* declared = std::get_if<SeriesDeclared>(&back.body)) {
            QVERIFY(declared->columns == std::get<SeriesDeclared>(event.body).columns);
        }
        if (const auto* row = std::get_if<SeriesRow>(&back.body)) {
            const std::vector<float>& sent = std::get<SeriesRow>(event.body).values;
            QCOMPARE(row->step, std::get<SeriesRow>(event.body).step);
            QCOMPARE(row->values.size(), sent.size());
            QCOMPARE(row->values[1], sent[1]); // the shortest text of a float gives its bits back
            QCOMPARE(std::isnan(row->values[0]), std::isnan(sent[0]));
        }
        if (const auto* paused = std::get_if<JobPaused>(&back.body)) {
            QCOMPARE(paused->reason, std::get<JobPaused>(event.body).reason);
        }
        if (const auto* cut = std::get_if<HistoryCut>(&back.body)) {
            QCOMPARE(cut->step, std::get<HistoryCut>(event.body).step);
        }
        if (const auto* progress = std::get_if<Progress>(&back.body)) {
            QVERIFY(progress->etaSeconds == std::get<Progress>(event.body).etaSeconds);
        }
    }

    void divergedMetricBecomesNull()
    {
        const std::string line =
            toJsonLine({1, 0, Metric{"loss", std::numeric_limits<double>::infinity(), 4}});
        QVERIFY2(line.find("\"value\":null") != std::string::npos, line.c_str());
        QVERIFY(std::isnan(std::get<Metric>(eventFromJsonLine(line).body).value));
    }

    void foreignBytesInALogLine()
    {
        const std::string line = toJsonLine({1, 0, LogLine{LogLine::Level::Info, "bad \xff byte"}});
        QVERIFY(textOf(std::get<LogLine>(eventFromJsonLine(line).body).text).starts_with("bad "));
    }

    void refused_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << ""
                               << "not JSON";
        QTest::newRow("text") << "hello"
                              << "not JSON";
        QTest::newRow("unknown") << R"({"job":1,"time":0,"event":"party"})"
                                 << "event: the event \"party\" is not known";
        QTest::newRow("no job") << R"({"time":0,"event":"log"})"
                                << "'job' is missing";
        QTest::newRow("level") << R"({"job":1,"time":0,"event":"log","level":"loud","text":""})"
                               << "level: found \"loud\"";
        QTest::newRow("type") << R"({"job":1,"time":0,"event":"job_failed","code":3,"message":""})"
                              << "code: expected a string";
    }
    void refused()
    {
        QFETCH(QString, line);
        QFETCH(QString, message);
        BITLOOM_EXPECT_ERROR(eventFromJsonLine(line.toStdString()), ErrorCode::CorruptFile,
                             message.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestEvent)
#include "tst_event.moc"
