// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/file_lock.h"
#include "core/io/events/run_events.h"
#include "core/types/run_paths.h"
#include "core/types/search_result.h"
#include "core/types/watched_run.h"

#include "tests/app/program.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QCoreApplication>
#include <QProcess>

#include <cmath>
#include <csignal>
#include <fstream>
#include <sstream>

using nlohmann::json;
namespace fs = std::filesystem;

namespace bitloom::test {

/// Searches on the command line: search, sweep, resume, runs, watch.
class TestCliRuns : public QObject, private CommandFolder {
    Q_OBJECT

    static constexpr int kPatienceMs = 120'000;

    void start(QProcess& process, const std::string& command) const
    {
        process.setWorkingDirectory(m_folder.path());
        process.start(builtFile("bitloom"), words(QString::fromStdString(command)));
        QVERIFY(process.waitForStarted(kPatienceMs));
    }

    /// Some seconds in a project of its own; the same command with any options is the same run.
    static std::string search(const std::string& project, const std::string& options = "")
    {
        return "search bayesian-bits arch:lenet5@lenet5.pth --data digits:128 --preset quick "
               "--epochs 1 --train-batch-size 32 --threads 1 -o " +
               project + " " + options;
    }
    /// Long enough to be met while it runs.
    static std::string longSearch(const std::string& project)
    {
        return "search bayesian-bits arch:lenet5@lenet5.pth --data digits:256 --preset quick "
               "--epochs 12 --train-batch-size 32 --log-every 1 --threads 1 -o " +
               project;
    }
    fs::path runFile(const std::string& project, const std::string& run = "bayesian-bits") const
    {
        return path(project) / "runs" / (run + ".run.h5");
    }
    fs::path eventsFile(const std::string& project) const
    {
        return runEventsPath(runFile(project));
    }
    WatchedRun watched(const std::string& project) const
    {
        WatchedRun run;
        io::RunEventsReader reader(eventsFile(project));
        for (const Event& event : reader.read().events) {
            run.apply(event);
        }
        return run;
    }
    /// Starts the long search, kills it when its first checkpoint is there for sure.
    void killSearch(const std::string& project) const
    {
        QProcess process;
        start(process, longSearch(project));
        const auto isUnderWay = [&] {
            const WatchedRun run = watched(project);
            const HistorySeries* const evaluation = run.history.find("evaluation");
            return evaluation != nullptr && evaluation->rows() > 1;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isUnderWay(), kPatienceMs);
        process.kill();
        QVERIFY(process.waitForFinished(kPatienceMs));
    }
    /// Of the last row of a series in a file of events; empty: there is none.
    std::vector<double> lastRow(const std::string& events, const std::string& series) const
    {
        std::istringstream lines(readFile(path(events)));
        std::vector<double> last;
        for (std::string line; std::getline(lines, line);) {
            const Event event = eventFromJsonLine(line);
            const auto* row = std::get_if<SeriesRow>(&event.body);
            if (row != nullptr && row->name == series) {
                last.assign(row->values.begin(), row->values.end());
            }
        }
        return last;
    }
    json runNamed(const std::string& project, const std::string& name = "bayesian-bits") const
    {
        const json listed = result("runs " + project);
        for (const json& one : listed["runs"]) {
            if (one["name"] == json(name)) {
                return one;
            }
        }
        return json::object();
    }

private Q_SLOTS:
    void initTestCase()
    {
        // A packed file tells when it was made.
        QVERIFY(qputenv("SOURCE_DATE_EPOCH", "1700000000"));
        QVERIFY(trainSmallModel(m_folder.path()));
        QCOMPARE(run(search("done.bitloom", "--events done.jsonl")).exitCode, 0);
        killSearch("killed.bitloom");
    }

