// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/io/model_file.h"
#include "core/io/state/state_dict.h"
#include "core/methods/bayesian_bits/outcome.h"
#include "core/methods/bayesian_bits/staged_search.h"
#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"
#include "core/ops/hard_concrete_gates.h"

#include "tests/core/methods/small_network.h"
#include "tests/support/test_support.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/equal.h>

#include <QTemporaryDir>

#include <limits>
#include <numeric>
#include <optional>

using namespace bitloom;
using namespace bitloom::bayesian_bits;

namespace {

SearchOptions quickOptions(int epochs)
{
    SearchOptions options;
    options.network.levelLogits = {1, 1, -6, -6};
    options.network.channelLogit = 1;
    options.calibrationBatches = 2;
    options.trainer.lambda = 0.05;
    options.trainer.gates = OptimizerOptions{false, 0.08}; // in a few steps what takes epochs
    options.trainer.weights.learningRate = 3e-3;
    options.trainer.epochs = epochs;
    options.trainer.schedule = parseSchedule("linear-tail");
    options.trainer.seed = 5;
    return options;
}

BatchLoader trainingDigits()
{
    return test::digits(160, 32, DatasetSplit::Train, true);
}

/// Runs to the end; stops after that many steps if told so.
void runTo(Search& search, std::optional<std::int64_t> steps)
{
    BatchLoader images = trainingDigits();
    while (!search.isFinished()) {
        RunControl control;
        const bool ended = search.runEpoch(images, control, [&](const StepReport& report) {
            if (steps && report.position.steps == *steps) {
                control.requestStop();
            }
        });
        if (!ended) {
            return;
        }
    }
}

bool isSame(const NamedTensors& a, const NamedTensors& b)
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](const auto& left, const auto& right) {
               return left.first == right.first && at::equal(left.second, right.second);
           });
}

} // namespace

class TestBayesianBitsSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void learnsAndSaves();
    void resumesInTheMiddleOfAnEpoch();
    void stopsBeforeItBegins();
    void saysWhereALossFailed();
    void compatibleStart();
    void fineTuningGoesOnAnywhere();
    void fineTuningStartsFromRefreshedStatistics();
    void fineTuningAfterPruningAlone();
    void lockedGatesDoNotMove();
    void locksOfOneTensorMustAgree();
    void bitsThatNobodyChoosesCannotBeLocked();
    void oneSideAlone_data();
    void oneSideAlone();
    void aCheckpointOfAnotherModel();
};

/// A short search: the loss falls, bits and channels go, and the plan is as good as the network.
void TestBayesianBitsSearch::learnsAndSaves()
{
    const LoadedModel model = describeModel(graph::buildArchitecture("lenet5", 1), {});
    Search search(model, quickOptions(6), at::kCPU);
    RunControl control;
    BatchLoader images = trainingDigits();
    QVERIFY(search.calibrate(images, control));
    const double before =
        countBitOperations(search.network().sites(), search.network().widths()).relativePercent();
    QCOMPARE(before, 6.25); // 8 bits everywhere
    std::vector<double> losses;
    while (!search.isFinished()) {
        QVERIFY(search.runEpoch(images, control, [&](const StepReport& report) {
            losses.push_back(report.crossEntropy);
            QVERIFY(report.correct <= report.images);
        }));
    }
    QCOMPARE(losses.size(), std::size_t{30});
    const auto meanOf = [&losses](std::size_t from) {
        return std::accumulate(losses.begin() + static_cast<std::ptrdiff_t>(from),
                               losses.begin() + static_cast<std::ptrdiff_t>(from) + 5, 0.0) /
               5;
    };
    const std::string course = std::to_string(meanOf(0)) + " to " + std::to_string(meanOf(25));
    QVERIFY2(meanOf(25) < meanOf(0) * 0.95, course.c_str());
    const Outcome outcome = makeOutcome(search.network(), "found");
    QVERIFY2(outcome.relativeBopsPercent < before,
             std::to_string(outcome.relativeBopsPercent).c_str());
    BatchLoader test = test::digits(200, 50);
    const EvalResult network = search.evaluate(test, control);
    const graph::Executor planned =
        makeQuantizedExecutor(outcome.model, outcome.plan, outcome.state, at::kCPU);
    const EvalResult plan = evaluate(planned, test, at::kCPU, control);
    QVERIFY2(network.top1Percent() > 15, // ten classes, a few steps
             std::to_string(network.top1Percent()).c_str());
    QVERIFY(std::abs(plan.correct - network.correct) <= 1);
}

