// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/plan_edit.h"
#include "small_model.h"
#include "tests/support/test_support.h"

using namespace bitloom;
using Names = std::vector<std::string>;

class TestPlanEdit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void uniformPlan()
    {
        UniformPlanOptions options;
        options.weightBits = 4;
        options.activationBits = 6;
        const BitPlan plan = makeUniformPlan(test::smallModel(), options);
        QCOMPARE(plan.modelFingerprint, std::string("sha256:small"));
        QCOMPARE(plan.findLayer("conv1")->weight.bits, 4);
        QVERIFY(plan.findLayer("conv1")->weight.granularity == Granularity::PerChannel);
        QVERIFY(!plan.findLayer("scores")->hasWeight);
        QCOMPARE(plan.findLayer("scores")->weight.bits, 32);
        QCOMPARE(plan.findTensor("input")->activation.bits, 32);
        QCOMPARE(plan.findTensor("relu1")->activation.bits, 6);
        QCOMPARE(plan.findTensor("relu1")->readers, (Names{"conv2", "shortcut"}));
        QVERIFY(plan.findTensor("relu1")->activation.granularity == Granularity::PerTensor);
        QVERIFY(plan.findLayer("nothing") == nullptr);
    }

    void boundaryLayers()
    {
        UniformPlanOptions options;
        options.weightBits = 3;
        options.activationBits = 4;
        options.boundaryBits = 8;
        const ModelInfo model = test::smallModel();
        const BitPlan plan = makeUniformPlan(model, options);
        QCOMPARE(plan.findLayer("conv1")->weight.bits, 8);
        QCOMPARE(plan.findLayer("conv2")->weight.bits, 3);
        // The last layer with a weight, not the matmul behind it.
        QCOMPARE(plan.findLayer("shortcut")->weight.bits, 8);
        QCOMPARE(plan.findTensor("relu1")->activation.bits, 8);
        QCOMPARE(plan.findTensor("query")->activation.bits, 4);
        QCOMPARE(plan.findTensor("input")->activation.bits, 32);
        options.quantizeInput = true;
        QCOMPARE(makeUniformPlan(model, options).findTensor("input")->activation.bits, 8);
        options.weightBits = 17;
        BITLOOM_EXPECT_ERROR(makeUniformPlan(model, options), ErrorCode::InvalidArgument,
                             "found 17");
    }

    void editByGlob()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        PlanEdit edit;
        edit.weightBits = 2;
        const PlanEditResult result = editPlan(plan, "conv*", edit);
        QCOMPARE(result.layers, (Names{"conv1", "conv2"}));
        QVERIFY(result.tensors.empty());
        QCOMPARE(plan.findLayer("conv2")->weight.bits, 2);
        QCOMPARE(plan.findLayer("shortcut")->weight.bits, 8);
        QCOMPARE(plan.findTensor("relu1")->activation.bits, 8);
    }

    void editsLayersByTheirExactNames()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        PlanEdit edit;
        edit.weightBits = 3;
        edit.activationBits = 4;
        const PlanEditResult result = editLayers(plan, {"conv2"}, edit);
        QCOMPARE(result.layers, Names{"conv2"});
        QCOMPARE(result.otherReaders, Names{"shortcut"});
        QCOMPARE(plan.findLayer("conv2")->weight.bits, 3);
        QCOMPARE(plan.findLayer("conv1")->weight.bits, 8);
        QCOMPARE(plan.findTensor("relu1")->activation.bits, 4);
        const BitPlan before = plan;
        BITLOOM_EXPECT_ERROR(editLayers(plan, {"conv1", "conv*"}, edit), ErrorCode::NotFound,
                             "conv*");
        QVERIFY(plan == before);
    }

    void editsTensorsByTheirExactNames()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        PlanEdit edit;
        edit.activationBits = 4;
        edit.weightBits = 2; // tensors have none
        QCOMPARE(editTensors(plan, {"relu1"}, edit).tensors, Names{"relu1"});
        QCOMPARE(plan.findTensor("relu1")->activation.bits, 4);
        QCOMPARE(plan.findTensor("query")->activation.bits, 8);
        QCOMPARE(plan.findLayer("conv2")->weight.bits, 8);
        BITLOOM_EXPECT_ERROR(editTensors(plan, {"conv1"}, edit), ErrorCode::NotFound, "conv1");
    }

    void everyFieldOfAnEntryCanBeSet()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        PlanEdit edit;
        edit.weightScheme = QScheme::Symmetric;
        edit.weightGranularity = Granularity::PerTensor;
        edit.weightObserver = Observer::Percentile;
        edit.weightPercentile = 99.5;
        edit.weightRange.emplace(ValueRange{-0.25F, 0.5F});
        edit.activationScheme = QScheme::Symmetric;
        edit.activationObserver = Observer::Percentile;
        edit.activationPercentile = 98;
        edit.activationRange.emplace(ValueRange{0, 6});
        QVERIFY(edit.changesWeights() && edit.changesActivations());
        editLayers(plan, {"conv2"}, edit);
        const QuantSpec& weight = plan.findLayer("conv2")->weight;
        QVERIFY(weight.scheme == QScheme::Symmetric);
        QVERIFY(weight.granularity == Granularity::PerTensor);
        QVERIFY(weight.observer == Observer::Percentile);
        QCOMPARE(weight.percentile, 99.5);
        QVERIFY(weight.range == (ValueRange{-0.25F, 0.5F}));
        const QuantSpec& activation = plan.findTensor("relu1")->activation;
        QVERIFY(activation.scheme == QScheme::Symmetric);
        QVERIFY(activation.observer == Observer::Percentile);
        QCOMPARE(activation.percentile, 98.0);
        QVERIFY(activation.range == (ValueRange{0, 6}));
        PlanEdit back;
        back.weightRange.emplace(std::nullopt);
        editLayers(plan, {"conv2"}, back);
        QVERIFY(!plan.findLayer("conv2")->weight.range);
        QVERIFY(plan.findTensor("relu1")->activation.range.has_value());
    }

    void sharedActivationIsReported()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        PlanEdit edit;
        edit.activationBits = 5;
        const PlanEditResult result = editPlan(plan, "conv2", edit);
        QCOMPARE(result.tensors, Names{"relu1"});
        QCOMPARE(result.otherReaders, Names{"shortcut"});
        QCOMPARE(plan.findTensor("relu1")->activation.bits, 5);
        QCOMPARE(plan.findLayer("conv2")->weight.bits, 8);
        const PlanEditResult byName = editPlan(plan, "query", edit);
        QVERIFY(byName.layers.empty());
        QCOMPARE(byName.tensors, Names{"query"});
        QCOMPARE(byName.otherReaders, Names{"scores"});
    }

    void matmulWeightsAreLeftAlone()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        PlanEdit edit;
        edit.weightBits = 2;
        QCOMPARE(editPlan(plan, "*", edit).layers.size(), std::size_t{4});
        QCOMPARE(plan.findLayer("scores")->weight.bits, 32);
    }

    void refusedEditsChangeNothing()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        const BitPlan before = plan;
        PlanEdit edit;
        edit.weightBits = 17;
        BITLOOM_EXPECT_ERROR(editPlan(plan, "*", edit), ErrorCode::InvalidArgument, "found 17");
        QVERIFY(plan == before);
        edit.weightBits = 1;
        edit.weightScheme = QScheme::Symmetric;
        BITLOOM_EXPECT_ERROR(editPlan(plan, "*", edit), ErrorCode::InvalidArgument, "at least 2");
        QVERIFY(plan == before);
        PlanEdit range;
        range.weightRange.emplace(ValueRange{-1, 1});
        BITLOOM_EXPECT_ERROR(editPlan(plan, "conv1", range), ErrorCode::InvalidArgument,
                             "conv1: weight.range: a fixed range needs the granularity per_tensor");
        PlanEdit percentile;
        percentile.activationPercentile = 50;
        BITLOOM_EXPECT_ERROR(editPlan(plan, "conv2", percentile), ErrorCode::InvalidArgument,
                             "relu1: activation.percentile: found 50");
        QVERIFY(plan == before);
        BITLOOM_EXPECT_ERROR(editPlan(plan, "convv1", PlanEdit{}), ErrorCode::NotFound,
                             "matches 'convv1'; the nearest names are conv1");
    }
};

QTEST_GUILESS_MAIN(TestPlanEdit)
#include "tst_plan_edit.moc"
