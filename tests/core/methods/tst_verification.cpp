// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/cost_model.h"
#include "core/io/model_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_model.h"
#include "core/io/weight_source.h"
#include "core/methods/calibration.h"
#include "core/methods/quantized_executor.h"
#include "core/methods/verification.h"
#include "tests/core/methods/small_network.h"

#include <c10/core/InferenceMode.h>

#include "tests/support/test_support.h"

#include <QTemporaryDir>

using namespace bitloom;
namespace fs = std::filesystem;

namespace {

struct Packed {
    QTemporaryDir folder;
    fs::path path = fs::path(folder.path().toStdString()) / "model.h5";
    LoadedModel model;
    BitPlan plan;
    QuantState state;

    Packed(LoadedModel loaded, BitPlan bitPlan) : model(std::move(loaded)), plan(std::move(bitPlan))
    {
        RunControl control;
        BatchLoader images = test::digits(32, 32, DatasetSplit::Train);
        state = calibrate(model, plan, &images, at::kCPU, control).value();
        if (!test::writePacked(path, model, plan, state, control)) {
            qFatal("writing was cancelled");
        }
    }
    PackVerification verify(const LoadedModel* against) const
    {
        RunControl control;
        return verifyPackedFile(path, against, control);
    }
};

BitPlan mixedPlan(const ModelInfo& model)
{
    UniformPlanOptions options;
    options.weightBits = 3;
    options.activationBits = 5;
    BitPlan plan = makeUniformPlan(model, options);
    plan.findLayer("stem")->weight.bits = 32;
    plan.findLayer("block.conv2")->weight.bits = 11;
    plan.findLayer("block.shortcut")->weight.bits = 0;
    plan.findLayer("depthwise")->weight.granularity = Granularity::PerTensor;
    plan.findLayer("fc")->weight.scheme = QScheme::Symmetric;
    plan.findTensor("block.relu1")->activation.scheme = QScheme::Symmetric;
    plan.findTensor("flatten")->activation.bits = 32;
    return plan;
}

} // namespace