void TestBayesianBitsSearch::resumesInTheMiddleOfAnEpoch()
{
    const LoadedModel model = test::smallResidualNetwork(2);
    const SearchOptions options = quickOptions(3);
    RunControl control;
    BatchLoader images = trainingDigits();
    Search whole(model, options, at::kCPU);
    QVERIFY(whole.calibrate(images, control));
    const NamedTensors start = whole.state();
    runTo(whole, std::nullopt);
    QVERIFY(whole.isFinished());

    Search first(model, options, at::kCPU);
    first.restore(start);
    runTo(first, 7);
    QVERIFY(first.position() == (SearchPosition{1, 2, 7}));
    // Through a file, as after a kill.
    QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("state.pt").toStdString();
    io::writeStateDict(path, {first.state(), {}});
    Search second(model, options, at::kCPU);
    second.restore(io::readStateDict(path).tensors);
    QVERIFY(second.position() == first.position());
    runTo(second, std::nullopt);
    QVERIFY(isSame(second.state(), whole.state()));
    const at::NoGradGuard noGradients;
    BatchLoader test = test::digits(32, 32);
    test.startEpoch(0);
    const at::Tensor batch = test.next()->images;
    QVERIFY(at::equal(second.network().evaluation().run(batch),
                      whole.network().evaluation().run(batch)));
}

void TestBayesianBitsSearch::stopsBeforeItBegins()
{
    Search search(test::smallResidualNetwork(2), quickOptions(2), at::kCPU);
    RunControl stopped;
    stopped.requestStop();
    BatchLoader images = trainingDigits();
    QVERIFY(!search.calibrate(images, stopped));
    RunControl control;
    QVERIFY(search.calibrate(images, control));
    QVERIFY(!search.runEpoch(images, stopped, [](const StepReport&) { QFAIL("a step was made"); }));
    QVERIFY(search.position() == SearchPosition());
    SearchOptions none = quickOptions(2);
    none.calibrationBatches = 0;
    BITLOOM_EXPECT_ERROR(Search(test::smallResidualNetwork(2), none, at::kCPU),
                         ErrorCode::InvalidArgument, "at least one batch");
}

void TestBayesianBitsSearch::saysWhereALossFailed()
{
    Search search(test::smallResidualNetwork(2), quickOptions(2), at::kCPU);
    RunControl control;
    BatchLoader images = trainingDigits();
    QVERIFY(search.calibrate(images, control));
    NamedTensors spoilt = search.state();
    for (auto& [name, tensor] : spoilt) {
        if (name == "weights/block.shortcut.weight") {
            tensor.fill_(std::numeric_limits<float>::quiet_NaN());
        }
    }
    search.restore(spoilt);
    BITLOOM_EXPECT_ERROR(search.runEpoch(images, control, [](const StepReport&) {}),
                         ErrorCode::NonFinite, "in step 1 (epoch 1, batch 1)");
    search.restore(spoilt);
    BITLOOM_EXPECT_ERROR(search.runEpoch(images, control, [](const StepReport&) {}),
                         ErrorCode::NonFinite, "holds NaN or infinity");
}

