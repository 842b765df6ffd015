// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/sanitizers.h"
#include "core/engine/engine.h"
#include "core/engine/method_catalog.h"
#include "core/engine/project_runs.h"
#include "core/io/model_file.h"
#include "core/io/run_file.h"
#include "core/io/state/state_dict.h"
#include "core/types/run_history.h"
#include "core/types/run_paths.h"
#include "core/types/search_result.h"
#include "tests/core/methods/bayesian_bits/published_lenet.h"
#include "tests/support/test_support.h"

#include <ATen/ops/equal.h>
#include <nlohmann/json.hpp>

#include <QTemporaryDir>

#include <sys/resource.h>
#include <sys/time.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <set>

using namespace bitloom;
using namespace bitloom::engine;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

class AllEvents : public EventSink {
public:
    /// Called with each event, on the job's thread: what it does to the job happens at this place
    /// of the run in each repetition.
    std::function<void(const Event&)> onEvent = [](const Event&) {};

    void post(EventPtr event) override
    {
        onEvent(*event);
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(event));
    }
    std::vector<EventPtr> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_events, {});
    }

private:
    std::mutex m_mutex;
    std::vector<EventPtr> m_events;
};

/// The history as somebody sees it who only listens.
RunHistory heard(const std::vector<EventPtr>& events)
{
    RunHistory history;
    for (const EventPtr& event : events) {
        if (const auto* declared = std::get_if<SeriesDeclared>(&event->body)) {
            std::erase_if(history.series, [&](const HistorySeries& known) {
                return known.name == declared->name; // it begins anew
            });
            history.declare(declared->name, declared->columns);
        } else if (const auto* cut = std::get_if<HistoryCut>(&event->body)) {
            history.cutAfter(cut->step);
        } else if (const auto* row = std::get_if<SeriesRow>(&event->body)) {
            history.append(row->name, row->step, row->values);
        }
    }
    return history;
}

} // namespace

/// Searches through the engine's front door.
class TestSearchJob : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<AllEvents> m_sink = std::make_shared<AllEvents>();
    Engine m_engine{{1}, m_sink};

    SearchJob job(const std::string& name,
                  std::initializer_list<std::pair<const char*, OptionValue>> said = {}) const
    {
        SearchJob job;
        job.method = "bayesian-bits";
        job.model = {"arch:lenet5", {}};
        job.data.spec = "digits:96";
        job.data.batchSize = 32;
        const OptionSchema& schema = *methodNamed(job.method).options;
        OptionValues values;
        values.set("epochs", std::int64_t{2});
        values.set("train-batch-size", std::int64_t{32});
        values.set("log-every", std::int64_t{2});
        for (const auto& [option, value] : said) {
            values.set(option, value);
        }
        job.options = schema.completed(schema.preset("quick"), values);
        // A folder each: the plan in the packed file has the file's name.
        const fs::path folder = m_folder.filePath(QString::fromStdString(name)).toStdString();
        fs::create_directories(folder);
        job.runFile = folder / "searched.run.h5";
        job.output = folder / "searched.h5";
        return job;
    }
    std::vector<EventPtr> run(JobSpec job, std::function<void(const Event&)> onEvent = {})
    {
        JobRequest request;
        request.spec = std::move(job);
        m_sink->onEvent = onEvent ? std::move(onEvent) : [](const Event&) {};
        m_engine.wait(m_engine.submit(std::move(request)));
        return m_sink->take();
    }
    static bool isRow(const Event& event, const char* series, std::int64_t step)
    {
        const auto* row = std::get_if<SeriesRow>(&event.body);
        return row != nullptr && row->name == series && row->step == step;
    }
    static bool isSaid(const std::vector<EventPtr>& events, const std::string& text)
    {
        return std::ranges::any_of(events, [&](const EventPtr& event) {
            const auto* line = std::get_if<LogLine>(&event->body);
            return line != nullptr && line->text.find(text) != std::string::npos;
        });
    }
    static io::StateDict weightsOf(const LoadedModel& model)
    {
        io::StateDict state;
        for (const graph::Parameter& parameter : model.graph->parameters()) {
            state.tensors.emplace_back(parameter.name, parameter.tensor);
        }
        return state;
    }
    static std::string failureOf(const std::vector<EventPtr>& events)
    {
        const auto* failed = std::get_if<JobFailed>(&events.back()->body);
        return failed == nullptr ? "it did not fail" : failed->code + ": " + failed->message;
    }
    static json parsed(const std::string& result)
    {
        return json::parse(result.empty() ? "{}" : result);
    }
    static std::string resultOf(const std::vector<EventPtr>& events)
    {
        if (const auto* failed = std::get_if<JobFailed>(&events.back()->body)) {
            qWarning("%s", failed->message.c_str());
        }
        const auto* finished = std::get_if<JobFinished>(&events.back()->body);
        return finished == nullptr ? std::string() : finished->result;
    }

