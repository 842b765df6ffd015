// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/parallel_tasks.h"
#include "core/methods/calibration.h"
#include "core/methods/logit_metrics.h"
#include "core/methods/quantized_executor.h"
#include "core/methods/sensitivity_sweep.h"
#include "tests/core/methods/small_network.h"

#include "tests/support/test_support.h"

#include <thread>

using namespace bitloom;

namespace {

SensitivityOptions smallOptions(int threads)
{
    SensitivityOptions options;
    options.bits = {2, 4};
    options.threads = threads;
    return options;
}

std::string sweepTable(const LoadedModel& model, int threads)
{
    RunControl control;
    BatchLoader calibration = test::digits(64, 32, DatasetSplit::Train);
    BatchLoader images = test::digits(48, 20);
    SensitivitySweep sweep(model, smallOptions(threads), &calibration, at::kCPU, control);
    const bool finished = sweep.run(images, control, [] {});
    return finished ? toJson(sweep.table()) : "not finished";
}

/// The same entry by running the whole network with one tensor rounded.
LogitSums measureFromTheInput(const LoadedModel& model, const SensitivityEntry& entry)
{
    BitPlan plan = makeUniformPlan(model.info, {});
    for (LayerPlan& layer : plan.layers) {
        const bool chosen = entry.target == SensitivityTarget::Weight && layer.name == entry.name;
        layer.weight.bits = chosen ? entry.bits : kFloatBits;
    }
    for (TensorPlan& tensor : plan.tensors) {
        const bool chosen =
            entry.target == SensitivityTarget::Activation && tensor.name == entry.name;
        tensor.activation.bits = chosen ? entry.bits : kFloatBits;
    }
    RunControl control;
    BatchLoader calibration = test::digits(64, 32, DatasetSplit::Train);
    const auto state = calibrate(model, plan, &calibration, at::kCPU, control);
    const graph::Executor quantized = makeQuantizedExecutor(model, plan, *state, at::kCPU);
    const graph::Executor whole = makeStoredExecutor(model, at::kCPU);
    BatchLoader images = test::digits(48, 20);
    LogitSums sums;
    while (auto batch = images.next()) {
        runTasks(1, 1, {}, [&](std::int64_t) {
            const LogitReference reference(whole.run(batch->images), batch->labels);
            const LogitSums one = reference.compare(quantized.run(batch->images));
            sums.outputError += one.outputError;
            sums.kl += one.kl;
            sums.correct += one.correct;
        });
    }
    return sums;
}

} // namespace

class TestSensitivitySweep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsRunningFromTheInput()
    {
        const LoadedModel model = test::smallResidualNetwork(1);
        RunControl control;
        BatchLoader calibration = test::digits(64, 32, DatasetSplit::Train);
        BatchLoader images = test::digits(48, 20);
        SensitivitySweep sweep(model, smallOptions(1), &calibration, at::kCPU, control);
        QVERIFY(sweep.run(images, control, [] {}));
        const SensitivityTable table = sweep.table();
        QCOMPARE(table.images, 48);
        QCOMPARE(table.entries.size(), std::size_t{2 * (6 + 4)});
        for (const SensitivityEntry& entry : table.entries) {
            const LogitSums direct = measureFromTheInput(model, entry);
            QVERIFY2(entry.outputError == direct.outputError / 48, entry.name.c_str());
            QVERIFY2(entry.kl == direct.kl / 48, entry.name.c_str());
            QVERIFY2(entry.accuracyPercent == 100.0 * static_cast<double>(direct.correct) / 48,
                     entry.name.c_str());
        }
        QVERIFY(table.find(SensitivityTarget::Weight, "fc", 2)->kl >
                table.find(SensitivityTarget::Weight, "fc", 4)->kl);
        QVERIFY2(sweep.costPercent() < 60, qPrintable(QString::number(sweep.costPercent())));
    }

    void doesNotDependOnThreads()
    {
        const LoadedModel model = test::smallResidualNetwork(2);
        const std::string one = sweepTable(model, 1);
        QVERIFY(one != "not finished");
        QCOMPARE(sweepTable(model, 3), one);
    }

    void continuesToTheSameBits()
    {
        const LoadedModel model = test::smallResidualNetwork(3);
        std::string progress;
        {
            RunControl control;
            BatchLoader calibration = test::digits(64, 32, DatasetSplit::Train);
            BatchLoader images = test::digits(48, 20);
            SensitivitySweep sweep(model, smallOptions(2), &calibration, at::kCPU, control);
            QVERIFY(!sweep.run(images, control,
                               [&] { control.requestStop(); })); // stops after the first batch
            progress = sweep.progress();
            QCOMPARE(sweep.table().images, 20);
        }
        RunControl control;
        BatchLoader calibration = test::digits(64, 32, DatasetSplit::Train);
        BatchLoader images = test::digits(48, 20);
        SensitivitySweep sweep(model, smallOptions(2), &calibration, at::kCPU, control);
        sweep.restore(progress);
        QVERIFY(sweep.run(images, control, [] {}));
        QCOMPARE(toJson(sweep.table()), sweepTable(model, 1));
        BITLOOM_EXPECT_ERROR(sweep.restore("{\"sums\":[]}"), ErrorCode::CorruptFile,
                             "does not fit");
        BITLOOM_EXPECT_ERROR(sweep.restore("{"), ErrorCode::CorruptFile, "cannot be read");
    }

    void stopsSoon()
    {
        const LoadedModel model = test::smallResidualNetwork(4);
        RunControl control;
        BatchLoader calibration = test::digits(64, 32, DatasetSplit::Train);
        BatchLoader images = test::digits(20000, 500);
        SensitivitySweep sweep(model, smallOptions(2), &calibration, at::kCPU, control);
        std::jthread stopper([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            control.requestStop();
        });
        QVERIFY(!sweep.run(images, control, [] {}));
        QVERIFY(sweep.table().images < 20000);
    }

    void weightsNeedNoImages()
    {
        const LoadedModel model = test::smallResidualNetwork(5);
        RunControl control;
        SensitivityOptions options = smallOptions(1);
        options.activations = false;
        BatchLoader images = test::digits(20, 20);
        SensitivitySweep sweep(model, options, nullptr, at::kCPU, control);
        QVERIFY(sweep.run(images, control, [] {}));
        QCOMPARE(sweep.table().entries.size(), std::size_t{2 * 6});
        options.bits = {17};
        BITLOOM_EXPECT_ERROR(SensitivitySweep(model, options, nullptr, at::kCPU, control),
                             ErrorCode::InvalidArgument, "17 bits");
    }
};

QTEST_GUILESS_MAIN(TestSensitivitySweep)
#include "tst_sensitivity_sweep.moc"
