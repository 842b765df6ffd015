// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/io/model_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"
#include "tests/core/io/packed_samples.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <algorithm>

using namespace bitloom;
using namespace bitloom::io;
namespace fs = std::filesystem;

/// The plan that weights without one give to the network that they are given to.
class TestWeightsPlan : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_file = fs::path(m_folder.path().toStdString()) / "weights.h5";

    /// Biases and the last layer as they are; the other weights as codes of many kinds.
    void writeLeNet() const
    {
        const LoadedModel network = openModel("arch:lenet5", {}, 0);
        PackedFileWriter writer(m_file, {});
        Rng rng(5);
        for (const graph::Parameter& parameter : network.graph->parameters()) {
            PackedTensor tensor = encodeParameter(parameter, nullptr);
            if (parameter.name.ends_with("weight") && parameter.name != "classifier.2.weight") {
                tensor = codesFor(parameter.name, tensor.shape);
                packIntegers(tensor, test::randomIntegers(tensor, rng));
            }
            writer.add(tensor);
        }
        writer.finish();
    }
    static PackedTensor codesFor(const std::string& name, const std::vector<std::int64_t>& shape)
    {
        PackedTensor tensor;
        tensor.name = name;
        tensor.shape = shape;
        const auto rows = static_cast<std::size_t>(shape.front());
        tensor.scale.assign(rows, 0.125F);
        tensor.bits = 3;
        if (name == "features.3.weight") { // every other channel is pruned, one is wider
            tensor.bits = PackedTensorHeader::kBitsPerRow;
            tensor.rowBits.assign(rows, 2);
            for (std::size_t row = 0; row < rows; row += 2) {
                tensor.rowBits[row] = 0;
            }
            tensor.rowBits[1] = 5;
        } else if (name == "classifier.0.weight") {
            tensor.groupSize = 128;
            tensor.scale.assign(rows * 8, 0.25F);
            tensor.bits = 4;
        }
        return tensor;
    }

private Q_SLOTS:
    void initTestCase() { writeLeNet(); }

    void bitsAreThoseOfTheCodes()
    {
        const LoadedModel model = openModel("arch:lenet5@" + m_file.string(), {}, 0);
        QVERIFY(model.stored.has_value());
        const BitPlan& plan = model.stored->plan;
        QVERIFY(checkPlanAgainst(plan, model.info).empty());
        const QuantSpec& uniform = plan.findLayer("features.0")->weight;
        QCOMPARE(uniform.bits, 3);
        QVERIFY(uniform.scheme == QScheme::Symmetric);
        QVERIFY(uniform.granularity == Granularity::PerChannel);
        const LayerPlan& mixed = *plan.findLayer("features.3");
        QCOMPARE(mixed.weight.bits, 5);
        QCOMPARE(mixed.prunedChannels.size(), std::size_t{32});
        QCOMPARE(plan.findLayer("classifier.0")->weight.bits, 4);
        QCOMPARE(plan.findLayer("classifier.2")->weight.bits, kFloatBits);
        for (const TensorPlan& tensor : plan.tensors) {
            QCOMPARE(tensor.activation.bits, kFloatBits);
        }
    }

    void whatIsNotKnownIsSaid()
    {
        const LoadedModel model = openModel("arch:lenet5@" + m_file.string(), {}, 0);
        const std::vector<Phrase>& gaps = model.stored->gaps;
        QCOMPARE(gaps.size(), std::size_t{3});
        const auto says = [&gaps](const char* text) {
            return std::ranges::any_of(gaps, [text](const Phrase& gap) {
                return textOf(gap).find(text) != std::string::npos;
            });
        };
        QVERIFY(says("how activations are rounded"));
        QVERIFY(says("the codes of classifier.0 have a scale for each group of columns"));
        QVERIFY(says("the codes of features.3 have several widths"));
    }

    void gridsAreKeptForTheirSpecsOnly()
    {
        const LoadedModel model = openModel("arch:lenet5@" + m_file.string(), {}, 0);
        const StoredQuantization& stored = *model.stored;
        QuantSpec spec = stored.plan.findLayer("features.0")->weight;
        const QuantParams* grid = stored.weightGrid("features.0", spec);
        QVERIFY(grid != nullptr);
        QCOMPARE(grid->scale, std::vector<float>(32, 0.125F));
        QCOMPARE(grid->quantMin, -4);
        spec.bits = 4;
        QVERIFY(stored.weightGrid("features.0", spec) == nullptr);
        const QuantSpec& grouped = stored.plan.findLayer("classifier.0")->weight;
        QVERIFY(stored.weightGrid("classifier.0", grouped) == nullptr);
        QVERIFY(stored.weightGrid("elsewhere", grouped) == nullptr);
    }
};

QTEST_GUILESS_MAIN(TestWeightsPlan)
#include "tst_weights_plan.moc"
