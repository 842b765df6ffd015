// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/run_rows.h"
#include "core/methods/bayesian_bits/run_series.h"
#include "core/methods/bayesian_bits/run_warnings.h"
#include "core/ops/hard_concrete.h"

#include "tests/core/methods/small_network.h"
#include "tests/support/test_support.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <numeric>

using namespace bitloom;
using namespace bitloom::bayesian_bits;

namespace {

using Kind = RunWarning::Kind;

/// Rows of one column or more at steps 100, 200, ...
RunHistory historyOf(const char* series, const std::vector<std::string>& columns,
                     const std::vector<std::vector<float>>& rows)
{
    RunHistory history;
    history.declare(series, columns);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        history.append(series, 100 * static_cast<std::int64_t>(i + 1), rows[i]);
    }
    return history;
}

std::vector<std::int64_t> stepsOf(const std::vector<RunWarning>& warnings)
{
    std::vector<std::int64_t> steps;
    for (const RunWarning& warning : warnings) {
        steps.push_back(warning.step);
    }
    return steps;
}

using Steps = std::vector<std::int64_t>;

RunHistory evaluations(const std::vector<float>& top1, const std::vector<float>& bops)
{
    RunHistory history;
    history.declare(kEvaluationSeries, {"top1_percent", "relative_bops_percent",
                                        "expected_relative_bops_percent", "absorbed_gates"});
    for (std::size_t i = 0; i < top1.size(); ++i) {
        history.append(kEvaluationSeries, static_cast<std::int64_t>(i + 1),
                       std::vector{top1[i], bops[i], bops[i], 0.0F});
    }
    return history;
}

} // namespace

class TestBayesianBitsHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsSaidOfNothing() { QVERIFY(runWarnings({}).empty()); }

    void prunedLayers()
    {
        const float off = ops::probabilityOn(static_cast<float>(ops::kGateOnLogit));
        const float on = ops::probabilityOn(static_cast<float>(ops::kGateOnLogit) + 0.001F);
        const std::vector<RunWarning> found = runWarnings(historyOf(
            kChannelSeries, {"a[0]", "a[1]", "b[0]"},
            {{off, on, on}, {off, off, on}, {0, 0, on}, {on, off, off}, {off, off, off}}));
        QCOMPARE(stepsOf(found), (Steps{200, 400, 500}));
        QCOMPARE(found[0].quantizer, std::string("a"));
        QCOMPARE(found[1].quantizer, std::string("b"));
        QCOMPARE(found[2].quantizer, std::string("a")); // open again in between
        QVERIFY(found[0].kind == Kind::LayerPruned);
        QVERIFY(found[0].sentence.find("all 2 channels of a") != std::string::npos);
    }

    void swings_data()
    {
        QTest::addColumn<QVector<float>>("top1");
        QTest::addColumn<QVector<float>>("bops");
        QTest::addColumn<int>("step"); // 0: none
        const QVector<float> stable(7, 0.4F);
        QTest::newRow("swings") << QVector<float>{90, 92, 90, 92, 90, 92, 90} << stable << 5;
        QTest::newRow("rises") << QVector<float>{80, 85, 88, 90, 91, 92, 92.5F} << stable << 0;
        QTest::newRow("falls") << QVector<float>{92, 91, 90, 89, 88, 87, 86} << stable << 0;
        QTest::newRow("falls once")
            << QVector<float>{90, 92, 90, 92, 92.4F, 92.4F, 92.4F} << stable << 0;
        QTest::newRow("less than half a point")
            << QVector<float>{90, 90.4F, 90, 90.4F, 90, 90.4F, 90} << stable << 0;
        QTest::newRow("bits still move") << QVector<float>{90, 92, 90, 92, 90, 92, 90}
                                         << QVector<float>{2, 1.5F, 1, 0.8F, 0.6F, 0.5F, 0.4F} << 0;
        QTest::newRow("too few yet")
            << QVector<float>{90, 92, 90, 92} << QVector<float>(4, 0.4F) << 0;
    }
    void swings()
    {
        QFETCH(QVector<float>, top1);
        QFETCH(QVector<float>, bops);
        QFETCH(int, step);
        const std::vector<RunWarning> found =
            runWarnings(evaluations({top1.begin(), top1.end()}, {bops.begin(), bops.end()}));
        QCOMPARE(stepsOf(found), step == 0 ? Steps() : Steps{step});
        if (step != 0) {
            QVERIFY(found[0].kind == Kind::AccuracySwings);
            QVERIFY2(found[0].sentence.starts_with("top-1 went up and down between 90.00 and 92.00 "
                                                   "% in the last 5 evaluations while the bit "
                                                   "operations stayed at 0.400 %"),
                     found[0].sentence.c_str());
        }
    }

    /// Fixed gates are no news, and top-1 is left to the fine-tuning.
    void fineTuningIsNoSearch()
    {
        RunHistory swinging = evaluations({90, 90, 90, 90, 92, 90, 92, 90}, std::vector(8, 0.4F));
        QCOMPARE(stepsOf(runWarnings(swinging)), Steps{8});
        swinging.declare(kStageSeries, {"stage", "top1_percent_at_start"});
        swinging.append(kStageSeries, 0, std::vector{1.0F, std::nanf("")});
        QCOMPARE(stepsOf(runWarnings(swinging)), Steps{8});
        swinging.append(kStageSeries, 4, std::vector{2.0F, 90.0F});
        QVERIFY(runWarnings(swinging).empty());

        RunHistory gates = historyOf(kGateSeries, {"a/kept", "a/4", "a/8", "a/16", "a/32"},
                                     {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 0}, {1, 1, 0, 0, 0}});
        QCOMPARE(stepsOf(runWarnings(gates)), (Steps{200, 300}));
        gates.declare(kStageSeries, {"stage", "top1_percent_at_start"});
        gates.append(kStageSeries, 250, std::vector{2.0F, 90.0F});
        QCOMPARE(stepsOf(runWarnings(gates)), Steps{200});
    }

    void rangesAtTheirFloor()
    {
        const float floor = 1.5F * static_cast<float>(kRangeFloorShare);
        const std::vector<RunWarning> found = runWarnings(historyOf(
            kRangeSeries, {"a", "b"}, {{1.5F, 2}, {1, 2}, {floor, 2}, {floor, 2}, {2 * floor, 3}}));
        QCOMPARE(stepsOf(found), Steps{300});
        QVERIFY(found[0].kind == Kind::RangeAtFloor);
        QCOMPARE(found[0].quantizer, std::string("a"));
    }

    void absorbedGates()
    {
        const float closed = ops::probabilityOn(ops::kAbsorbingLogit);
        const float open = ops::probabilityOn(ops::kAbsorbingLogit + 0.001F);
        const std::vector<RunWarning> found = runWarnings(historyOf(
            kGateSeries,
            {"a/kept", "a/4", "a/8", "a/16", "a/32", "b/kept", "b/4", "b/8", "b/16", "b/32"},
            {
                {1, 1, 1, open, 0, 1, 1, 1, 1, 1},       // 32 bits of a: by the options
                {1, 1, 1, closed, 0, 1, 1, 1, 1, open},  // a: 8 bits at most
                {1, 1, 1, closed, 0, 1, 1, closed, 1, 1} // b: 4 bits at most
            }));
        QCOMPARE(stepsOf(found), (Steps{200, 300}));
        QVERIFY2(
            found[0].sentence.starts_with("a has at most 8 bits from here on: the logit of its "
                                          "16-bit gate"),
            found[0].sentence.c_str());
        QVERIFY2(found[1].sentence.starts_with("b has at most 4 bits"), found[1].sentence.c_str());
        QVERIFY(found[1].kind == Kind::GateAbsorbed);
    }

    /// What was said of a run stays said when it goes on.
    void longerHistoriesSayMore()
    {
        const std::vector<float> top1{90, 92, 90, 92, 90, 90, 90, 90, 92, 90, 92, 90};
        const std::vector<float> bops(top1.size(), 0.4F);
        const RunHistory whole = evaluations(top1, bops);
        const std::vector<RunWarning> all = runWarnings(whole);
        QCOMPARE(stepsOf(all), (Steps{5, 12}));
        for (std::int64_t step = 1; step <= 12; ++step) {
            RunHistory part = whole;
            part.cutAfter(step);
            std::vector<RunWarning> expected;
            std::ranges::copy_if(all, std::back_inserter(expected),
                                 [&](const RunWarning& each) { return each.step <= step; });
            QVERIFY(runWarnings(part) == expected);
        }
    }

    /// Rows fit their series, and tell of the tensors what can be counted by hand.
    void rowsOfANetwork()
    {
        const LoadedModel model = test::smallResidualNetwork(4);
        GatedNetwork network(model, {}, at::kCPU);
        BatchLoader images = test::digits(16, 16);
        const at::Tensor batch = images.next()->images;
        network.observe(batch);
        network.finishObserving();
        const std::vector<HistorySeries> series = emptySeries(network.sites(), model.info);
        const auto columnsOf = [&](const char* name) {
            return std::ranges::find(series, name, &HistorySeries::name)->columns;
        };
        QCOMPARE(gateRow(network).size(), columnsOf(kGateSeries).size());
        QCOMPARE(rangeRow(network).size(), columnsOf(kRangeSeries).size());
        QCOMPARE(layerRow(network).size(), columnsOf(kLayerSeries).size());
        QCOMPARE(channelRow(network).size(), columnsOf(kChannelSeries).size());
        QCOMPARE(columnsOf(kChannelSeries).front(), std::string("stem.weight[0]"));

        const std::vector<std::string> columns = columnsOf(kTensorSeries);
        const std::vector<float> row = tensorRow(network, batch);
        QCOMPARE(row.size(), columns.size());
        const auto at = [&](const std::string& column) {
            const auto found = std::ranges::find(columns, column);
            return found == columns.end() ? std::nanf("")
                                          : row[static_cast<std::size_t>(found - columns.begin())];
        };
        const at::Tensor weight = model.graph->findParameter("depthwise.weight")->tensor;
        QCOMPARE(at("depthwise.weight/min"), weight.min().item<float>());
        QCOMPARE(at("depthwise.weight/max"), weight.max().item<float>());
        QCOMPARE(at("depthwise.weight/clipped_percent"), 0.0F); // ranges hold what was seen
        QCOMPARE(at("depthwise_relu/min"), 0.0F); // though the quantizer contains the ReLU
        QVERIFY(at("depthwise_relu/max") > 0);

        // Half the range: what lies beyond it is counted.
        const std::size_t quantizer =
            static_cast<std::size_t>(std::ranges::find(network.sites().quantizers,
                                                       "depthwise.weight", &QuantizerSite::name) -
                                     network.sites().quantizers.begin());
        const float half = weight.abs().max().item<float>() / 2;
        {
            const at::NoGradGuard noGradients;
            network.ranges()[static_cast<std::int64_t>(quantizer)].fill_(half);
        }
        network.invalidateEvaluation();
        const float share = weight.abs().gt(half).to(at::kFloat).mean().item<float>();
        const std::vector<float> narrow = tensorRow(network, batch);
        constexpr float kPercentTolerance = 1e-4F; // float32, 144 weights
        QVERIFY(std::fabs(narrow[3 * quantizer + 2] - 100 * share) < kPercentTolerance);
        QVERIFY(share > 0);
    }

    /// What the layers add to the price is all of it; once decided it is what was decided.
    void layersShareTheRegulariser()
    {
        const LoadedModel model = test::smallResidualNetwork(4);
        BatchLoader images = test::digits(16, 16);
        const at::Tensor batch = images.next()->images;
        for (const RegulariserType type :
             {RegulariserType::Constant, RegulariserType::BitOperations,
              RegulariserType::ExpectedBitOperations}) {
            NetworkOptions options;
            options.regulariser = type;
            options.levelLogits = {1, 0.5, -1, -3};
            GatedNetwork network(model, options, at::kCPU);
            network.observe(batch);
            network.finishObserving();
            const auto sumOf = [](const GatedNetwork& each) {
                const std::vector<double> parts = each.layerRegularisers();
                return std::accumulate(parts.begin(), parts.end(), 0.0);
            };
            const double total = network.regulariser().item<double>();
            QCOMPARE(network.layerRegularisers().size(), model.layers.size());
            QVERIFY(std::fabs(sumOf(network) / total - 1) < 1e-6);
            const auto decided = makeDecidedNetwork(network);
            const double cost = decided->regulariser().item<double>();
            QVERIFY(std::fabs(sumOf(*decided) / cost - 1) < 1e-6);
            if (type == RegulariserType::ExpectedBitOperations) {
                const double bops =
                    static_cast<double>(countBitOperations(network.sites(), network.widths()).bops);
                const auto largest = static_cast<double>(network.sites().largestLayerMacs);
                QVERIFY(std::fabs(cost / (bops * kBopPrice / largest) - 1) < 1e-6);
            }
        }
    }

    void nothingIsQuantizedWhilePruningOnly()
    {
        NetworkOptions options;
        options.mode = QuantizerMode::PruneOnly;
        GatedNetwork network(test::smallResidualNetwork(4), options, at::kCPU);
        BatchLoader images = test::digits(8, 8);
        const std::vector<TensorRange> ranges = network.tensorRanges(images.next()->images);
        for (std::size_t q = 0; q < ranges.size(); ++q) {
            const bool isWeight = network.sites().quantizers[q].kind == SiteKind::Weight;
            QCOMPARE(std::isnan(ranges[q].high), !isWeight);
            QVERIFY(!isWeight || ranges[q].clippedPercent == 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestBayesianBitsHistory)
#include "tst_bayesian_bits_history.moc"