private Q_SLOTS:
    /// A packed file tells when it was made: so that equal ones have equal bytes.
    void initTestCase() { QVERIFY(qputenv("SOURCE_DATE_EPOCH", "1700000000")); }

    void theHistoryIsSaidAndComplete()
    {
        const std::vector<EventPtr> events = run(job("history"));
        QVERIFY(!resultOf(events).empty());
        const RunHistory history = heard(events);
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
        const RunHistory history =
            heard(run(job("whole", {{"include-pruning", false}, {"epochs", std::int64_t{1}}})));
        QCOMPARE(history.find("evaluation")->rows(), std::size_t{1});
        QVERIFY(history.find("channel_probabilities") == nullptr);
    }

    void warningsAreSaidWhenTheyArise()
    {
        // Gates that fall fast: channels and bits go within a few steps.
        const SearchJob asked = job("warned", {{"learning-rate-q", 2.0}, {"lambda", 10.0}});
        const std::vector<EventPtr> events = run(asked);
        const RunHistory history = heard(events);
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
            if (line == nullptr || !line->text.starts_with("step ")) {
                continue;
            }
            said.push_back(line->text);
            QVERIFY(std::stoll(line->text.substr(5)) <= step);
            const bool isAbsorbed = line->text.find("from here on") != std::string::npos;
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

    /// Points of the frontier beside the search's own.
    void sensitivityBaseline()
    {
        const json done =
            parsed(resultOf(run(job("baseline", {{"naive-25-baseline", std::string("4,8")}}))));
        const SearchResult result = searchResultFromJson(done.dump());
        QCOMPARE(result.baseline.size(), std::size_t{1 + 2 * 7}); // LeNet-5 has 7 quantizers
        QCOMPARE(result.baseline.front().label, std::string("baseline: 16 bits"));
        QVERIFY(result.baseline.back().label.ends_with(" to 4 bits"));
        for (std::size_t i = 1; i < result.baseline.size(); ++i) {
            QVERIFY(result.baseline[i].bops <= result.baseline[i - 1].bops);
            QVERIFY(result.baseline[i].bytes <= result.baseline[i - 1].bytes);
        }
        QVERIFY(result.baseline.back().bytes < result.baseline.front().bytes);
        QVERIFY(*result.baseline.front().top1Percent >= 0);
        const std::vector<FrontierPoint> points = pointsOf(result, "run");
        QCOMPARE(points.size(), 1 + result.baseline.size());
        QCOMPARE(points[1].label, std::string("run, baseline: 16 bits"));
        QCOMPARE(parsed(toJson(result))["baseline"], done["baseline"]);
    }

    void frozenGatesEndTheSearch()
    {
        const auto freeze = [&](const Event& event) {
            if (isRow(event, "losses", 2)) {
                m_engine.steer(event.job, {{}, true});
            }
        };
        const json done = parsed(resultOf(run(job("frozen"), freeze)));
        QCOMPARE(done["steps"], json(2)); // of six
        QCOMPARE(done["orders"][0]["freeze_gates"], json(true));

        const std::vector<EventPtr> events =
            run(job("tuned early", {{"fixed-gate-finetune-epochs", std::int64_t{1}}}), freeze);
        const json tuned = parsed(resultOf(events));
        QCOMPARE(tuned["steps"], json(5)); // and three of fine-tuning
        QCOMPARE(tuned["layers"].size(), done["layers"].size());
        for (std::size_t i = 0; i < done["layers"].size(); ++i) {
            for (const char* figure : {"name", "weight_bits", "activation_bits", "kept_percent"}) {
                QCOMPARE(tuned["layers"][i][figure], done["layers"][i][figure]);
            }
        }
        const RunHistory history = heard(events);
        QCOMPARE(history.find("stages")->steps, (std::vector<std::int64_t>{0, 2}));
        QCOMPARE(history.find("evaluation")->steps, (std::vector<std::int64_t>{2, 5}));
    }

    /// The second stage on the generated digits: same gates, better weights, and it goes on in the
    /// middle of it.
    void fineTuning()
    {
        const auto tuned = [&](const std::string& name) {
            return job(name, {{"fixed-gate-finetune-epochs", std::int64_t{3}},
                              {"fixed-gate-finetune-learning-rate", 1e-2},
                              {"epochs", std::int64_t{3}}});
        };
        const SearchJob whole = tuned("tuned");
        const std::vector<EventPtr> events = run(whole);
        const json done = parsed(resultOf(events));
        const RunHistory history = heard(events);
        QCOMPARE(done["steps"], json(18));
        QCOMPARE(done["fine_tuning_epochs"], json(3));
        QCOMPARE(history.find("stages")->steps, (std::vector<std::int64_t>{0, 9}));
        QCOMPARE(history.find("evaluation")->steps,
                 (std::vector<std::int64_t>{3, 6, 9, 12, 15, 18}));
        const HistorySeries& stages = *history.find("stages");
        QCOMPARE(json(stages.row(1)[1]), done["top1_percent_before_fine_tuning"]);
        // Gates are decided: all rows of the second stage are alike, each gate open or closed.
        const HistorySeries& gates = *history.find("gate_probabilities");
        const auto last = gates.row(gates.rows() - 1);
        QVERIFY(std::ranges::equal(last, gates.row(gates.rows() - 2)));
        QVERIFY(std::ranges::all_of(last.subspan(1, 4),
                                    [](float p) { return p < 1e-6F || p > 1 - 1e-6F; }));
        const HistorySeries& layers = *history.find("layers");
        QVERIFY(std::ranges::equal(layers.row(3), layers.row(5)));
        for (std::size_t column = 0; column < layers.columns.size(); ++column) {
            // The gates' price is that of what was decided now, no longer an expectation.
            QVERIFY(layers.columns[column].ends_with("/regulariser") ||
                    layers.row(2)[column] == layers.row(5)[column]);
        }
        // Rates fall along the cosine; those of gates do not count.
        const HistorySeries& rates = *history.find("learning_rates");
        QVERIFY(rates.row(rates.rows() - 1)[0] < 1e-3F);
        // Cross-entropy on the training images falls; two batches of an epoch each.
        const HistorySeries& losses = *history.find("losses");
        const auto crossEntropyFrom = [&](std::int64_t step) {
            const auto found = static_cast<std::size_t>(std::ranges::find(losses.steps, step) -
                                                        losses.steps.begin());
            return losses.row(found)[1] + losses.row(found + 1)[1];
        };
        QVERIFY2(crossEntropyFrom(16) < crossEntropyFrom(10),
                 std::to_string(crossEntropyFrom(16)).c_str());

        const SearchJob part = tuned("tuned part");
        std::ignore = run(part, [&](const Event& event) {
            if (isRow(event, "losses", 14)) {
                m_engine.cancel(event.job);
            }
        });
        const std::vector<EventPtr> rest = run(part);
        QVERIFY(isSaid(rest, "after step 14"));
        QCOMPARE(parsed(resultOf(rest))["top1_percent"], done["top1_percent"]);
        QCOMPARE(test::readFile(part.output), test::readFile(whole.output));
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
                       line->text.find("the run is paused and nothing is lost") !=
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

    /// A run that takes over what the published program saved: evaluated, packed and proven as it
    /// is, or trained on.
    void fromAPublishedCheckpoint()
    {
        const fs::path folder = m_folder.path().toStdString();
        const LoadedModel model = openModel("arch:lenet5", {}, 99);
        const io::StateDict entries = test::publishedLenet(model);
        io::writeStateDict(folder / "published.pth", entries);
        io::writeStateDict(folder / "weights.pth", weightsOf(model));
        const OptionValue file = (folder / "published.pth").string();
        const std::vector<EventPtr> events =
            run(job("imported", {{"load-checkpoint", file}, {"epochs", std::int64_t{0}}}));
        QVERIFY(isSaid(events, "features.2 is features.3"));
        const json done = parsed(resultOf(events));
        QCOMPARE(done["steps"], json(0));
        QCOMPARE(done["layers"].size(), std::size_t{4});
        for (std::size_t l = 0; l < 4; ++l) {
            QCOMPARE(done["layers"][l]["weight_bits"], json(8));
            QCOMPARE(done["layers"][l]["activation_bits"], json(l == 0 ? 8 : 16));
            QCOMPARE(done["layers"][l]["kept_percent"], json(100.0));
        }
        const RunHistory history = heard(events);
        QCOMPARE(history.find("evaluation")->steps, std::vector<std::int64_t>{0});
        // 16-bit activations change next to nothing, 8-bit weights little.
        EvalJob plain;
        plain.model = {"arch:lenet5@" + (folder / "weights.pth").string(), {}};
        plain.data = job("imported").data;
        const double top1 = parsed(resultOf(run(plain)))["top1_percent"];
        QVERIFY(std::abs(done["top1_percent"].get<double>() - top1) < 5);

        const json tuned = parsed(resultOf(
            run(job("imported and tuned", {{"load-checkpoint", file},
                                           {"epochs", std::int64_t{0}},
                                           {"fixed-gate-finetune-epochs", std::int64_t{1}}}))));
        QCOMPARE(tuned["steps"], json(3));
        for (std::size_t l = 0; l < 4; ++l) {
            for (const char* figure : {"weight_bits", "activation_bits", "kept_percent"}) {
                QCOMPARE(tuned["layers"][l][figure], done["layers"][l][figure]);
            }
        }
        QVERIFY(std::abs(tuned["top1_percent_before_fine_tuning"].get<double>() -
                         done["top1_percent"].get<double>()) < 2);
        const json trained =
            parsed(resultOf(run(job("imported and trained", {{"load-checkpoint", file}}))));
        QCOMPARE(trained["steps"], json(6));
    }

    void checkpointsThatCannotBeTakenOver()
    {
        const fs::path folder = m_folder.path().toStdString();
        const LoadedModel model = openModel("arch:lenet5", {}, 99);
        io::writeStateDict(folder / "plain.pth", weightsOf(model));
        const SearchJob plain =
            job("plain", {{"load-checkpoint", (folder / "plain.pth").string()}});
        const std::string failure = failureOf(run(plain));
        QVERIFY2(failure.starts_with("unknown_format") &&
                     failure.find("plain.pth: no checkpoint of Bayesian Bits") != std::string::npos,
                 failure.c_str());
        QVERIFY(!fs::exists(plain.runFile)); // before anything started
        const SearchJob absent = job("absent", {{"load-checkpoint", std::string("nowhere.pth")}});
        QVERIFY(failureOf(run(absent)).starts_with("not_found"));
    }

    /// The modes for few images after training: gates alone, or with ranges; weights stay.
    void weightsStayAfterTraining_data()
    {
        QTest::addColumn<QString>("learned");
        QTest::addColumn<QString>("gating");
        QTest::newRow("gates") << "g"
                               << "l0";
        QTest::newRow("gates without noise") << "g"
                                             << "fixed";
        QTest::newRow("gates and ranges") << "gs"
                                          << "l0";
    }
    void weightsStayAfterTraining()
    {
        QFETCH(QString, learned);
        QFETCH(QString, gating);
        const SearchJob asked = job(("learn " + learned + gating).toStdString(),
                                    {{"learn", learned.toStdString()},
                                     {"gating-method", gating.toStdString()},
                                     {"epochs", std::int64_t{1}}});
        QVERIFY(!resultOf(run(asked)).empty());
        const LoadedModel model = openModel("arch:lenet5", {}, 0);
        const io::RunFile file = io::readRunFile(asked.runFile);
        std::map<std::string, at::Tensor> state(file.state.tensors.begin(),
                                                file.state.tensors.end());
        for (const graph::Parameter& parameter : model.graph->parameters()) {
            QVERIFY(at::equal(state.at("weights/" + parameter.name), parameter.tensor));
        }
        const HistorySeries* const gates = file.history.find("gate_probabilities");
        const HistorySeries* const ranges = file.history.find("ranges");
        const auto moved = [](const HistorySeries& series) {
            return !std::ranges::equal(series.row(0), series.row(series.rows() - 1));
        };
        QVERIFY(moved(*gates));
        QCOMPARE(moved(*ranges), learned == "gs");
    }

    /// The network is made another one that computes the same before it is searched; a run that
    /// goes on makes it again.
    void equalizedBeforeTheSearch()
    {
        const SearchJob whole = job("equalized", {{"with-cle", true}});
        const json done = parsed(resultOf(run(whole)));
        QCOMPARE(done["steps"], json(6));
        const SearchJob part = job("part of it", {{"with-cle", true}});
        std::ignore = run(part, [&](const Event& event) {
            if (isRow(event, "losses", 4)) {
                m_engine.cancel(event.job);
            }
        });
        QVERIFY(!resultOf(run(part)).empty());
        QCOMPARE(test::readFile(part.output), test::readFile(whole.output));
        const SearchJob plain = job("not equalized");
        QVERIFY(!resultOf(run(plain)).empty());
        QVERIFY(test::readFile(plain.output) != test::readFile(whole.output));
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
        const RunHistory told = heard(events);
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
