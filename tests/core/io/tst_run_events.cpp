// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/events/run_events.h"

#include "core/base/mapped_file.h"
#include "core/io/events/run_events_writer.h"
#include "core/types/watched_run.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

struct Folder {
    QTemporaryDir folder;
    fs::path file = fs::path(folder.path().toStdString()) / "a.events.jsonl";
};

Event said(decltype(Event::body) body)
{
    return {1, 1763719859.25, std::move(body)};
}

Event row(std::int64_t step)
{
    return said(SeriesRow{"losses", step, {static_cast<float>(step), 0.5F}});
}

std::vector<Event> beginning()
{
    return {said(JobStarted{"search", "search", "cpu"}),
            said(LogLine{LogLine::Level::Info, "begun"}),
            said(SeriesDeclared{"losses", {"loss", "cross_entropy"}}), row(10), row(20)};
}

void write(RunEventsWriter& writer, const std::vector<Event>& events)
{
    for (const Event& one : events) {
        QVERIFY(writer.append(one));
    }
}

void append(const fs::path& file, std::string_view bytes)
{
    std::ofstream out(file, std::ios::binary | std::ios::app);
    out << bytes;
}

std::vector<std::int64_t> steps(const std::vector<Event>& events)
{
    std::vector<std::int64_t> found;
    for (const Event& one : events) {
        if (const auto* series = std::get_if<SeriesRow>(&one.body)) {
            found.push_back(series->step);
        }
    }
    return found;
}

WatchedRun watched(const fs::path& file)
{
    WatchedRun run;
    RunEventsReader reader(file);
    RunEventsNews news;
    do {
        news = reader.read();
        for (const Event& one : news.events) {
            run.apply(one);
        }
    } while (news.hasMore);
    return run;
}

} // namespace

