// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/events/run_events.h"
#include "core/types/watched_run.h"

#include "tests/app/program.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QElapsedTimer>
#include <QProcess>

#include <csignal>

namespace fs = std::filesystem;

namespace bitloom::test {

/// Ctrl-C and a kill at any time lose at most the step in progress.
class TestCliInterrupt : public QObject, private CommandFolder {
    Q_OBJECT

    /// Generous: a loaded machine must not fail the test. The measured time is printed.
    static constexpr qint64 kReactionMs = 10'000;
    static constexpr int kPatienceMs = 60'000;

    static QString sweep(const char* output)
    {
        return QString("sensitivity arch:lenet5@lenet5.pth --data digits:128 --batch-size 16 "
                       "--calibration-images 16 -o %1")
            .arg(output);
    }
    void start(QProcess& process, const QString& command)
    {
        process.setWorkingDirectory(m_folder.path());
        process.start(builtFile("bitloom"), words(command));
        QVERIFY(process.waitForStarted());
    }
    void interrupt(QProcess& process)
    {
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(kPatienceMs));
        qInfo("ended %lld ms after Ctrl-C", static_cast<long long>(clock.elapsed()));
        QVERIFY(clock.elapsed() < kReactionMs);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 3);
        QVERIFY(process.readAllStandardError().endsWith("bitloom: cancelled\n"));
    }
    bool isTidy() const
    {
        for (const auto& entry : fs::directory_iterator(path(""))) {
            if (entry.path().filename().string().find(".partial") != std::string::npos) {
                return false;
            }
        }
        return true;
    }

    /// What the search of a project said to others.
    WatchedRun watched(const std::string& project) const
    {
        WatchedRun run;
        io::RunEventsReader reader(path(project) / "runs" / "bayesian-bits.events.jsonl");
        for (const Event& event : reader.read().events) {
            run.apply(event);
        }
        return run;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(trainSmallModel(m_folder.path()));
        QCOMPARE(runProgram(m_folder.path(), words(sweep("whole.json"))).exitCode, 0);
    }

    void training()
    {
        QProcess process;
        start(process, "train arch:lenet5 --data digits:64 --epochs 10000 -o long.pth --json");
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(path("long.pth")), kPatienceMs);
        interrupt(process);
        QVERIFY(isTidy());
        // The weights of the last whole epoch, and the epochs so far on standard output.
        QCOMPARE(runProgram(m_folder.path(), words("inspect arch:lenet5@long.pth")).exitCode, 0);
        const auto result =
            nlohmann::json::parse(process.readAllStandardOutput().toStdString(), nullptr, false);
        QVERIFY(!result.is_discarded() && !result.at("epochs").empty());
        QCOMPARE(result.at("finished"), nlohmann::json(false));
    }

    void aSweepContinues_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("killed") << SIGKILL;
    }

    void aSweepContinues()
    {
        QFETCH(int, signal);
        const std::string table = "table" + std::to_string(signal) + ".json";
        const fs::path progress = path(table + ".progress");
        QProcess process;
        start(process, sweep(table.c_str()));
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(progress), kPatienceMs);
        if (signal == SIGINT) {
            interrupt(process);
            QVERIFY(isTidy());
        } else {
            process.kill();
            QVERIFY(process.waitForFinished(kPatienceMs));
        }
        QVERIFY(fs::exists(progress));
        QVERIFY(!fs::exists(path(table)));
        const ProgramRun continued = runProgram(m_folder.path(), words(sweep(table.c_str())));
        QCOMPARE(continued.exitCode, 0);
        QVERIFY2(continued.err.contains("continuing the sweep"), continued.err.constData());
        QCOMPARE(readFile(path(table)), readFile(path("whole.json")));
        QVERIFY(!fs::exists(progress));
    }

    void aSearchContinues_data() { aSweepContinues_data(); }

    void aSearchContinues()
    {
        QFETCH(int, signal);
        // A packed file tells when it was made.
        QVERIFY(qputenv("SOURCE_DATE_EPOCH", "1700000000"));
        const auto search = [](const std::string& project) {
            return QString("search bayesian-bits arch:lenet5@lenet5.pth --data digits:256 --preset "
                           "quick --epochs 8 --train-batch-size 32 --threads 1 -o %1")
                .arg(QString::fromStdString(project));
        };
        if (!fs::exists(path("whole.bitloom"))) {
            QCOMPARE(runProgram(m_folder.path(), words(search("whole.bitloom"))).exitCode, 0);
        }
        const std::string project = "part" + std::to_string(signal) + ".bitloom";
        QProcess process;
        start(process, search(project));
        const auto isUnderWay = [&] {
            const WatchedRun run = watched(project);
            const HistorySeries* const evaluation = run.history.find("evaluation");
            return evaluation != nullptr && evaluation->rows() > 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isUnderWay(), kPatienceMs);
        if (signal == SIGINT) {
            interrupt(process);
        } else {
            process.kill();
            QVERIFY(process.waitForFinished(kPatienceMs));
        }
        const std::string packed = "exports/bayesian-bits.h5";
        QVERIFY(!fs::exists(path(project) / packed));
        const ProgramRun continued = runProgram(m_folder.path(), words(search(project)));
        QCOMPARE(continued.exitCode, 0);
        QVERIFY2(continued.err.contains("continuing the run"), continued.err.constData());
        QCOMPARE(readFile(path(project) / packed), readFile(path("whole.bitloom") / packed));
        // Whoever follows the run sees each row once, as if it had never been stopped.
        const WatchedRun whole = watched("whole.bitloom");
        const WatchedRun part = watched(project);
        QVERIFY(whole.history.find("losses")->rows() > 0);
        QVERIFY(sameHistory(part.history, whole.history));
        QCOMPARE(part.rewrites, std::size_t{0});
        QVERIFY(part.state == WatchedRun::State::Finished);
    }
};

} // namespace bitloom::test

using bitloom::test::TestCliInterrupt;
QTEST_GUILESS_MAIN(TestCliInterrupt)
#include "tst_cli_interrupt.moc"
