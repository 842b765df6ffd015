// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/calibration.h"
#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"
#include "core/quant/observer.h"
#include "core/quant/uniform_quantizer.h"
#include "tests/core/methods/small_network.h"

#include <ATen/ops/cat.h>
#include <c10/core/InferenceMode.h>

#include "tests/support/test_support.h"

using namespace bitloom;

class TestCalibration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gridsEqualThoseOfTheWholeTensor_data()
    {
        QTest::addColumn<int>("observer");
        QTest::newRow("min-max") << static_cast<int>(Observer::MinMax);
        QTest::newRow("mse") << static_cast<int>(Observer::Mse);
    }
    void gridsEqualThoseOfTheWholeTensor()
    {
        QFETCH(int, observer);
        const LoadedModel model = test::smallResidualNetwork(1);
        UniformPlanOptions options;
        options.weightBits = 4;
        options.activationBits = 4;
        options.activationObserver = static_cast<Observer>(observer);
        const BitPlan plan = makeUniformPlan(model.info, options);
        BatchLoader images = test::digits(50, 16);
        RunControl control;
        const auto state = calibrate(model, plan, &images, at::kCPU, control);
        QVERIFY(state.has_value());
        QCOMPARE(state->weights.size(), std::size_t{6});
        QCOMPARE(state->activations.size(),
                 std::size_t{4}); // stem, relu1, relu2, flatten: the input stays float

        // The same tensor in one piece.
        const c10::InferenceMode inference;
        std::vector<at::Tensor> batches;
        BatchLoader again = test::digits(50, 16);
        while (auto batch = again.next()) {
            batches.push_back(batch->images);
        }
        graph::ExecutorOptions cut;
        cut.outputs = {*model.graph->findValue("block.relu1")};
        const at::Tensor whole = graph::Executor(model.graph, cut).run(at::cat(batches));
        const QuantParams direct =
            chooseQuantParams(whole, plan.findTensor("block.relu1")->activation, 1);
        const QuantParams& streamed = state->activations.at("block.relu1");
        QVERIFY(std::abs(direct.scale[0] / streamed.scale[0] - 1) < 1e-6);
        QCOMPARE(streamed.zeroPoint, direct.zeroPoint);
        QCOMPARE(state->activationRanges.at("block.relu1").high, whole.max().item<float>());
    }

    void onlyTheReadersSeeTheRoundedTensor()
    {
        const c10::InferenceMode inference;
        const LoadedModel model = test::smallResidualNetwork(2);
        BitPlan plan = makeUniformPlan(model.info, {});
        for (LayerPlan& layer : plan.layers) {
            layer.weight.bits = kFloatBits;
        }
        for (TensorPlan& tensor : plan.tensors) {
            tensor.activation.bits = tensor.name == "stem_relu" ? kPrunedBits : kFloatBits;
        }
        // With its input pruned to 0, both readers (conv1 and the shortcut) see nothing of the
        // image.
        const graph::Executor executor = makeQuantizedExecutor(model, plan, {}, at::kCPU);
        Rng rng(3);
        const at::Tensor first = executor.run(test::randomTensor({2, 1, 28, 28}, rng, 1));
        const at::Tensor second = executor.run(test::randomTensor({2, 1, 28, 28}, rng, 1));
        QVERIFY(first.equal(second));
    }

    void prunedWeightsAreZero()
    {
        const c10::InferenceMode inference;
        const LoadedModel model = test::smallResidualNetwork(2);
        BitPlan plan = makeUniformPlan(model.info, {});
        for (TensorPlan& tensor : plan.tensors) {
            tensor.activation.bits = kFloatBits;
        }
        for (LayerPlan& layer : plan.layers) {
            layer.weight.bits = layer.name == "fc" ? kPrunedBits : kFloatBits;
        }
        const at::Tensor logits =
            makeQuantizedExecutor(model, plan, weightGrids(model, plan), at::kCPU)
                .run(at::ones({3, 1, 28, 28}));
        QVERIFY(logits.equal(model.graph->findParameter("fc.bias")->tensor.expand({3, 10})));
    }

    void whatIsMissingIsSaid()
    {
        const LoadedModel model = test::smallResidualNetwork(2);
        const BitPlan plan = makeUniformPlan(model.info, {});
        RunControl control;
        QVERIFY(needsCalibrationImages(plan));
        BITLOOM_EXPECT_ERROR(calibrate(model, plan, nullptr, at::kCPU, control),
                             ErrorCode::InvalidArgument, "give calibration images with --data");
        BITLOOM_EXPECT_ERROR(makeQuantizedExecutor(model, plan, {}, at::kCPU),
                             ErrorCode::InvalidArgument, "no range");
        at::Tensor weight = model.graph->findParameter("fc.weight")->tensor.clone();
        weight[0][0] = NAN;
        weight[1][1] = INFINITY;
        const LoadedModel broken =
            describeModel(model.graph->withParameters({{"fc.weight", weight}}), {});
        const auto error = test::errorOf([&] { weightGrids(broken, plan); });
        QVERIFY(error.has_value());
        QVERIFY(error->code() == ErrorCode::NonFinite);
        QVERIFY2(QString(error->what()).contains("layer fc"), error->what());
    }

    void cancelEndsIt()
    {
        const LoadedModel model = test::smallResidualNetwork(2);
        BatchLoader images = test::digits(1000, 16);
        RunControl control;
        control.requestStop();
        QVERIFY(!calibrate(model, makeUniformPlan(model.info, {}), &images, at::kCPU, control)
                     .has_value());
        const graph::Executor executor = makeStoredExecutor(model, at::kCPU);
        const EvalResult result = evaluate(executor, images, at::kCPU, control);
        QVERIFY(!result.finished);
        QCOMPARE(result.images, 0);
    }
};

QTEST_GUILESS_MAIN(TestCalibration)
#include "tst_calibration.moc"
