// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/sanitizers.h"
#include "core/engine/engine.h"
#include "core/engine/project_runs.h"
#include "core/types/run_history.h"
#include "core/types/run_paths.h"
#include "tests/core/engine/search_test.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

using namespace bitloom;
using namespace bitloom::engine;
using nlohmann::json;
namespace fs = std::filesystem;

/// What a run says, keeps and obeys.
class TestSearchJob : public test::SearchTest {
    Q_OBJECT

private Q_SLOTS:
    /// A packed file tells when it was made: so that equal ones have equal bytes.
    void initTestCase() { QVERIFY(qputenv("SOURCE_DATE_EPOCH", "1700000000")); }

    void theHistoryIsSaidAndComplete()
    {
        const std::vector<EventPtr> events = run(job("history"));
        QVERIFY(!resultOf(events).empty());
        const RunHistory history = test::heard(events);
        using Steps = std::vector<std::int64_t>;
        const auto stepsOf = [&](const char* name) {
            const HistorySeries* series = history.find(name);
            return series == nullptr ? Steps() : series->steps;
        };
        // 96 images in batches of 32: three steps an epoch, every second is recorded.
        QCOMPARE(stepsOf("losses"), (Steps{2, 4, 6}));
        QCOMPARE(stepsOf("learning_rates"), (Steps{2, 4, 6}));
        QCOMPARE(stepsOf("gate_probabilities"), (Steps{0, 2, 4, 6}));
        QCOMPARE(stepsOf("ranges"), (Steps{0, 2, 4, 6}));
        QCOMPARE(stepsOf("evaluation"), (Steps{3, 6}));
        QCOMPARE(stepsOf("channel_probabilities"), (Steps{3, 6}));
        QCOMPARE(stepsOf("tensor_ranges"), (Steps{3, 6}));
        // LeNet-5 prunes 32, 64 and 512 channels; 4 weights and 3 activations have a quantizer.
        QCOMPARE(history.find("channel_probabilities")->columns.size(), std::size_t{608});
        QCOMPARE(history.find("tensor_ranges")->columns.size(), std::size_t{21});
    }

    void withoutPruningThereAreNoChannels()
    {
        const RunHistory history = test::heard(
            run(job("whole", {{"include-pruning", false}, {"epochs", std::int64_t{1}}})));
        QCOMPARE(history.find("evaluation")->rows(), std::size_t{1});
        QVERIFY(history.find("channel_probabilities") == nullptr);
    }

    void warningsAreSaidWhenTheyArise()
    {
        // Gates that fall fast: channels and bits go within a few steps.
        const SearchJob asked = job("warned", {{"learning-rate-q", 2.0}, {"lambda", 10.0}});
        const std::vector<EventPtr> events = run(asked);
        const RunHistory history = test::heard(events);
        std::vector<std::string> expected;
        for (const RunWarning& warning : runWarnings(asked.method, history)) {
            expected.push_back("step " + std::to_string(warning.step) + ": " + warning.sentence);
        }
        std::vector<std::string> said;
        bool hasWarned = false;
        std::int64_t step = 0; // of the newest row
        for (const EventPtr& event : events) {
            if (const auto* row = std::get_if<SeriesRow>(&event->body)) {
                step = row->step;
            }
            const auto* line = std::get_if<LogLine>(&event->body);
            const std::string text = line == nullptr ? std::string() : textOf(line->text);
            if (!text.starts_with("step ")) {
                continue;
            }
            said.push_back(text);
            QVERIFY(std::stoll(text.substr(5)) <= step);
            const bool isAbsorbed = text.find("from here on") != std::string::npos;
            QCOMPARE(line->level == LogLine::Level::Info, isAbsorbed);
            hasWarned = hasWarned || !isAbsorbed;
        }
        QCOMPARE(said, expected);
        QVERIFY(hasWarned);
    }

    void lockedLayersStay()
    {
        // A price at which everything would fall to 2 bits and no channel would be left.
        const json done = parsed(
            resultOf(run(job("locked", {{"learning-rate-q", 2.0},
                                        {"lambda", 10.0},
                                        {"lock", std::string("features.0=8/-/keep,features.3=4/16,"
                                                             "classifier.0=keep")}}))));
        const auto layer = [&](std::size_t index) { return done.at("layers").at(index); };
        QCOMPARE(layer(0)["weight_bits"], json(8));
        QCOMPARE(layer(0)["kept_percent"], json(100.0));
        QCOMPARE(layer(1)["weight_bits"], json(4));
        QCOMPARE(layer(1)["activation_bits"], json(16));
        QVERIFY(layer(1)["kept_percent"] < 100.0);
        QCOMPARE(layer(2)["weight_bits"], json(2)); // not locked
        QCOMPARE(layer(2)["kept_percent"], json(100.0));
    }

