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
        BITLOOM_EXPECT_ERROR(editPlan(plan, "convv1", PlanEdit{}), ErrorCode::NotFound,
                             "matches 'convv1'; the nearest names are conv1");
    }
};

QTEST_GUILESS_MAIN(TestPlanEdit)
#include "tst_plan_edit.moc"