/// Sign from the smallest value, range from the largest: a signed tensor is clipped from the start.
void TestBayesianBitsSearch::compatibleStart()
{
    SearchOptions options = quickOptions(1);
    options.compatRanges = true;
    const LoadedModel model = test::smallResidualNetwork(2);
    Search search(model, options, at::kCPU);
    RunControl control;
    BatchLoader images = trainingDigits();
    QVERIFY(search.calibrate(images, control));
    const auto& sites = search.network().sites();
    const at::Tensor weight = model.graph->findParameter("depthwise.weight")->tensor;
    for (std::size_t q = 0; q < sites.quantizers.size(); ++q) {
        if (sites.quantizers[q].name == "depthwise.weight") {
            QVERIFY(search.network().isSigned(q));
            QCOMPARE(search.network().ranges()[static_cast<std::int64_t>(q)].item<float>(),
                     weight.max().item<float>());
        }
    }
    QVERIFY(search.runEpoch(images, control, [](const StepReport&) {}));
}

namespace {

/// Both stages to the end, or to that many steps.
void runTo(StagedSearch& search, std::optional<std::int64_t> steps)
{
    BatchLoader images = trainingDigits();
    while (!search.isFinished()) {
        RunControl control;
        if (search.stageIsFinished() && !search.startFineTuning(images, control)) {
            return;
        }
        if (!search.stage().runEpoch(images, control, [&](const StepReport& report) {
                if (steps && report.position.steps == *steps) {
                    control.requestStop();
                }
            })) {
            return;
        }
    }
}

} // namespace

/// Normalisations are folded for good in the second stage, so it has other tensors than the first.
void TestBayesianBitsSearch::fineTuningGoesOnAnywhere()
{
    const LoadedModel model = test::smallResidualNetwork(2);
    const auto make = [&] {
        return std::make_unique<StagedSearch>(model, quickOptions(1), FineTuningOptions{2, 1e-3},
                                              at::kCPU);
    };
    RunControl control;
    BatchLoader images = trainingDigits();
    const auto whole = make();
    QVERIFY(whole->stage().calibrate(images, control));
    const NamedTensors start = whole->state();
    runTo(*whole, std::nullopt);
    QCOMPARE(whole->number(), 2);
    QVERIFY(whole->stage().position() == (SearchPosition{3, 0, 15})); // counted through
    for (const std::int64_t stop : {3, 7, 10}) {                      // of 5 and 10 steps
        const auto first = make();
        first->restore(start);
        runTo(*first, stop);
        QCOMPARE(first->stage().position().steps, stop);
        const auto second = make();
        second->restore(first->state());
        QCOMPARE(second->number(), stop < 5 ? 1 : 2);
        runTo(*second, std::nullopt);
        QVERIFY(isSame(second->state(), whole->state()));
    }
}

/// Batches go through the network as training sees it, with the gates as they were decided.
void TestBayesianBitsSearch::fineTuningStartsFromRefreshedStatistics()
{
    const LoadedModel model = test::smallResidualNetwork(2);
    const SearchOptions options = quickOptions(1);
    BatchLoader images = trainingDigits();
    RunControl control;
    StagedSearch searched(model, options, {1, 1e-3}, at::kCPU);
    QVERIFY(searched.stage().calibrate(images, control));
    QVERIFY(searched.stage().runEpoch(images, control, [](const StepReport&) {}));
    const NamedTensors end = searched.state();
    const auto tunedAfter = [&](std::int64_t feedBatches) {
        StagedSearch search(model, options, {1, 1e-3, feedBatches}, at::kCPU);
        search.restore(end);
        const bool isStarted = search.startFineTuning(images, control);
        return isStarted ? search.stage().network().state() : NamedTensors();
    };
    // By hand, with logits so far out that every draw decides as evaluation does.
    Search fed(model, options, at::kCPU);
    fed.restore(end);
    {
        const at::NoGradGuard noGradients;
        const at::Tensor& logits = fed.network().logits();
        const at::Tensor learned = logits.clone();
        logits.copy_(200 * ops::hardConcreteGates(learned, fed.network().layout().offsets(),
                                                  ops::kGatesEvaluation) -
                     100);
        images.startEpoch(1); // the next one
        for (std::int64_t batch = 0; batch < 3; ++batch) {
            fed.network().forward(images.next()->images, {7, batch, std::nullopt});
        }
        logits.copy_(learned);
    }
    const NamedTensors fresh = tunedAfter(3);
    QVERIFY(isSame(fresh, makeDecidedNetwork(fed.network())->state()));
    const NamedTensors stale = tunedAfter(0);
    QVERIFY(isSame(stale, makeDecidedNetwork(searched.stage().network())->state()));
    QVERIFY(!isSame(fresh, stale));

    RunControl stopped;
    stopped.requestStop();
    QVERIFY(!searched.stage().feedStatistics(images, 3, stopped));
    QVERIFY(isSame(searched.state(), end));
}

