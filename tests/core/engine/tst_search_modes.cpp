// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"
#include "core/io/run_file.h"
#include "core/io/state/state_dict.h"
#include "core/types/run_history.h"
#include "core/types/search_result.h"
#include "tests/core/engine/search_test.h"
#include "tests/core/methods/bayesian_bits/published_lenet.h"
#include "tests/support/test_support.h"

#include <ATen/ops/equal.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

using namespace bitloom;
using namespace bitloom::engine;
using nlohmann::json;
namespace fs = std::filesystem;

/// The ways of searching: what is learned, and from where.
class TestSearchModes : public test::SearchTest {
    Q_OBJECT

private Q_SLOTS:
    /// A packed file tells when it was made: so that equal ones have equal bytes.
    void initTestCase() { QVERIFY(qputenv("SOURCE_DATE_EPOCH", "1700000000")); }

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
        const RunHistory history = test::heard(events);
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
        const RunHistory history = test::heard(events);
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
        const RunHistory history = test::heard(events);
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
};

QTEST_GUILESS_MAIN(TestSearchModes)
#include "tst_search_modes.moc"