class TestVerification : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsPackedIsProven()
    {
        LoadedModel model = test::smallResidualNetwork(1);
        const Packed packed(model, mixedPlan(model.info));
        const PackVerification proof = packed.verify(&packed.model);
        for (const PackMismatch& mismatch : proof.mismatches) {
            qWarning("%s %s", mismatch.tensor.c_str(), mismatch.what.c_str());
        }
        QVERIFY(proof.sheet.verified);
        QCOMPARE(proof.sheet.payloadBytes, computeCost(model.info, packed.plan).bytes);
        QCOMPARE(proof.sheet.fileBytes, static_cast<std::int64_t>(fs::file_size(packed.path)));
        QCOMPARE(proof.sheet.metadataBytes, proof.sheet.fileBytes - proof.sheet.payloadBytes);
    }

    void packedFileIsAModel()
    {
        const c10::InferenceMode inference;
        LoadedModel model = test::smallResidualNetwork(2);
        const Packed packed(model, mixedPlan(model.info));
        const LoadedModel opened = openModel(packed.path.string(), {}, 0);
        QCOMPARE(opened.info.name, model.info.name);
        QCOMPARE(opened.info.fingerprint, model.info.fingerprint);
        QCOMPARE(opened.info.macs, model.info.macs);
        QVERIFY(opened.stored->plan == packed.plan);
        Rng rng(1);
        const at::Tensor images = test::randomTensor({5, 1, 28, 28}, rng, 1);
        const at::Tensor simulated =
            makeQuantizedExecutor(model, packed.plan, packed.state, at::kCPU).run(images);
        QVERIFY(makeStoredExecutor(opened, at::kCPU).run(images).equal(simulated));
    }

    /// An autoencoder with tied weights: one parameter, whose channels lie along another axis for
    /// the second layer. A file holds it once, on one grid.
    void aWeightThatIsReadTransposedTooHasOneGrid()
    {
        const c10::InferenceMode inference;
        Rng rng(11);
        graph::GraphBuilder builder("tied");
        const graph::ValueIndex x = builder.addInput("x", {1, 16});
        const graph::ValueIndex weight =
            builder.addParameter("w", test::randomTensor({8, 16}, rng, 0.2));
        const graph::ValueIndex code = builder.add(
            "aten::linear", {graph::arg(x), graph::arg(weight), graph::argNone()}, "enc", "enc");
        const graph::ValueIndex turned = builder.add("aten::t", {graph::arg(weight)}, "", "turned");
        const graph::ValueIndex y = builder.add(
            "aten::linear", {graph::arg(code), graph::arg(turned), graph::argNone()}, "dec", "dec");
        const LoadedModel model = describeModel(builder.finish({y}), {});
        QCOMPARE(model.info.layers.size(), std::size_t{2});
        QVERIFY(model.info.layers[0].weightAxis != model.info.layers[1].weightAxis);
        UniformPlanOptions options;
        options.weightBits = 4;
        options.activationBits = kFloatBits;
        const Packed packed(model, makeUniformPlan(model.info, options));
        QVERIFY(packed.verify(&packed.model).sheet.verified);
        const at::Tensor images = test::randomTensor({3, 16}, rng, 1);
        const LoadedModel opened = openModel(packed.path.string(), {}, 0);
        QVERIFY(
            makeStoredExecutor(opened, at::kCPU)
                .run(images)
                .equal(
                    makeQuantizedExecutor(model, packed.plan, packed.state, at::kCPU).run(images)));
    }

    void anExportInAnotherLayoutIsTheSameModel()
    {
        const c10::InferenceMode inference;
        LoadedModel model = test::smallResidualNetwork(7);
        const Packed packed(model, mixedPlan(model.info));
        RunControl control;
        const fs::path path = packed.path.parent_path() / "model.safetensors";
        ConversionRequest request;
        request.output = path.string();
        request.to = WeightFormat::CompressedTensors;
        QVERIFY(writeWeights(*io::requirePackedWeights(packed.path), request, control));
        const PackVerification proof = verifyPackedFile(path, &packed.model, control);
        for (const PackMismatch& mismatch : proof.mismatches) {
            qWarning("%s %s", mismatch.tensor.c_str(), mismatch.what.c_str());
        }
        QVERIFY(proof.sheet.verified);
        QCOMPARE(proof.sheet.fileBytes, static_cast<std::int64_t>(fs::file_size(path)));
        QVERIFY(proof.sheet.payloadBytes < proof.sheet.fileBytes);
        const LoadedModel first = openModel(packed.path.string(), {}, 0);
        const LoadedModel second = openModel(path.string(), {}, 0);
        QCOMPARE(second.info.fingerprint, model.info.fingerprint);
        QVERIFY(second.stored->plan == packed.plan);
        Rng rng(1);
        const at::Tensor images = test::randomTensor({5, 1, 28, 28}, rng, 1);
        QVERIFY(makeStoredExecutor(second, at::kCPU)
                    .run(images)
                    .equal(makeStoredExecutor(first, at::kCPU).run(images)));
        // Another model is noticed in it too, also in a tensor whose rows HDF5 joins.
        at::Tensor weight = model.graph->findParameter("depthwise.weight")->tensor.clone();
        weight[1] = weight[1] + 0.5;
        const LoadedModel other =
            describeModel(model.graph->withParameters({{"depthwise.weight", weight}}), {});
        const PackVerification differing = verifyPackedFile(path, &other, control);
        QVERIFY(std::any_of(
            differing.mismatches.begin(), differing.mismatches.end(),
            [](const PackMismatch& mismatch) { return mismatch.tensor == "depthwise.weight"; }));
    }

    /// Also where no code is looked at.
    void aNetworkThatLacksATensorIsNoticed()
    {
        LoadedModel model = test::smallResidualNetwork(6);
        const Packed packed(model, mixedPlan(model.info));
        const auto source = io::requirePackedWeights(packed.path);
        requireNetworkFits(*source);
        const fs::path path = packed.path.parent_path() / "lacking.h5";
        io::PackedFileWriter writer(path, source->meta());
        for (const io::PackedTensorHeader& header : source->tensors()) {
            if (header.name != "fc.bias") {
                writer.add(source->readTensor(header.name));
            }
        }
        writer.finish();
        BITLOOM_EXPECT_ERROR(requireNetworkFits(*io::requirePackedWeights(path)),
                             ErrorCode::CorruptFile,
                             "the tensor fc.bias, which the file does not hold");
    }

    void sameInputSameBytes()
    {
        qputenv("SOURCE_DATE_EPOCH", "1700000000");
        LoadedModel model = test::smallResidualNetwork(3);
        const Packed first(model, mixedPlan(model.info));
        const Packed second(model, mixedPlan(model.info));
        qunsetenv("SOURCE_DATE_EPOCH");
        QVERIFY(test::readFile(first.path) == test::readFile(second.path));
    }

    void anotherModelIsNoticed()
    {
        LoadedModel model = test::smallResidualNetwork(4);
        const Packed packed(model, mixedPlan(model.info));
        at::Tensor weight = model.graph->findParameter("fc.weight")->tensor.clone();
        weight[3][7] = weight[3][7] + 0.5;
        const LoadedModel other =
            describeModel(model.graph->withParameters({{"fc.weight", weight}}), {});
        const PackVerification proof = packed.verify(&other);
        QVERIFY(!proof.sheet.verified);
        QVERIFY(proof.mismatches.front().what.find("was packed from the model") !=
                std::string::npos);
        const bool named = std::any_of(
            proof.mismatches.begin(), proof.mismatches.end(),
            [](const PackMismatch& mismatch) { return mismatch.tensor == "fc.weight"; });
        QVERIFY(named);
    }

    void anyFlippedByteOfAPayloadIsNoticed()
    {
        LoadedModel model = test::smallResidualNetwork(5);
        const Packed packed(model, mixedPlan(model.info));
        std::string bytes = test::readFile(packed.path);
        // The raw bias of the last layer, found by its values.
        const at::Tensor bias = model.graph->findParameter("fc.bias")->tensor;
        const std::string values(static_cast<const char*>(bias.const_data_ptr()), bias.nbytes());
        const std::size_t at = bytes.find(values);
        QVERIFY(at != std::string::npos);
        bytes[at + 5] = static_cast<char>(bytes[at + 5] ^ 1);
        test::writeFile(packed.path, bytes);
        const auto error = test::errorOf([&] { packed.verify(nullptr); });
        QVERIFY(error.has_value());
        QVERIFY(error->code() == ErrorCode::CorruptFile);
        QVERIFY2(QString(error->what()).contains("fc.bias"), error->what());
    }

    void cancelLeavesNoFile()
    {
        LoadedModel model = test::smallResidualNetwork(6);
        const BitPlan plan = makeUniformPlan(model.info, {});
        RunControl control;
        BatchLoader images = test::digits(32, 32, DatasetSplit::Train);
        const QuantState state = calibrate(model, plan, &images, at::kCPU, control).value();
        control.requestStop();
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "model.h5";
        QVERIFY(!test::writePacked(path, model, plan, state, control));
        QVERIFY(fs::is_empty(path.parent_path()));
    }
};

QTEST_GUILESS_MAIN(TestVerification)
#include "tst_verification.moc"