/// Nothing was quantized, so nothing is quantized then (defect D15 of the published program).
void TestBayesianBitsSearch::fineTuningAfterPruningAlone()
{
    SearchOptions options = quickOptions(1);
    options.network.mode = QuantizerMode::PruneOnly;
    StagedSearch search(test::smallResidualNetwork(2), options, {1, 1e-3}, at::kCPU);
    BatchLoader images = trainingDigits();
    RunControl control;
    QVERIFY(search.stage().calibrate(images, control));
    QVERIFY(search.stage().runEpoch(images, control, [](const StepReport&) {}));
    const at::NoGradGuard noGradients;
    images.startEpoch(0);
    const at::Tensor batch = images.next()->images * 3; // beyond any range of 1
    const at::Tensor before = search.stage().network().evaluation().run(batch);
    const auto widths = search.stage().network().widths();
    QVERIFY(search.startFineTuning(images, control));
    const at::Tensor after = search.stage().network().evaluation().run(batch);
    constexpr double kFoldingTolerance = 1e-5; // of the largest: float32, sums in another order
    const double error = ((after - before).abs().max() / before.abs().max()).item<double>();
    QVERIFY2(error < kFoldingTolerance, std::to_string(error).c_str());
    QVERIFY(search.stage().network().widths()[0].kept == widths[0].kept);
    {
        const at::AutoGradMode gradients(true);
        runTo(search, std::nullopt);
    }
    QVERIFY(search.isFinished());
}

void TestBayesianBitsSearch::lockedGatesDoNotMove()
{
    SearchOptions options = quickOptions(2);
    options.trainer.lambda = 10;
    options.locks = parseLayerLocks("stem=8/-/keep,block.conv2=2/4");
    Search search(test::smallResidualNetwork(2), options, at::kCPU);
    const GatedNetwork& network = search.network();
    const auto levelsOf = [&](std::size_t quantizer) {
        return network.logits().detach().narrow(0, network.layout().levelsAt(quantizer), 4).clone();
    };
    const std::size_t stem = *network.sites().layers[0].weight;
    const at::Tensor before = levelsOf(stem);
    BatchLoader images = trainingDigits();
    RunControl control;
    QVERIFY(search.calibrate(images, control));
    runTo(search, std::nullopt);
    QVERIFY(at::equal(levelsOf(stem), before));
    const auto widths = network.widths();
    QCOMPARE(widths[stem].bits, 8);
    QVERIFY(std::ranges::all_of(widths[stem].kept, [](bool kept) { return kept; }));
    const GateProbabilities open = network.probabilities()[stem];
    QVERIFY((open.levels == std::array<double, 4>{1, 1, 0, 0}));
    // Given back, they start again.
    search.network().lock(parseLayerLocks("stem=free"));
    QCOMPARE(network.logits()[network.layout().levelsAt(stem)].item<double>(),
             options.network.levelLogits[0]);
    QCOMPARE(network.logits()[network.layout().channelsAt(stem)].item<double>(),
             options.network.channelLogit);
}

/// block.conv1 and block.shortcut read the same activation.
void TestBayesianBitsSearch::locksOfOneTensorMustAgree()
{
    GatedNetwork network(test::smallResidualNetwork(2), {}, at::kCPU);
    const at::Tensor before = network.logits().detach().clone();
    BITLOOM_EXPECT_ERROR(network.lock(parseLayerLocks("block.conv1=-/4,block.shortcut=-/8")),
                         ErrorCode::InvalidArgument,
                         "layer 'block.shortcut' is locked to 8 bits where 'block.conv1' has a "
                         "lock to 4 bits on the same tensor");
    QVERIFY(at::equal(network.logits().detach(), before)); // nothing is done by halves
    network.lock(parseLayerLocks("block.conv1=-/4,block.shortcut=-/4"));
    const std::size_t shared = *network.sites().layers[1].inputs[0];
    QCOMPARE(network.widths()[shared].bits, 4);
}