    void aSearchEndsInAProvenFile()
    {
        const json done = result(search("done.bitloom")); // as it was found the first time
        for (const char* key : {"top1_percent", "relative_bops_percent",
                                "relative_bops_percent_counting_pruned_inputs", "layers", "seconds",
                                "plan", "checkpoint"}) {
            QVERIFY2(done.contains(key), key);
        }
        QVERIFY(done["sheet"]["verified"].get<bool>());
        // Along the way the layers are told as the result tells them in the end.
        const std::vector<double> last = lastRow("done.jsonl", "layers");
        QCOMPARE(last.size(), 5 * done["layers"].size());
        const SearchResult found = searchResultFromJson(done.dump());
        for (std::size_t i = 0; i < done["layers"].size(); ++i) {
            const json& layer = done["layers"][i];
            QCOMPARE(last[5 * i], layer["weight_bits"].get<double>());
            QCOMPARE(last[5 * i + 1], layer["activation_bits"].get<double>());
            QCOMPARE(last[5 * i + 2], layer["kept_percent"].get<double>());
            QVERIFY(std::abs(last[5 * i + 4] - layer["regulariser"].get<double>()) < 1e-4);
            QVERIFY(layer["regulariser"].get<double>() > 0);
            QCOMPARE(json::parse(toJson(found.layers[i])), layer);
        }
        // What the search says of the file is what anybody measures on it.
        const json measured =
            result("eval done.bitloom/exports/bayesian-bits.h5 --data digits:128");
        QCOMPARE(measured["top1_percent"], done["top1_percent"]);
    }

    void aFinishedRunIsNotDoneAgain()
    {
        const std::string before = readFile(eventsFile("done.bitloom"));
        const ProgramRun again = run(search("done.bitloom"));
        QCOMPARE(again.exitCode, 0);
        QVERIFY2(again.err.contains("finished already"), again.err.constData());
        QCOMPARE(readFile(eventsFile("done.bitloom")), before);
    }

    void theOutcomeGoesIntoTheFileThatIsNamed()
    {
        QCOMPARE(result(search("done.safetensors"))["exported"], json("done.safetensors"));
        QCOMPARE(result("eval done.safetensors --data digits:128")["correct"],
                 result("eval done.bitloom/exports/bayesian-bits.h5 --data digits:128")["correct"]);
    }

    void aRunOfOtherOptionsIsNotOverwritten()
    {
        const std::string before = readFile(eventsFile("done.bitloom"));
        const ProgramRun other = run(search("done.bitloom", "--lambda 0.2"));
        QCOMPARE(other.exitCode, 1);
        QVERIFY2(other.err.contains("lambda is 0.1 there and 0.2 here"), other.err.constData());
        QCOMPARE(readFile(eventsFile("done.bitloom")), before);
    }

    void othersFollowWhatTheProgramItselfSays()
    {
        WatchedRun said;
        std::istringstream lines(readFile(path("done.jsonl")));
        for (std::string line; std::getline(lines, line);) {
            said.apply(eventFromJsonLine(line));
        }
        const WatchedRun kept = watched("done.bitloom");
        QVERIFY(sameHistory(kept.history, said.history));
        QVERIFY(kept.history.find("losses") != nullptr &&
                kept.history.find("evaluation")->rows() > 0);
        QVERIFY(kept.state == WatchedRun::State::Finished);
        QCOMPARE(kept.result, said.result);
        QCOMPARE(kept.messages.size(), said.messages.size());
    }

