// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/io/model_file.h"
#include "core/io/state_dict.h"
#include "core/methods/bayesian_bits/outcome.h"
#include "core/methods/bayesian_bits/search.h"
#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"

#include "tests/core/methods/small_network.h"
#include "tests/support/test_support.h"

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

QTEST_GUILESS_MAIN(TestBayesianBitsSearch)
#include "tst_bayesian_bits_search.moc"