class TestRunEvents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsWhatIsWritten()
    {
        const Folder folder;
        RunEventsReader reader(folder.file);
        RunEventsNews news = reader.read(); // not there yet
        QVERIFY(!news.restarted && news.events.empty());
        RunEventsWriter writer(folder.file, false);
        write(writer, beginning());
        news = reader.read();
        QVERIFY(news.restarted);
        QCOMPARE(news.events.size(), std::size_t{5});
        QCOMPARE(news.damagedLines, std::size_t{0});
        QVERIFY(toJsonLine(news.events[4]) == toJsonLine(row(20)));
        QVERIFY(reader.read().events.empty());
        write(writer, {row(30)});
        news = reader.read();
        QVERIFY(!news.restarted);
        QVERIFY(steps(news.events) == std::vector<std::int64_t>{30});
        QCOMPARE(reader.offset(), static_cast<std::uint64_t>(fs::file_size(folder.file)));
    }

    void inSmallPortions()
    {
        const Folder folder;
        RunEventsWriter writer(folder.file, false);
        write(writer, beginning());
        RunEventsReader reader(folder.file);
        std::vector<Event> all;
        RunEventsNews news;
        do {
            news = reader.read(7);
            QCOMPARE(news.damagedLines, std::size_t{0});
            all.insert(all.end(), news.events.begin(), news.events.end());
        } while (news.hasMore);
        QCOMPARE(all.size(), std::size_t{5});
    }

    void aHalfWrittenLineWaitsForItsEnd()
    {
        const Folder folder;
        {
            RunEventsWriter writer(folder.file, false);
            write(writer, beginning());
        }
        const std::string line = toJsonLine(row(30)) + "\n";
        RunEventsReader reader(folder.file);
        QCOMPARE(reader.read().events.size(), std::size_t{5});
        for (const char c : line.substr(0, line.size() - 1)) {
            append(folder.file, std::string(1, c));
            const RunEventsNews news = reader.read();
            QVERIFY(news.events.empty() && news.damagedLines == 0);
        }
        append(folder.file, "\n");
        QVERIFY(steps(reader.read().events) == std::vector<std::int64_t>{30});
    }

    void aRunThatGoesOnHasNoRowTwice()
    {
        const Folder folder;
        RunEventsReader reader(folder.file);
        {
            RunEventsWriter writer(folder.file, false);
            write(writer, beginning());
            write(writer, {said(Metric{"test_top1_percent", 90, 20}), row(30)});
        }
        append(folder.file, "{\"job\":1,\"ti"); // killed in the middle of a line
        QCOMPARE(reader.read().events.size(), std::size_t{7});
        RunEventsWriter writer(folder.file, true);
        std::vector<Event> again = beginning(); // from step 20
        again[1] = said(LogLine{LogLine::Level::Info, "goes on"});
        write(writer, again);
        write(writer, {row(25)});

        const RunEventsNews news = reader.read();
        QVERIFY(news.restarted);
        QCOMPARE(news.damagedLines, std::size_t{0});
        QVERIFY((steps(news.events) == std::vector<std::int64_t>{10, 20, 25}));
        const WatchedRun run = watched(folder.file);
        QCOMPARE(run.messages.size(), std::size_t{2});
        QCOMPARE(run.messages[0].line.text, std::string("begun"));
        QCOMPARE(run.messages[1].line.text, std::string("goes on"));
        QVERIFY((run.history.find("losses")->steps == std::vector<std::int64_t>{10, 20, 25}));
        QCOMPARE(run.rewrites, std::size_t{0});
    }

    void aNewRunTellsNothingOfTheOldOne()
    {
        const Folder folder;
        {
            RunEventsWriter writer(folder.file, false);
            write(writer, beginning());
        }
        const RunEventsWriter writer(folder.file, false);
        QVERIFY(watched(folder.file).messages.empty());
        QVERIFY(!fs::exists(folder.file.string() + ".new"));
    }

    void aFileThatWasCutIsReadFromItsBeginning()
    {
        const Folder folder;
        RunEventsReader reader(folder.file);
        {
            RunEventsWriter writer(folder.file, false);
            write(writer, beginning());
        }
        reader.read();
        fs::resize_file(folder.file, 20);
        const RunEventsNews news = reader.read();
        QVERIFY(news.restarted);
        QVERIFY(news.events.empty());
    }

    void aFileThatWentAwayIsNoError()
    {
        const Folder folder;
        RunEventsReader reader(folder.file);
        RunEventsWriter(folder.file, false);
        QVERIFY(reader.read().restarted);
        fs::remove(folder.file);
        const RunEventsNews news = reader.read();
        QVERIFY(!news.restarted && news.events.empty());
    }

    void damagedLines_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("damaged");
        QTest::newRow("cut") << QByteArray(R"({"job":1,"time":1,"event":"log",)") << 1;
        QTest::newRow("text") << QByteArray("hello") << 1;
        QTest::newRow("zeros") << QByteArray(3, '\0') << 1;
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("event of a later version")
            << QByteArray(R"({"job":1,"time":1,"event":"not known"})") << 1;
        QTest::newRow("row without values")
            << QByteArray(R"({"job":1,"time":1,"event":"series_row","name":"a","step":3})") << 1;
        QTest::newRow("number out of range")
            << QByteArray(R"({"job":1,"time":1e999,"event":"series_row"})") << 1;
        QTest::newRow("nested") << QByteArray(100000, '[') << 1;
        QTest::newRow("longer than any event") << QByteArray((64 << 20) + 4096, 'x') << 1;
    }
    void damagedLines()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, damaged);
        const Folder folder;
        {
            RunEventsWriter writer(folder.file, false);
            write(writer, beginning());
        }
        append(folder.file, line.toStdString() + "\n" + toJsonLine(row(30)) + "\n");
        RunEventsReader reader(folder.file);
        std::size_t found = 0;
        std::vector<Event> all;
        RunEventsNews news;
        do {
            news = reader.read();
            found += news.damagedLines;
            all.insert(all.end(), news.events.begin(), news.events.end());
        } while (news.hasMore);
        QCOMPARE(found, static_cast<std::size_t>(damaged));
        QVERIFY((steps(all) == std::vector<std::int64_t>{10, 20, 30}));
    }

    void anyDamageLeavesTheRest()
    {
        const Folder folder;
        {
            RunEventsWriter writer(folder.file, false);
            write(writer, beginning());
        }
        const std::string whole = readTextFile(folder.file);
        std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same damage in every run
        for (int i = 0; i < 500; ++i) {
            std::string text = whole;
            for (int j = 0; j < 1 + i % 5; ++j) {
                text[random() % text.size()] = static_cast<char>(random());
            }
            if (i % 3 == 0) {
                text.resize(random() % text.size());
            }
            const fs::path file = folder.folder.path().toStdString() + "/damaged.jsonl";
            std::ofstream(file, std::ios::binary) << text;
            try {
                static_cast<void>(watched(file));
            } catch (const Error& error) { // the first line says another format or version
                QVERIFY(error.code() == ErrorCode::UnknownFormat ||
                        error.code() == ErrorCode::CorruptFile ||
                        error.code() == ErrorCode::Unsupported);
            }
        }
    }

    void otherFiles_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<int>("code");
        const auto add = [](const char* name, const char* first, ErrorCode code) {
            QTest::newRow(name) << QByteArray(first) << static_cast<int>(code);
        };
        add("another format", R"({"format":"bitloom.plan","version":1})", ErrorCode::UnknownFormat);
        add("a newer version", R"({"format":"bitloom.run_events","version":2})",
            ErrorCode::Unsupported);
        add("no version", R"({"format":"bitloom.run_events"})", ErrorCode::CorruptFile);
        add("version as text", R"({"format":"bitloom.run_events","version":"1"})",
            ErrorCode::CorruptFile);
    }
    void otherFiles()
    {
        QFETCH(QByteArray, first);
        QFETCH(int, code);
        const Folder folder;
        append(folder.file, first.toStdString() + "\n");
        RunEventsReader reader(folder.file);
        try {
            reader.read();
            QFAIL("was read");
        } catch (const Error& error) {
            QCOMPARE(static_cast<int>(error.code()), code);
            QVERIFY(std::string(error.what()).find(folder.file.string()) != std::string::npos);
        }
    }

    void aFolderOrAPipeOfThatNameIsRefused()
    {
        const Folder folder;
        fs::create_directory(folder.file);
        RunEventsReader reader(folder.file);
        QVERIFY_THROWS_EXCEPTION(Error, reader.read());
        QVERIFY_THROWS_EXCEPTION(Error, RunEventsWriter(folder.file, false));
        QVERIFY(!fs::exists(folder.file.string() + ".new"));
        fs::remove(folder.file);
        QCOMPARE(::mkfifo(folder.file.c_str(), 0600), 0);
        QVERIFY_THROWS_EXCEPTION(Error, RunEventsReader(folder.file).read());
    }

    void theStreamOfTheProgramIsReadToo()
    {
        const Folder folder;
        append(folder.file, toJsonLine(row(10)) + "\n" + toJsonLine(row(20)) + "\n");
        QVERIFY((steps(RunEventsReader(folder.file).read().events) ==
                 std::vector<std::int64_t>{10, 20}));
    }

    void progressNowAndThen()
    {
        const Folder folder;
        RunEventsWriter writer(folder.file, false);
        for (int i = 0; i < 100; ++i) {
            QVERIFY(writer.append(said(Progress{"epoch 1", i, 100, "batches", 1, 1.0})));
        }
        QVERIFY(writer.append(said(Progress{"epoch 2", 1, 100, "batches", 1, 1.0})));
        QVERIFY(RunEventsReader(folder.file).read().events.size() < 4);
    }

    void aliveAsLongAsItsWriter()
    {
        const Folder folder;
        QVERIFY(!isRunAlive(folder.file));
        {
            const RunEventsWriter writer(folder.file, false);
            QVERIFY(isRunAlive(folder.file));
            QVERIFY(isRunAlive(folder.file)); // looking does not end it
        }
        QVERIFY(!isRunAlive(folder.file));
        const pid_t child = ::fork();
        if (child == 0) {
            const RunEventsWriter writer(folder.file, true);
            ::raise(SIGKILL);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        QVERIFY(!isRunAlive(folder.file));
    }

    void aFullDiskCostsLinesAndNothingElse()
    {
        const Folder folder;
        RunEventsWriter writer(folder.file, false);
        write(writer, beginning());
        // A limit on the size of files stands for the full disk: the write comes back short.
        struct sigaction before {};
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGXFSZ, &ignore, &before);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        rlimit tight = limit;
        tight.rlim_cur = static_cast<rlim_t>(fs::file_size(folder.file) + 10);
        ::setrlimit(RLIMIT_FSIZE, &tight);
        const bool first = writer.append(row(30));
        const bool second = writer.append(row(40));
        const std::string failure = writer.failure();
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::sigaction(SIGXFSZ, &before, nullptr);
        QVERIFY(!first && !second && !failure.empty());
        QVERIFY(writer.append(row(50)));
        const RunEventsNews news = RunEventsReader(folder.file).read();
        QCOMPARE(news.damagedLines, std::size_t{1});
        QVERIFY((steps(news.events) == std::vector<std::int64_t>{10, 20, 50}));
    }

    /// A step that records everything about 50 quantizers writes four lines like this one.
    void cheap()
    {
        const Folder folder;
        RunEventsWriter writer(folder.file, false);
        const Event gates = said(SeriesRow{"gates", 1, std::vector<float>(250, 0.123456F)});
        QBENCHMARK
        {
            QVERIFY(writer.append(gates));
        }
    }
};

QTEST_GUILESS_MAIN(TestRunEvents)
#include "tst_run_events.moc"
