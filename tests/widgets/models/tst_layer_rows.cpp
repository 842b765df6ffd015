// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_rows.h"

#include <QtTest>

using namespace bitloom;

namespace {
/// conv1 and conv2 read the same tensor; a matmul multiplies their outputs.
ModelInfo twoBranches()
{
    const auto conv = [](const std::string& name, std::int64_t macs) {
        LayerInfo layer;
        layer.name = name;
        layer.op = "aten::conv2d";
        layer.weight = name + ".weight";
        layer.weightShape = {4, 3, 3, 3};
        layer.macs = macs;
        layer.parameters = 108;
        layer.inputs = {"input"};
        return layer;
    };
    LayerInfo product;
    product.name = "attention.matmul0";
    product.kind = LayerKind::MatMul;
    product.op = "aten::matmul";
    product.macs = 10;
    product.inputs = {"a", "b"};
    ModelInfo model;
    model.layers = {conv("attention.a", 100), conv("b", 200), product};
    model.tensors = {{"input", {1, 3, 8, 8}, true, {"attention.a", "b"}},
                     {"a", {1, 4}, false, {"attention.matmul0"}},
                     {"b", {1, 4}, false, {"attention.matmul0"}}};
    return model;
}
} // namespace

class TestLayerRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rowsOfAModelUnderAPlan()
    {
        const ModelInfo model = twoBranches();
        ui::LayerRows rows = ui::layerRowsOf(model);
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(rows[0].scope, QStringLiteral("attention"));
        QCOMPARE(rows[1].scope, QString());
        QCOMPARE(rows[0].sharedInput, QStringList{QStringLiteral("b")});
        QVERIFY(!rows[2].hasWeight);
        rows[0].predictedLoss = 0.5;
        rows[1].locked = true;

        BitPlan plan = makeUniformPlan(model, {});
        plan.findLayer("b")->weight.bits = 3;
        plan.findTensor("a")->activation.bits = 6;
        PlanCost cost;
        cost.bops = 400;
        cost.layers.resize(3);
        for (std::size_t i = 0; i < 3; ++i) {
            cost.layers[i].name = model.layers[i].name;
        }
        cost.layers[1].bops = 100;
        cost.layers[1].codeBytes = 40;
        cost.layers[1].scaleBytes = 16;
        ui::applyPlan(rows, model, plan, cost);
        QCOMPARE(rows[0].weight.bits, 8);
        QCOMPARE(rows[1].weight.bits, 3);
        QCOMPARE(rows[0].activation.bits, 32); // the image
        QCOMPARE(rows[2].activation.bits, 6);
        QCOMPARE(rows[2].secondActivationBits, std::optional<int>(8));
        QCOMPARE(rows[1].bytes, 56);
        QCOMPARE(rows[1].bopsShare, 0.25);
        QCOMPARE(rows[0].predictedLoss, std::optional<double>(0.5));
        QVERIFY(rows[1].locked);
    }

    void planWithoutLayersChangesNothing()
    {
        const ModelInfo model = twoBranches();
        ui::LayerRows rows = ui::layerRowsOf(model);
        const ui::LayerRows before = rows;
        ui::applyPlan(rows, model, BitPlan(), PlanCost());
        QCOMPARE(rows, before);
    }

    void legalWidths()
    {
        ui::LayerRow row;
        const auto weights = [&row] { return ui::legalBits(row, ui::BitTarget::Weights); };
        const auto activations = [&row] { return ui::legalBits(row, ui::BitTarget::Activations); };
        QCOMPARE(weights().size(), 18); // 0..16 and 32
        QCOMPARE(weights().first(), kPrunedBits);
        QCOMPARE(weights().last(), kFloatBits);
        QCOMPARE(activations().first(), 1); // an input of zeros makes no sense
        row.weight.scheme = QScheme::Symmetric;
        QVERIFY(!weights().contains(1));
        QVERIFY(weights().contains(2));
        row.hasWeight = false;
        QVERIFY(weights().isEmpty());
        QVERIFY(!activations().isEmpty());
        row.locked = true;
        QVERIFY(activations().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestLayerRows)
#include "tst_layer_rows.moc"