    void locksThatCannotBe_data()
    {
        QTest::addColumn<QString>("lock");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no such layer")
            << "features.1=8/8"
            << "the model has no layer 'features.1' to lock; the nearest are features.";
        QTest::newRow("bits of no quantizer")
            << "features.3=5/8"
            << "cannot be locked to 5 bits; the quantizers have 2, 4, 8, 16";
        QTest::newRow("the input") << "features.0=8/8"
                                   << "reads the network's input, which counts as 8-bit data";
        QTest::newRow("two widths") << "features.3=8/8,features.3=4/-"
                                    << "is locked to 4 bits where 'features.3' has a lock to 8";
    }
    void locksThatCannotBe()
    {
        QFETCH(QString, lock);
        QFETCH(QString, sentence);
        const SearchJob asked = job("refused", {{"lock", lock.toStdString()}});
        const std::string failure = failureOf(run(asked));
        QVERIFY2(failure.starts_with("invalid_argument") &&
                     failure.find(sentence.toStdString()) != std::string::npos,
                 failure.c_str());
        QVERIFY(!fs::exists(asked.runFile)); // before anything started
    }

    /// An order that was followed is in the file before the next step: a run that is killed goes on
    /// with it, to the same bytes.
    void steeringIsKept()
    {
        const auto asked = [&](const std::string& name) {
            return job(name, {{"log-every", std::int64_t{1}}});
        };
        const auto steered = [&](const Event& event) {
            if (isRow(event, "losses", 1)) {
                SearchOrders orders;
                orders.locks = parseLayerLocks("features.3=8/8,classifier.0=16/-/keep");
                m_engine.steer(event.job, orders);
            }
        };
        const SearchJob whole = asked("steered");
        const json done = parsed(resultOf(run(whole, steered)));
        QCOMPARE(done["layers"][2]["weight_bits"], json(16));
        QCOMPARE(done["orders"][0]["step"], json(1));
        QCOMPARE(done["orders"][0]["locks"], json("features.3=8/8,classifier.0=16/-/keep"));

        const SearchJob part = asked("part");
        const std::string kept = part.runFile + ".kept";
        std::ignore = run(part, [&](const Event& event) {
            steered(event);
            if (isRow(event, "losses", 2)) { // what a kill here would have left behind
                fs::copy_file(part.runFile, kept);
                m_engine.cancel(event.job);
            }
        });
        QVERIFY(!fs::exists(part.output));
        fs::rename(kept, part.runFile);
        const std::vector<EventPtr> events = run(part);
        QVERIFY(isSaid(events, "after step 1")); // in the middle of the first epoch
        QCOMPARE(parsed(resultOf(events))["orders"], done["orders"]);
        QCOMPARE(test::readFile(part.output), test::readFile(whole.output));
    }

    /// Any of them goes on as the run that it was taken from went on.
    void eachEpochIsKeptWhereThatIsAskedFor()
    {
        const auto asked = [&](const std::string& name) {
            return job(name, {{"save-checkpoints", true},
                              {"fixed-gate-finetune-epochs", std::int64_t{1}}});
        };
        const SearchJob whole = asked("kept epochs");
        QVERIFY(!resultOf(run(whole)).empty());
        std::set<std::string> files;
        for (const auto& entry :
             fs::directory_iterator(runCheckpointPath(whole.runFile, "any").parent_path())) {
            files.insert(entry.path().filename().string());
        }
        QCOMPARE(files, (std::set<std::string>{"epoch-1.run.h5", "epoch-2.run.h5",
                                               "fine-tuning-1.run.h5"}));
        const SearchJob again = asked("from an epoch");
        fs::copy_file(runCheckpointPath(whole.runFile, "epoch-1"), again.runFile);
        const std::vector<EventPtr> events = run(again);
        QVERIFY(isSaid(events, "after step 3"));
        QCOMPARE(test::readFile(again.output), test::readFile(whole.output));
    }

    void ordersThatCannotBeFollowedAreSaid()
    {
        const std::vector<EventPtr> events = run(job("unsteered"), [&](const Event& event) {
            if (isRow(event, "losses", 2)) {
                m_engine.steer(event.job, {parseLayerLocks("nowhere=8/8"), false});
            }
        });
        QVERIFY(isSaid(events, "step 2: the order is not followed: the model has no layer"));
        QVERIFY(!parsed(resultOf(events)).contains("orders"));
    }

    void aLossThatFailsNamesTheLastGoodState()
    {
        const SearchJob asked =
            job("failed",
                {{"learning-rate", 1e30}, {"weight-decay", 1e-4}, {"epochs", std::int64_t{1}}});
        const std::string failure = failureOf(run(asked));
        QVERIFY2(failure.starts_with("non_finite: the loss became "), failure.c_str());
        QVERIFY2(failure.find(" in step ") != std::string::npos, failure.c_str());
        QVERIFY2(failure.find("the last good state, after step 0, is in " + asked.runFile) !=
                     std::string::npos,
                 failure.c_str());
        QVERIFY(fs::exists(asked.runFile));
    }

