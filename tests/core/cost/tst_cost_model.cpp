// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/cost/cost_model.h"
#include "networks.h"
#include "tests/support/test_support.h"

using namespace bitloom;
using test::NetworkBuilder;

namespace {

ModelInfo lenet5()
{
    NetworkBuilder net("lenet5");
    net.conv("conv1", 1, 32, 5, 24, "input");
    net.conv("conv2", 32, 64, 5, 8, "conv1");
    net.linear("fc1", 1024, 512, "conv2");
    net.linear("fc2", 512, 10, "fc1", false);
    return net.done();
}

ModelInfo vgg7()
{
    NetworkBuilder net("vgg7");
    net.conv("c1", 3, 128, 3, 32, "input");
    net.conv("c2", 128, 128, 3, 32, "c1");
    net.conv("c3", 128, 256, 3, 16, "c2");
    net.conv("c4", 256, 256, 3, 16, "c3");
    net.conv("c5", 256, 512, 3, 8, "c4");
    net.conv("c6", 512, 512, 3, 8, "c5");
    net.linear("fc1", 8192, 1024, "c6");
    net.linear("fc2", 1024, 10, "fc1", false);
    return net.done();
}

ModelInfo resnet18()
{
    NetworkBuilder net("resnet18");
    net.conv("conv1", 3, 64, 7, 112, "input");
    std::string from = "conv1";
    std::int64_t in = 64;
    for (const auto& [out, size] : {std::pair{64, 56}, {128, 28}, {256, 14}, {512, 7}}) {
        for (int block = 0; block < 2; ++block) {
            const std::string name = std::to_string(out) + "." + std::to_string(block);
            net.conv(name + ".conv1", in, out, 3, size, from);
            net.conv(name + ".conv2", out, out, 3, size, name + ".conv1");
            if (in != out) {
                net.conv(name + ".downsample", in, out, 1, size, from, 1, false);
            }
            from = name + ".conv2";
            in = out;
        }
    }
    net.linear("fc", 512, 1000, from, false);
    return net.done();
}

ModelInfo resnet56()
{
    NetworkBuilder net("resnet56");
    net.conv("conv1", 3, 16, 3, 32, "input");
    std::string from = "conv1";
    std::int64_t in = 16;
    for (const auto& [out, size] : {std::pair{16, 32}, {32, 16}, {64, 8}}) {
        for (int conv = 0; conv < 18; ++conv) {
            const std::string name = std::to_string(out) + "." + std::to_string(conv);
            net.conv(name, in, out, 3, size, from);
            from = name;
            in = out;
        }
    }
    net.linear("fc", 64, 10, from, false);
    return net.done();
}

ModelInfo mobilenetV2()
{
    NetworkBuilder net("mobilenet_v2");
    net.conv("first", 3, 32, 3, 112, "input");
    std::string from = "first";
    std::int64_t in = 32;
    std::int64_t size = 112;
    struct Stage {
        std::int64_t expand, out, repeat, stride;
    };
    for (const Stage& stage : {Stage{1, 16, 1, 1},
                               {6, 24, 2, 2},
                               {6, 32, 3, 2},
                               {6, 64, 4, 2},
                               {6, 96, 3, 1},
                               {6, 160, 3, 2},
                               {6, 320, 1, 1}}) {
        for (std::int64_t i = 0; i < stage.repeat; ++i) {
            const std::string name = std::to_string(stage.out) + "." + std::to_string(i);
            const std::int64_t hidden = in * stage.expand;
            if (stage.expand != 1) {
                net.conv(name + ".expand", in, hidden, 1, size, from);
                from = name + ".expand";
            }
            size /= i == 0 ? stage.stride : 1;
            net.conv(name + ".depthwise", hidden, hidden, 3, size, from, hidden);
            net.conv(name + ".project", hidden, stage.out, 1, size, name + ".depthwise");
            from = name + ".project";
            in = stage.out;
        }
    }
    net.conv("last", 320, 1280, 1, 7, from);
    net.linear("fc", 1280, 1000, "last", false);
    return net.done();
}

BitPlan uniform(const ModelInfo& model, int weightBits, int activationBits)
{
    UniformPlanOptions options;
    options.weightBits = weightBits;
    options.activationBits = activationBits;
    return makeUniformPlan(model, options);
}

LayerInfo layerOf(std::vector<std::int64_t> shape, int axis = 0)
{
    LayerInfo layer;
    layer.weight = "w";
    layer.weightShape = std::move(shape);
    layer.weightAxis = axis;
    layer.weightBytes = 1000;
    return layer;
}

QuantSpec specOf(int bits, Granularity granularity, QScheme scheme = QScheme::Affine)
{
    QuantSpec spec;
    spec.bits = bits;
    spec.granularity = granularity;
    spec.scheme = scheme;
    return spec;
}

} // namespace

class TestCostModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The published table of relative BOPs (five decimals): MACs and each uniform width.
    void publishedTable_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<qlonglong>("macs");
        QTest::addColumn<double>("w2a2");
        QTest::addColumn<double>("w4a4");
        QTest::addColumn<double>("w16a16");
        QTest::addColumn<double>("w32a32");
        QTest::newRow("lenet5") << "lenet5" << 4267008LL << 0.51718 << 1.73124 << 23.65011
                                << 91.90065;
        QTest::newRow("vgg7") << "vgg7" << 615917568LL << 0.39736 << 1.57148 << 24.92818
                              << 99.56906;
        QTest::newRow("resnet18") << "resnet18" << 1814073344LL << 0.46686 << 1.66415 << 24.18682
                                  << 95.12090;
        QTest::newRow("resnet56") << "resnet56" << 125485696LL << 0.39476 << 1.56801 << 24.95593
                                  << 99.73561;
        QTest::newRow("mobilenet_v2")
            << "mobilenet_v2" << 300774272LL << 0.43285 << 1.61880 << 24.54958 << 97.29747;
    }
    void publishedTable()
    {
        QFETCH(QString, network);
        QFETCH(qlonglong, macs);
        QFETCH(double, w2a2);
        QFETCH(double, w4a4);
        QFETCH(double, w16a16);
        QFETCH(double, w32a32);
        const ModelInfo model = network == "lenet5"     ? lenet5()
                                : network == "vgg7"     ? vgg7()
                                : network == "resnet18" ? resnet18()
                                : network == "resnet56" ? resnet56()
                                                        : mobilenetV2();
        const auto percent = [&](int w, int a) {
            return computeCost(model, uniform(model, w, a)).bopsPercentOfFp32();
        };
        QCOMPARE(qlonglong{computeCost(model, uniform(model, 8, 8)).macs}, macs);
        constexpr double kHalfLastDigit = 0.5e-5;
        QVERIFY2(std::abs(percent(2, 2) - w2a2) <= kHalfLastDigit, QTest::toString(percent(2, 2)));
        QVERIFY2(std::abs(percent(4, 4) - w4a4) <= kHalfLastDigit, QTest::toString(percent(4, 4)));
        QCOMPARE(percent(8, 8), 6.25);
        QCOMPARE(percent(4, 8), 3.125);
        QVERIFY2(std::abs(percent(16, 16) - w16a16) <= kHalfLastDigit,
                 QTest::toString(percent(16, 16)));
        QVERIFY2(std::abs(percent(32, 32) - w32a32) <= kHalfLastDigit,
                 QTest::toString(percent(32, 32)));
    }

    void storedBytes()
    {
        // 6 rows of 3*3*3 = 27 codes: 27 * 4 = 108 bits = 4 words a row, 4 bytes each. 20/108 > 5 %
        // is wasted, so all 162 codes go into one row: 648 bits = 21 words.
        const LayerInfo small = layerOf({6, 3, 3, 3});
        QCOMPARE(storedWeightBytes(small, specOf(4, Granularity::PerTensor)).codes,
                 std::int64_t{84});
        // 64 rows of 576 codes at 3 bits: 1728 bits = 54 words exactly.
        const LayerInfo large = layerOf({64, 64, 3, 3});
        QCOMPARE(storedWeightBytes(large, specOf(3, Granularity::PerChannel)).codes,
                 std::int64_t{64 * 54 * 4});
        QCOMPARE(storedWeightBytes(large, specOf(3, Granularity::PerChannel)).scales,
                 std::int64_t{64 * 8});
        QCOMPARE(
            storedWeightBytes(large, specOf(3, Granularity::PerChannel, QScheme::Symmetric)).scales,
            std::int64_t{64 * 4});
        QCOMPARE(storedWeightBytes(large, specOf(3, Granularity::PerTensor)).scales,
                 std::int64_t{8});
        // Transposed convolution: the channels are axis 1.
        QCOMPARE(storedWeightBytes(layerOf({64, 10, 2, 2}, 1), specOf(8, Granularity::PerChannel))
                     .scales,
                 std::int64_t{10 * 8});
        QCOMPARE(storedWeightBytes(large, specOf(0, Granularity::PerChannel)).codes,
                 std::int64_t{0});
        QCOMPARE(storedWeightBytes(large, specOf(32, Granularity::PerChannel)).codes,
                 std::int64_t{1000});
        QCOMPARE(storedWeightBytes(large, specOf(32, Granularity::PerChannel)).scales,
                 std::int64_t{0});
    }

    void totalsAddUp()
    {
        ModelInfo model = resnet18();
        model.rawTensors = {{"fc.bias", 4000}, {"bn1.weight", 256}};
        model.storedBytes += 4256;
        const PlanCost cost = computeCost(model, uniform(model, 3, 5));
        std::int64_t bytes = cost.rawBytes;
        std::int64_t bops = 0;
        for (const LayerCost& layer : cost.layers) {
            bytes += layer.bytes();
            bops += layer.bops;
            QCOMPARE(layer.bops, layer.macs * layer.weightBits * layer.activationBits);
        }
        QCOMPARE(cost.rawBytes, std::int64_t{4256});
        QCOMPARE(cost.bytes, bytes);
        QCOMPARE(cost.bops, bops);
        QCOMPARE(cost.bytesFp32, model.storedBytes);
        QCOMPARE(cost.layers.front().activationBits, kImageBits);
        BitPlan asFloat = uniform(model, 32, 32);
        QCOMPARE(computeCost(model, asFloat).bytes, model.storedBytes);
        asFloat.findTensor("input")->activation.bits = 4;
        QCOMPARE(computeCost(model, asFloat).layers.front().activationBits, 4);
    }

    void matmulAndPruning()
    {
        NetworkBuilder net("attention");
        net.linear("query", 8, 8, "input");
        net.linear("key", 8, 8, "input");
        net.matmul("scores", 640, "query", "key");
        const ModelInfo model = net.done();
        BitPlan plan = uniform(model, 8, 8);
        plan.findTensor("query")->activation.bits = 4;
        plan.findTensor("key")->activation.bits = 3;
        PlanCost cost = computeCost(model, plan);
        QCOMPARE(cost.layers[2].bops, std::int64_t{640 * 12});
        QCOMPARE(cost.layers[2].bytes(), std::int64_t{0});
        plan.findLayer("query")->weight.bits = 0;
        cost = computeCost(model, plan);
        QCOMPARE(cost.layers[0].bops, std::int64_t{0});
        QCOMPARE(cost.layers[0].codeBytes, std::int64_t{0});
        // A pruned channel takes its share of the operations along.
        plan.findLayer("query")->weight.bits = 8;
        plan.findLayer("query")->prunedChannels = {0, 5};
        const std::int64_t whole = computeCost(model, uniform(model, 8, 8)).layers[0].bops;
        QCOMPARE(computeCost(model, plan).layers[0].bops, whole * 6 / 8);
    }

    void sharedWeightIsStoredOnce()
    {
        ModelInfo model = resnet18();
        const PlanCost apart = computeCost(model, uniform(model, 4, 4));
        model.layers[3].weight = model.layers[2].weight;
        const PlanCost shared = computeCost(model, uniform(model, 4, 4));
        QCOMPARE(shared.bytes, apart.bytes - apart.layers[3].bytes());
        QCOMPARE(shared.bops, apart.bops);
    }

    /// 500 random edits, each compared with a full recount.
    void trackerEqualsRecount()
    {
        ModelInfo model = resnet18();
        model.layers[3].weight = model.layers[2].weight;
        BitPlan plan = uniform(model, 8, 8);
        CostTracker tracker(model, plan);
        Rng rng(5);
        for (int i = 0; i < 500; ++i) {
            const auto drawn = static_cast<int>(rng.below(18));
            const int bits = drawn == 17 ? 32 : drawn;
            if (rng.below(2) == 0) {
                LayerPlan& layer = plan.layers[rng.below(plan.layers.size())];
                layer.weight.bits = bits;
                for (LayerPlan* twin : {&plan.layers[2], &plan.layers[3]}) {
                    if (&layer == &plan.layers[2] || &layer == &plan.layers[3]) {
                        twin->weight = layer.weight;
                    }
                }
                tracker.setWeight(layer.name, layer.weight);
            } else {
                TensorPlan& tensor = plan.tensors[rng.below(plan.tensors.size())];
                tensor.activation.bits = bits;
                tracker.setActivation(tensor.name, tensor.activation);
            }
            const PlanCost full = computeCost(model, plan);
            QCOMPARE(tracker.cost().bops, full.bops);
            QCOMPARE(tracker.cost().bytes, full.bytes);
            for (std::size_t l = 0; l < full.layers.size(); ++l) {
                QCOMPARE(tracker.cost().layers[l].bops, full.layers[l].bops);
                QCOMPARE(tracker.cost().layers[l].bytes(), full.layers[l].bytes());
                QCOMPARE(tracker.cost().layers[l].weightBits, full.layers[l].weightBits);
                QCOMPARE(tracker.cost().layers[l].activationBits, full.layers[l].activationBits);
            }
        }
    }

    void refused()
    {
        const ModelInfo model = lenet5();
        BitPlan plan = uniform(model, 4, 4);
        CostTracker tracker(model, plan);
        BITLOOM_EXPECT_ERROR(tracker.setWeight("conv9", {}), ErrorCode::NotFound, "no layer conv9");
        QuantSpec bad;
        bad.bits = 17;
        BITLOOM_EXPECT_ERROR(tracker.setWeight("conv1", bad), ErrorCode::InvalidArgument,
                             "found 17");
        plan.layers.pop_back();
        BITLOOM_EXPECT_ERROR(computeCost(model, plan), ErrorCode::ModelMismatch,
                             "no entry for the layer fc2");
        ModelInfo huge = model;
        huge.layers[0].macs = std::int64_t{1} << 60;
        BITLOOM_EXPECT_ERROR(computeCost(huge, uniform(huge, 4, 4)), ErrorCode::CorruptFile,
                             "too large");
    }
};

QTEST_GUILESS_MAIN(TestCostModel)
#include "tst_cost_model.moc"