void TestBayesianBitsSearch::bitsThatNobodyChoosesCannotBeLocked()
{
    NetworkOptions options;
    options.mode = QuantizerMode::FixedWidths;
    GatedNetwork network(test::smallResidualNetwork(2), options, at::kCPU);
    BITLOOM_EXPECT_ERROR(network.lock(parseLayerLocks("stem=4/-")), ErrorCode::InvalidArgument,
                         "bits that this search does not choose cannot be locked");
    network.lock(parseLayerLocks("stem=keep"));
    const std::size_t stem = *network.sites().layers[0].weight;
    QVERIFY(
        std::ranges::all_of(network.probabilities()[stem].kept, [](double p) { return p == 1; }));
}

void TestBayesianBitsSearch::oneSideAlone_data()
{
    QTest::addColumn<bool>("weights");
    QTest::newRow("weights alone") << true;
    QTest::newRow("activations alone") << false;
}

/// The published program ends in an exception here (defect D26).
void TestBayesianBitsSearch::oneSideAlone()
{
    QFETCH(bool, weights);
    SearchOptions options = quickOptions(1);
    options.network.quantizeWeights = weights;
    options.network.quantizeActivations = !weights;
    options.trainer.lambda = 10;
    options.trainer.gates->learningRate = 2; // all that has gates falls
    StagedSearch search(test::smallResidualNetwork(2), options, {1, 1e-3}, at::kCPU);
    BatchLoader images = trainingDigits();
    RunControl control;
    QVERIFY(search.stage().calibrate(images, control));
    runTo(search, std::nullopt); // both stages
    const GatedNetwork& network = search.stage().network();
    const auto widths = network.widths();
    for (std::size_t q = 0; q < widths.size(); ++q) {
        const bool isWeight = network.sites().quantizers[q].kind == SiteKind::Weight;
        QCOMPARE(network.quantizes(q), isWeight == weights);
        QCOMPARE(widths[q].bits, isWeight == weights ? 2 : 32);
    }
    const Outcome outcome = makeOutcome(network, "one side");
    QCOMPARE(outcome.plan.layers[0].weight.isFloat(), !weights);
    QVERIFY(!outcome.plan.layers[0].prunedChannels.empty()); // channels go either way
    BatchLoader test = test::digits(100, 50);
    const EvalResult searched = search.stage().evaluate(test, control);
    const EvalResult planned =
        evaluate(makeQuantizedExecutor(outcome.model, outcome.plan, outcome.state, at::kCPU), test,
                 at::kCPU, control);
    QVERIFY(std::abs(planned.correct - searched.correct) <= 2); // ties
}

void TestBayesianBitsSearch::aCheckpointOfAnotherModel()
{
    const StagedSearch residual(test::smallResidualNetwork(2), quickOptions(1), {}, at::kCPU);
    const LoadedModel model = describeModel(graph::buildArchitecture("lenet5", 1), {});
    StagedSearch other(model, quickOptions(1), {}, at::kCPU);
    BITLOOM_EXPECT_ERROR(other.restore(residual.state()), ErrorCode::NotFound,
                         "it is of another model or other options");
    NamedTensors misshapen = other.state();
    for (auto& [name, tensor] : misshapen) {
        if (name == "weights/features.0.weight") {
            tensor = tensor.narrow(0, 0, 16);
        }
    }
    BITLOOM_EXPECT_ERROR(other.restore(misshapen), ErrorCode::ShapeMismatch,
                         "\"weights/features.0.weight\" has another shape");
}

QTEST_GUILESS_MAIN(TestBayesianBitsSearch)
#include "tst_bayesian_bits_search.moc"