    void lessDataThanABatch()
    {
        SearchJob asked = job("few", {{"train-batch-size", std::int64_t{512}}});
        asked.data.limit = 5;
        const json done = parsed(resultOf(run(asked)));
        QCOMPARE(done["steps"], json(2));
    }

    /// The folder goes away as a full disk would: nothing can be written for a while.
    void aRunWaitsUntilItCanWriteAgain()
    {
        const SearchJob whole = job("undisturbed");
        QVERIFY(!resultOf(run(whole)).empty());
        SearchJob asked = job("disturbed");
        const fs::path folder = m_folder.filePath("disk").toStdString();
        fs::create_directory(folder);
        asked.runFile = folder / "searched.run.h5";
        bool wasPaused = false;
        const std::vector<EventPtr> events = run(asked, [&](const Event& event) {
            const auto* line = std::get_if<LogLine>(&event.body);
            if (isRow(event, "losses", 2)) {
                fs::rename(folder, folder.string() + " away");
            } else if (line != nullptr &&
                       textOf(line->text).find("the run is paused and nothing is lost") !=
                           std::string::npos) {
                wasPaused = true;
                fs::rename(folder.string() + " away", folder);
            }
        });
        QVERIFY(wasPaused);
        QVERIFY(isSaid(events, "written; the run goes on"));
        std::vector<std::string> pauses;
        for (const EventPtr& event : events) {
            if (const auto* paused = std::get_if<JobPaused>(&event->body)) {
                pauses.push_back(paused->reason);
            } else if (std::holds_alternative<JobResumed>(event->body)) {
                pauses.push_back("resumed");
            }
        }
        QCOMPARE(pauses.size(), std::size_t{2});
        QVERIFY2(pauses[0].find("searched.run.h5") != std::string::npos, pauses[0].c_str());
        QCOMPARE(pauses[1], std::string("resumed"));
        QVERIFY(!resultOf(events).empty());
        QCOMPARE(test::readFile(asked.output), test::readFile(whole.output));
    }

    /// Address space for one step of the asked size is missing, for half of it there is enough.
    void batchesAreHalvedOnceWithoutMemory()
    {
        if (kSanitized) {
            QSKIP("sanitizers reserve address space of their own");
        }
        // What a step of LeNet-5 takes beyond the model, as measured.
        constexpr std::int64_t kImages = 4096;
        constexpr double kBytesPerImage = 0.255e6;
        SearchJob asked = job("large", {{"train-batch-size", kImages},
                                        {"epochs", std::int64_t{1}},
                                        {"calibration-batches", std::int64_t{1}}});
        asked.data.spec = "digits:" + std::to_string(kImages);
        asked.data.batchSize = 64;
        // What the first run of a process sets up, stacks of threads above all, is no part of a
        // step.
        QVERIFY(!resultOf(run(job("small"))).empty());
        std::ifstream status("/proc/self/statm");
        std::int64_t pages = 0;
        status >> pages;
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_AS, &before), 0);
        rlimit tight = before;
        tight.rlim_cur = static_cast<rlim_t>(static_cast<double>(pages) * 4096 +
                                             0.75 * static_cast<double>(kImages) * kBytesPerImage);
        QCOMPARE(setrlimit(RLIMIT_AS, &tight), 0);
        const std::vector<EventPtr> events = run(asked);
        QCOMPARE(setrlimit(RLIMIT_AS, &before), 0);
        QVERIFY(isSaid(events, "the run goes on with 2048"));
        // Who listens is told where the history goes on, and no series twice.
        std::map<std::string, int> declared;
        std::vector<std::int64_t> cuts;
        for (const EventPtr& event : events) {
            if (const auto* series = std::get_if<SeriesDeclared>(&event->body)) {
                ++declared[series->name];
            } else if (const auto* cut = std::get_if<HistoryCut>(&event->body)) {
                cuts.push_back(cut->step);
            }
        }
        QVERIFY(std::ranges::all_of(declared, [](const auto& each) { return each.second == 1; }));
        QCOMPARE(cuts, std::vector<std::int64_t>{0});
        const RunHistory told = test::heard(events);
        const RunHistory kept = readKeptRun(asked.runFile).history;
        QCOMPARE(told.series.size(), kept.series.size());
        for (const HistorySeries& series : told.series) {
            const HistorySeries* const there = kept.find(series.name);
            QVERIFY2(there != nullptr, series.name.c_str());
            QCOMPARE(series.steps, there->steps);
        }
        const json done = parsed(resultOf(events));
        QCOMPARE(done["train_batch_size"], json(2048));
        QCOMPARE(done["steps"], json(2));
    }
};

QTEST_GUILESS_MAIN(TestSearchJob)
#include "tst_search_job.moc"