    void searchesRefuseOptionsThatExcludeEachOther_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("rule") << "--fixed-8bit"
                              << "cannot be true because fixed widths are for prune-only";
        QTest::newRow("range") << "--lambda -1"
                               << "found '-1', expected a number of at least 0";
        QTest::newRow("schedule") << "--lr-schedule MultiStepLR:10:20:40"
                                  << "MultiStepLR:10:20:40";
        QTest::newRow("several values") << "--lambda 0.1,0.2"
                                        << "found '0.1,0.2'";
        QTest::newRow("name") << "--name a/b"
                              << "found 'a/b'";
        QTest::newRow("split") << "--split train"
                               << "--split";
    }
    void searchesRefuseOptionsThatExcludeEachOther()
    {
        QFETCH(QString, options);
        QFETCH(QString, sentence);
        const ProgramRun refused =
            run("search bayesian-bits arch:lenet5 --data digits:128 -o no.bitloom " +
                options.toStdString());
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains(sentence.toUtf8()), refused.err.constData());
        QVERIFY(!fs::exists(path("no.bitloom")));
    }

    void runsAreListed()
    {
        const json done = runNamed("done.bitloom");
        QCOMPARE(done["state"], json("finished"));
        QCOMPARE(done["method"], json("bayesian-bits"));
        QCOMPARE(done["epoch"], json(1));
        QCOMPARE(done["epochs"], json(1));
        QCOMPARE(done["steps"], json(4));
        QCOMPARE(done["lambda"], json(0.1));
        QVERIFY(done["top1_percent"].is_number() && done["relative_bops_percent"].is_number());
        const json killed = runNamed("killed.bitloom");
        QCOMPARE(killed["state"], json("stopped"));
        QVERIFY(killed["epoch"].get<int>() >= 1 && killed["epoch"].get<int>() < 12);
        QCOMPARE(killed["epochs"], json(12));
        QVERIFY(killed["top1_percent"].is_number());
        const ProgramRun table = run("runs killed.bitloom");
        QVERIFY2(table.out.contains("stopped") && table.out.contains("of 12"),
                 table.out.constData());
    }

    void aRequestHoldsAllThatTheRunNeeds()
    {
        const json request = runNamed("done.bitloom")["request"];
        QCOMPARE(request["model_spec"], json("arch:lenet5@" + path("lenet5.pth").string()));
        QCOMPARE(request["input_shape"], json({1, 1, 28, 28}));
        QCOMPARE(request["data"], json("digits:128"));
        QCOMPARE(request["options"]["epochs"], json(1));
        QCOMPARE(request["seed"], json(0));
        QCOMPARE(request["device"], json("cpu"));
        QCOMPARE(request["threads"], json(1));
        QCOMPARE(request["model"],
                 result("inspect arch:lenet5@lenet5.pth")["model"]["fingerprint"]);
    }

    void runsOfAFolderWithoutAny()
    {
        QVERIFY(!result("inspect arch:lenet5 --project none.bitloom").empty());
        QVERIFY(result("runs none.bitloom")["runs"].empty());
        QVERIFY(run("runs none.bitloom").out.contains("no runs"));
        const ProgramRun resume = run("resume none.bitloom");
        QCOMPARE(resume.exitCode, 1);
        QVERIFY2(resume.err.contains("has no runs"), resume.err.constData());
        const ProgramRun watch = run("watch none.bitloom");
        QCOMPARE(watch.exitCode, 1);
        QVERIFY2(watch.err.contains("no search runs"), watch.err.constData());
        for (const char* command : {"runs", "resume", "watch"}) {
            QCOMPARE(run(std::string(command) + " nowhere.bitloom").exitCode, 1);
        }
        QVERIFY(!fs::exists(path("nowhere.bitloom")));
    }

    void aDamagedRunIsShownAsOne()
    {
        fs::copy(path("done.bitloom"), path("damaged.bitloom"), fs::copy_options::recursive);
        std::ofstream(runFile("damaged.bitloom"), std::ios::trunc) << "no HDF5";
        std::ofstream(eventsFile("damaged.bitloom"), std::ios::trunc) << "no events\n{\n";
        const json damaged = runNamed("damaged.bitloom");
        QVERIFY(damaged["problem"].is_string());
        QCOMPARE(damaged["state"], json("stopped"));
        for (const std::string& command :
             {std::string("resume damaged.bitloom --run bayesian-bits"),
              search("damaged.bitloom")}) {
            const ProgramRun refused = run(command);
            QCOMPARE(refused.exitCode, 1);
            QVERIFY2(refused.err.contains("bayesian-bits.run.h5"), refused.err.constData());
        }
    }

    void resumeGoesOnToTheSameBits()
    {
        QCOMPARE(run(longSearch("whole.bitloom")).exitCode, 0);
        fs::copy(path("killed.bitloom"), path("resumed.bitloom"), fs::copy_options::recursive);
        // From another folder, with other circumstances: those of the run count.
        fs::create_directory(path("elsewhere"));
        const ProgramRun resumed =
            runProgram(m_folder.filePath("elsewhere"),
                       words("resume ../resumed.bitloom --json --seed 7 --threads 2"));
        QVERIFY2(resumed.exitCode == 0, resumed.err.constData());
        QVERIFY2(resumed.err.contains("continuing the run"), resumed.err.constData());
        QVERIFY(resumed.json()["top1_percent"].is_number());
        const std::string packed = "exports/bayesian-bits.h5";
        QCOMPARE(readFile(path("resumed.bitloom") / packed),
                 readFile(path("whole.bitloom") / packed));
        QVERIFY(sameHistory(watched("resumed.bitloom").history, watched("whole.bitloom").history));
        QCOMPARE(runNamed("resumed.bitloom")["state"], json("finished"));
        // The project holds what a search would have left, and says how to make it anew.
        QVERIFY(fs::exists(path("resumed.bitloom") / "plans" / "bayesian-bits.json"));
        const std::string record = readFile(path("resumed.bitloom") / "runs" / "0001-search.json");
        QVERIFY2(record.find("bitloom search bayesian-bits arch:lenet5@") != std::string::npos,
                 record.c_str());
        const ProgramRun nothing = run("resume resumed.bitloom");
        QCOMPARE(nothing.exitCode, 1);
        QVERIFY2(nothing.err.contains("no run that was stopped") &&
                     nothing.err.contains("bayesian-bits (finished)"),
                 nothing.err.constData());
    }

    void aModelThatWasMovedIsTheSame()
    {
        fs::copy(path("killed.bitloom"), path("moved.bitloom"), fs::copy_options::recursive);
        fs::copy(path("killed.bitloom"), path("moved2.bitloom"), fs::copy_options::recursive);
        fs::rename(path("lenet5.pth"), path("moved.pth"));
        const ProgramRun lost = run("resume moved.bitloom");
        const ProgramRun resumed = run("resume moved.bitloom --model arch:lenet5@moved.pth");
        std::string command = longSearch("moved2.bitloom");
        command.replace(command.find("lenet5.pth"), 10, "moved.pth");
        const ProgramRun searched = run(command);
        fs::rename(path("moved.pth"), path("lenet5.pth"));
        QCOMPARE(lost.exitCode, 1);
        QVERIFY2(lost.err.contains("lenet5.pth"), lost.err.constData());
        for (const ProgramRun& done : {resumed, searched}) {
            QVERIFY2(done.exitCode == 0, done.err.constData());
            QVERIFY2(done.err.contains("continuing the run"), done.err.constData());
        }
    }

    void severalStoppedRunsAreAskedAbout()
    {
        fs::copy(path("killed.bitloom"), path("two.bitloom"), fs::copy_options::recursive);
        fs::copy(runFile("two.bitloom"), runFile("two.bitloom", "other"));
        const ProgramRun which = run("resume two.bitloom");
        QCOMPARE(which.exitCode, 1);
        QVERIFY2(which.err.contains("--run which of bayesian-bits and other"),
                 which.err.constData());
        const ProgramRun unknown = run("resume two.bitloom --run third");
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY2(unknown.err.contains("no run 'third'"), unknown.err.constData());
        QCOMPARE(run("resume two.bitloom --run other").exitCode, 0);
        QCOMPARE(runNamed("two.bitloom", "other")["state"], json("finished"));
        QCOMPARE(runNamed("two.bitloom")["state"], json("stopped"));
    }

    void watchFollowsToTheEnd()
    {
        QProcess searching;
        start(searching, longSearch("watched.bitloom"));
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(path("watched.bitloom") / "project.json"), kPatienceMs);
        QProcess lines;
        start(lines, "watch watched.bitloom");
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(eventsFile("watched.bitloom")), kPatienceMs);
        QCOMPARE(runNamed("watched.bitloom")["state"], json("running"));
        const ProgramRun events = run("watch watched.bitloom --run bayesian-bits --json");
        QVERIFY(searching.waitForFinished(kPatienceMs) && lines.waitForFinished(kPatienceMs));
        QCOMPARE(searching.exitCode(), 0);

        QCOMPARE(lines.exitCode(), 0);
        const QByteArray text = lines.readAllStandardOutput();
        QCOMPARE(text.count("% top-1 at"), 13); // an evaluation per epoch, and the end
        QVERIFY2(text.contains("finished: "), text.constData());
        QVERIFY(lines.readAllStandardError().contains("epoch 2 of 12"));

        QCOMPARE(events.exitCode, 0);
        WatchedRun followed;
        std::istringstream said(events.out.toStdString());
        for (std::string line; std::getline(said, line);) {
            followed.apply(eventFromJsonLine(line));
        }
        QVERIFY(followed.state == WatchedRun::State::Finished);
        QVERIFY(sameHistory(followed.history, watched("watched.bitloom").history));
    }

    void whoWatchesStopsNobody()
    {
        QProcess searching;
        start(searching, longSearch("unwatched.bitloom"));
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(eventsFile("unwatched.bitloom")), kPatienceMs);
        QProcess watching;
        start(watching, "watch unwatched.bitloom --run bayesian-bits --json");
        QVERIFY(watching.waitForReadyRead(kPatienceMs));
        ::kill(static_cast<pid_t>(watching.processId()), SIGINT);
        QVERIFY(watching.waitForFinished(kPatienceMs));
        QCOMPARE(watching.exitCode(), 3);
        QCOMPARE(searching.state(), QProcess::Running);
        QVERIFY(searching.waitForFinished(kPatienceMs));
        QCOMPARE(searching.exitCode(), 0);
    }

    void watchTellsHowARunEnded()
    {
        const ProgramRun finished = run("watch done.bitloom --run bayesian-bits");
        QCOMPARE(finished.exitCode, 0);
        QVERIFY(finished.out.contains("finished: "));
        const ProgramRun killed = run("watch killed.bitloom --run bayesian-bits");
        QCOMPARE(killed.exitCode, 1);
        QVERIFY2(killed.err.contains("bitloom resume killed.bitloom --run bayesian-bits"),
                 killed.err.constData());
        fs::copy(path("done.bitloom"), path("silent.bitloom"), fs::copy_options::recursive);
        fs::remove(eventsFile("silent.bitloom"));
        const ProgramRun silent = run("watch silent.bitloom --run bayesian-bits");
        QCOMPARE(silent.exitCode, 1);
        QVERIFY2(silent.err.contains("bitloom runs silent.bitloom"), silent.err.constData());
        QCOMPARE(runNamed("silent.bitloom")["state"], json("finished"));
        const ProgramRun none = run("watch killed.bitloom");
        QCOMPARE(none.exitCode, 1);
        QVERIFY2(none.err.contains("bayesian-bits (stopped)"), none.err.constData());
    }

    void aRunThatFailsIsNoSuccess()
    {
        const ProgramRun failed = run(search("nan.bitloom", "--weight-decay 1e38"));
        QCOMPARE(failed.exitCode, 1);
        QVERIFY2(failed.err.contains("became"), failed.err.constData());
        const json kept = runNamed("nan.bitloom");
        QCOMPARE(kept["state"], json("failed"));
        QVERIFY(kept["failure"].get<std::string>().find("became") != std::string::npos);
        const ProgramRun watch = run("watch nan.bitloom --run bayesian-bits");
        QCOMPARE(watch.exitCode, 1);
        QVERIFY2(watch.err.contains("became"), watch.err.constData());
        QCOMPARE(run("resume nan.bitloom").exitCode, 1); // the same steps end the same
    }

    void theSecondProcessIsToldWhoHoldsTheProject_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("search") << QString::fromStdString(search("held.bitloom"));
        QTest::newRow("resume") << "resume held.bitloom";
        QTest::newRow("sweep") << "sweep bayesian-bits arch:lenet5 --data digits:128 --preset "
                                  "quick --lambda 1,2 -o held.bitloom";
    }
    void theSecondProcessIsToldWhoHoldsTheProject()
    {
        QFETCH(QString, command);
        if (!fs::exists(path("held.bitloom"))) {
            fs::copy(path("killed.bitloom"), path("held.bitloom"), fs::copy_options::recursive);
        }
        const std::string before = readFile(eventsFile("held.bitloom"));
        const auto lock = FileLock::take(path("held.bitloom") / ".lock", {});
        QVERIFY(lock.has_value());
        const ProgramRun second = run(command.toStdString());
        QCOMPARE(second.exitCode, 1);
        const QByteArray holder =
            "process " + QByteArray::number(QCoreApplication::applicationPid());
        QVERIFY2(second.err.contains(holder), second.err.constData());
        QCOMPARE(readFile(eventsFile("held.bitloom")), before);
        QCOMPARE(run("runs held.bitloom").exitCode, 0); // looking is always possible
    }

    void sweepsMakeOneFrontier()
    {
        const std::string sweep =
            "sweep bayesian-bits arch:lenet5@lenet5.pth --data digits:128 --preset quick --epochs "
            "1 "
            "--train-batch-size 32 --threads 1 --lambda 0.01,1 -o sweep.bitloom";
        const json done = result(sweep);
        QCOMPARE(done["option"], json("lambda"));
        QCOMPARE(done["runs"].size(), std::size_t{2});
        QCOMPARE(done["runs"][0]["name"], json("bayesian-bits-lambda-0.01"));
        QCOMPARE(done["runs"][1]["value"], json(1));
        bool anyOnFrontier = false;
        for (const json& one : done["runs"]) {
            QVERIFY(one["result"]["sheet"]["verified"].get<bool>());
            QCOMPARE(one["point"]["top1_percent"], one["result"]["top1_percent"]);
            anyOnFrontier = anyOnFrontier || one["on_frontier"].get<bool>();
        }
        QVERIFY(anyOnFrontier);
        const json points = json::parse(readFile(path("sweep.bitloom") / "points.json"));
        QCOMPARE(points.size(), std::size_t{2});
        // Each is the run that a search alone makes.
        const json alone = result(search("alone.bitloom", "--lambda 1"));
        QCOMPARE(alone["plan"]["layers"], done["runs"][1]["result"]["plan"]["layers"]);
        QCOMPARE(alone["top1_percent"], done["runs"][1]["result"]["top1_percent"]);
        // Finished runs are taken as they are.
        const ProgramRun again = run(sweep + " --json");
        QCOMPARE(again.exitCode, 0);
        QCOMPARE(again.err.count("finished already"), 2);
        QCOMPARE(again.json(), done);
        QVERIFY(run(sweep).out.contains("frontier"));
        const json measured = result("frontier sweep.bitloom")["measured"];
        QCOMPARE(measured.size(), std::size_t{2});
        QVERIFY(measured[0]["bops"] <= measured[1]["bops"]);
        QVERIFY(measured[0]["on_frontier"].get<bool>());
        QVERIFY(run("frontier sweep.bitloom").out.contains("bayesian-bits-lambda-0.01"));
        // The page of the project shows them.
        QVERIFY(!result("report sweep.bitloom -o sweep.html --pictures .").empty());
        const std::string page = readFile(path("sweep.html"));
        for (const char* text : {"bayesian-bits-lambda-0.01", "bayesian-bits-lambda-1"}) {
            QVERIFY2(page.find(text) != std::string::npos, text);
        }
        QVERIFY(page.find("id=\"searches\"") != std::string::npos);
        QVERIFY(readFile(path("frontier.svg")).find("bayesian-bits-lambda-1") != std::string::npos);
    }

    void aSweepGoesOnWhereItWasStopped()
    {
        const std::string sweep =
            "sweep bayesian-bits arch:lenet5@lenet5.pth --data digits:128 --preset quick --epochs "
            "4 "
            "--train-batch-size 32 --threads 1 --lambda 0.1,0.2 -o cut.bitloom --json";
        QProcess process;
        start(process, sweep);
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(runFile("cut.bitloom", "bayesian-bits-lambda-0.2")),
                                 kPatienceMs);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kPatienceMs));
        QCOMPARE(process.exitCode(), 3);
        const json part = json::parse(process.readAllStandardOutput().toStdString());
        QVERIFY(part["runs"][0].contains("result") && !part["runs"][1].contains("result"));
        const ProgramRun whole = run(sweep);
        QCOMPARE(whole.exitCode, 0);
        QVERIFY2(whole.err.contains("finished already"), whole.err.constData());
        QCOMPARE(whole.json()["runs"][0]["result"], part["runs"][0]["result"]);
        QVERIFY(whole.json()["runs"][1].contains("result"));
    }

    void aValueThatFailsDoesNotStopTheOthers()
    {
        const std::string sweep =
            "sweep bayesian-bits arch:lenet5@lenet5.pth --data digits:128 --preset quick --epochs "
            "1 "
            "--train-batch-size 32 --weight-decay 1e38,0 -o some.bitloom";
        const ProgramRun some = run(sweep);
        QCOMPARE(some.exitCode, 1);
        QVERIFY2(some.err.contains("1 of 2 runs failed") && some.err.contains("became"),
                 some.err.constData());
        QVERIFY2(some.out.contains("failed") && some.out.contains("frontier"),
                 some.out.constData());
        QVERIFY(run(sweep + " --json").json().contains("error"));
    }

    void theDemoSearchesToo()
    {
        const json demo = result("demo --images 500 --epochs 1 -o demo.bitloom");
        QVERIFY(demo["verified"].get<bool>() && demo["search"]["sheet"]["verified"].get<bool>());
        QCOMPARE(runNamed("demo.bitloom")["state"], json("finished"));
        bool isMeasured = false;
        const json frontier = result("frontier demo.bitloom");
        for (const json& point : frontier["measured"]) {
            isMeasured = isMeasured || (point["label"] == json("bayesian-bits") &&
                                        point["top1_percent"] == demo["search"]["top1_percent"]);
        }
        QVERIFY(isMeasured);
        const std::string page = readFile(path("demo.bitloom") / "report.html");
        QVERIFY(page.find("id=\"searches\"") != std::string::npos);
        QVERIFY(page.find("bitloom search bayesian-bits") != std::string::npos);
        // The page is about the plan for the budget, which was packed, and not about the search.
        QCOMPARE(json::parse(readFile(path("demo.bitloom") / "packed.json"))["plan"]["name"],
                 json("budget"));
    }

    void sweepsRefuse_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("nothing to sweep") << ""
                                          << "no option has several values";
        QTest::newRow("one value") << "--lambda 0.1"
                                   << "no option has several values";
        QTest::newRow("two options") << "--lambda 1,2 --epochs 1,2"
                                     << "--lambda and --epochs have several values";
        QTest::newRow("a value twice") << "--lambda 0.1,0.10"
                                       << "the value 0.1 twice";
        QTest::newRow("a value out of range") << "--lambda 0.1,-1"
                                              << "found '-1', expected a number of at least 0";
        QTest::newRow("an empty value") << "--lambda 0.1,,1"
                                        << "found ''";
        QTest::newRow("no number") << "--optimizer adam,sgd"
                                   << "found 'adam,sgd'";
        QTest::newRow("no project") << "--lambda 1,2"
                                    << "";
    }
    void sweepsRefuse()
    {
        QFETCH(QString, options);
        QFETCH(QString, sentence);
        const ProgramRun refused =
            run("sweep bayesian-bits arch:lenet5 --data digits:128 " + options.toStdString() +
                (sentence.isEmpty() ? "" : " -o no.bitloom"));
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains(sentence.toUtf8()), refused.err.constData());
        QVERIFY(!fs::exists(path("no.bitloom")));
    }
};

} // namespace bitloom::test

using bitloom::test::TestCliRuns;
QTEST_GUILESS_MAIN(TestCliRuns)
#include "tst_cli_runs.moc"
