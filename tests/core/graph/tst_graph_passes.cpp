// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/graph/architectures.h"
#include "core/graph/executor.h"
#include "core/graph/fingerprint.h"
#include "core/graph/graph_builder.h"
#include "core/graph/graph_text.h"
#include "core/graph/passes/decompose_attention.h"
#include "core/graph/passes/equalize_layers.h"
#include "core/graph/passes/find_layers.h"
#include "core/graph/passes/fold_batch_norm.h"
#include "core/graph/passes/training_mode.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include "tests/support/test_support.h"

using namespace bitloom;
using namespace bitloom::graph;

namespace {

at::Tensor randomTensor(const std::vector<std::int64_t>& shape, std::uint64_t seed)
{
    at::Tensor tensor = at::zeros(shape);
    Rng rng(seed);
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        tensor.mutable_data_ptr<float>()[i] = static_cast<float>(rng.normal());
    }
    return tensor;
}

/// The same graph with random parameters; variances and scales stay positive.
Graph withRandomParameters(const Graph& graph, std::uint64_t seed)
{
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const Parameter& parameter : graph.parameters()) {
        at::Tensor tensor = randomTensor(parameter.tensor.sizes().vec(), seed++);
        const bool isPositive = parameter.name.ends_with("running_var");
        tensors.emplace_back(parameter.name, isPositive ? tensor.abs() + 0.5 : tensor * 0.3);
    }
    return graph.withParameters(tensors);
}

at::Tensor runOn(const Graph& graph, const at::Tensor& x)
{
    return Executor(std::make_shared<const Graph>(graph)).run(x);
}

double relativeDifference(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>() / b.abs().max().item<double>();
}

std::size_t countOf(const Graph& graph, std::string_view op)
{
    return static_cast<std::size_t>(std::ranges::count(graph.nodes(), op, &Node::op));
}

/// One weighted layer and a normalisation behind it.
Graph layerAndNorm(const std::string& kind)
{
    GraphBuilder builder(kind);
    const bool isLinear = kind.starts_with("linear");
    const ValueIndex x =
        builder.addInput("x", kind == "linear tokens" ? std::vector<std::int64_t>{1, 6, 4}
                              : isLinear              ? std::vector<std::int64_t>{1, 4}
                                                      : std::vector<std::int64_t>{1, 4, 5, 5});
    const auto parameter = [&](const char* name, std::vector<std::int64_t> shape) {
        return arg(builder.addParameter(name, at::ones(shape)));
    };
    std::int64_t channels = 6;
    ValueIndex y = kNoValue;
    if (isLinear) {
        y = builder.add("aten::linear",
                        {arg(x), parameter("l.weight", {6, 4}), parameter("l.bias", {6})}, "l",
                        "l");
    } else if (kind == "transposed") {
        y = builder.add("aten::conv_transpose2d.input",
                        {arg(x), parameter("l.weight", {4, 3, 3, 3}), argNone(), arg(1), arg(0),
                         arg(0), arg(2)},
                        "l", "l");
    } else {
        const bool grouped = kind == "grouped";
        y = builder.add("aten::conv2d",
                        {arg(x), parameter("l.weight", {6, grouped ? 2 : 4, 3, 3}),
                         kind == "no bias" ? argNone() : parameter("l.bias", {6}), arg(1), arg(0),
                         arg(1), arg(grouped ? 2 : 1)},
                        "l", "l");
    }
    const ValueIndex norm =
        builder.add("aten::batch_norm",
                    {arg(y), kind == "no affine" ? argNone() : parameter("bn.weight", {channels}),
                     kind == "no affine" ? argNone() : parameter("bn.bias", {channels}),
                     arg(builder.addParameter("bn.running_mean", at::ones({channels}), true)),
                     arg(builder.addParameter("bn.running_var", at::ones({channels}), true)),
                     arg(kind == "training"), arg(0.1), arg(1e-3), arg(true)},
                    "bn", "bn");
    const ValueIndex out = builder.add("aten::relu", {arg(norm)}, "", "out");
    return builder.finish(kind == "two readers" ? std::vector<ValueIndex>{out, y}
                                                : std::vector<ValueIndex>{out});
}

Graph attentionGraph(const std::string& kind)
{
    GraphBuilder builder(kind);
    const ValueIndex x = builder.addInput("x", {1, 2, 5, 8});
    const ValueIndex k = builder.add("aten::mul.Scalar", {arg(x), arg(0.7)}, "", "k");
    Argument mask = argNone();
    if (kind == "additive mask") {
        mask = arg(builder.addParameter("mask", randomTensor({5, 5}, 3)));
    } else if (kind == "computed boolean mask") {
        const ValueIndex score = builder.add(
            "aten::matmul",
            {arg(x), arg(builder.add("aten::transpose.int", {arg(x), arg(2), arg(3)}, "", "xt"))},
            "", "xx");
        mask = arg(builder.add("aten::ge.Scalar", {arg(score), arg(0.0)}, "",
                               "mask")); // x.x >= 0: no row is empty
    }
    const Argument scale = kind == "scale" ? arg(0.25) : argNone();
    return builder.finish({builder.add("aten::scaled_dot_product_attention",
                                       {arg(x), arg(k), arg(x), mask, arg(0.0),
                                        arg(kind == "causal"), scale, arg(kind == "grouped heads")},
                                       "attn", "y")});
}

} // namespace

class TestGraphPasses : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalizesNeighbours_data();
    void equalizesNeighbours();
    void equalizationLeavesOthersAlone();
    void reluCapsGoAway();
    void trainingModeFlipsTheArguments();
    void trainingUpdatesOwnBuffersOnly();
    void normalisationByBatchStaysSo();
    void otherDevice();
    void foldedLayerComputesTheSame_data();
    void foldedLayerComputesTheSame();
    void foldLeavesAlone_data();
    void foldLeavesAlone();
    void foldedNetworkComputesTheSame_data();
    void foldedNetworkComputesTheSame();
    void attentionWrittenOut_data();
    void attentionWrittenOut();
    void attentionRefused();
};

void TestGraphPasses::trainingModeFlipsTheArguments()
{
    const Graph graph = buildArchitecture("mobilenet_v2", 0, InitialWeights::Meta);
    const Graph training = withTrainingMode(graph, true);
    std::size_t flipped = 0;
    for (const Node& node : training.nodes()) {
        flipped += node.op == "aten::batch_norm" && node.args[5].constant().toBool() ? 1 : 0;
        flipped += node.op == "aten::dropout" && node.args[2].constant().toBool() ? 1 : 0;
    }
    QCOMPARE(flipped, std::size_t{52 + 1});
    QCOMPARE(toString(withTrainingMode(training, false)), toString(graph));
}

void TestGraphPasses::trainingUpdatesOwnBuffersOnly()
{
    const Graph graph = layerAndNorm("plain");
    const Graph training = withTrainingMode(graph, true);
    const at::Tensor x = randomTensor({3, 4, 5, 5}, 1);
    const at::Tensor mean = training.findParameter("bn.running_mean")->tensor;
    const at::Tensor before = mean.clone();
    runOn(training, x);
    QVERIFY(!at::equal(mean, before));
    QVERIFY(at::equal(graph.findParameter("bn.running_mean")->tensor, before));
    QVERIFY(training.findParameter("l.weight")
                ->tensor.is_same(graph.findParameter("l.weight")->tensor));
    // Back in inference mode the new statistics are used.
    const Graph inference = withTrainingMode(training, false);
    QVERIFY(inference.findParameter("bn.running_mean")->tensor.is_same(mean));
}

void TestGraphPasses::normalisationByBatchStaysSo()
{
    GraphBuilder builder("no statistics");
    const ValueIndex x = builder.addInput("x", {1, 4, 5, 5});
    const Graph graph =
        builder.finish({builder.add("aten::batch_norm",
                                    {arg(x), argNone(), argNone(), argNone(), argNone(), arg(true),
                                     arg(0.1), arg(1e-5), arg(true)},
                                    "", "y")});
    QCOMPARE(toString(withTrainingMode(graph, false)), toString(graph));
}

void TestGraphPasses::otherDevice()
{
    // Meta is a device as good as any for this, and every machine has it.
    GraphBuilder builder("devices");
    const ValueIndex x = builder.addInput("x", {1, 4});
    const ValueIndex w = builder.addParameter("w", at::ones({4}));
    const ValueIndex ones = builder.add(
        "aten::ones", {argInts({4}), arg(6), argNone(), arg(c10::Device("cpu"))}, "", "ones");
    const Graph graph =
        builder.finish({builder.add("aten::addcmul", {arg(x), arg(w), arg(ones)}, "", "y")});
    const Graph moved = toDevice(graph, at::kMeta);
    QVERIFY(moved.findParameter("w")->tensor.is_meta());
    QVERIFY(!graph.findParameter("w")->tensor.is_meta());
    const at::Tensor y = runOn(moved, at::ones({1, 4}, at::kMeta));
    QVERIFY(y.is_meta());
    QCOMPARE(y.sizes().vec(), (std::vector<std::int64_t>{1, 4}));
}

void TestGraphPasses::foldedLayerComputesTheSame_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"plain", "no bias", "grouped", "transposed", "linear", "no affine"}) {
        QTest::newRow(kind) << kind;
    }
}

void TestGraphPasses::foldedLayerComputesTheSame()
{
    QFETCH(QString, kind);
    const Graph graph = withRandomParameters(layerAndNorm(kind.toStdString()), 7);
    const Graph folded = foldBatchNorm(graph);
    QCOMPARE(countOf(folded, "aten::batch_norm"), std::size_t{0});
    QCOMPARE(folded.parameters().size(), std::size_t{2});
    QVERIFY(folded.findParameter("l.weight") != nullptr &&
            folded.findParameter("l.bias") != nullptr);
    const at::Tensor x = randomTensor(kind == "linear" ? std::vector<std::int64_t>{3, 4}
                                                       : std::vector<std::int64_t>{3, 4, 5, 5},
                                      11);
    QVERIFY(relativeDifference(runOn(folded, x), runOn(graph, x)) < 1e-5);
    QVERIFY(!at::equal(folded.findParameter("l.weight")->tensor,
                       graph.findParameter("l.weight")->tensor));
}

void TestGraphPasses::foldLeavesAlone_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"two readers", "training", "linear tokens"}) {
        QTest::newRow(kind) << kind;
    }
}

void TestGraphPasses::foldLeavesAlone()
{
    QFETCH(QString, kind);
    const Graph graph = layerAndNorm(kind.toStdString());
    const Graph folded = foldBatchNorm(graph);
    QCOMPARE(toString(folded), toString(graph));
    QVERIFY(diffGraphs(folded, graph).empty());
}

void TestGraphPasses::foldedNetworkComputesTheSame_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("resnet20_cifar") << "resnet20_cifar";
    QTest::newRow("vgg7") << "vgg7";
}

void TestGraphPasses::foldedNetworkComputesTheSame()
{
    QFETCH(QString, name);
    const Graph plain = buildArchitecture(name.toStdString(), 2);
    std::vector<std::pair<std::string, at::Tensor>> statistics;
    for (const Parameter& parameter : plain.parameters()) {
        if (parameter.isBuffer) {
            statistics.emplace_back(
                parameter.name, randomTensor(parameter.tensor.sizes().vec(), 5).abs() * 0.2 + 0.1);
        }
    }
    const Graph graph = plain.withParameters(statistics);
    const Graph folded = foldBatchNorm(graph);
    QCOMPARE(countOf(folded, "aten::batch_norm"), std::size_t{0});
    const auto namesOf = [](const Graph& g) {
        std::vector<std::string> names;
        for (const LayerSite& site : findLayers(g)) {
            names.push_back(site.name);
        }
        return names;
    };
    QCOMPARE(namesOf(folded), namesOf(graph));
    const c10::InferenceMode inference;
    const at::Tensor x = randomTensor({2, 3, 32, 32}, 9);
    QVERIFY(relativeDifference(runOn(folded, x), runOn(graph, x)) < 1e-5);
}

void TestGraphPasses::attentionWrittenOut_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind :
         {"plain", "scale", "causal", "additive mask", "computed boolean mask"}) {
        QTest::newRow(kind) << kind;
    }
}

void TestGraphPasses::attentionWrittenOut()
{
    QFETCH(QString, kind);
    const Graph graph = attentionGraph(kind.toStdString());
    const Graph written = decomposeAttention(graph);
    QCOMPARE(countOf(written, "aten::scaled_dot_product_attention"), std::size_t{0});
    const at::Tensor x = randomTensor({3, 2, 5, 8}, 13);
    QVERIFY(relativeDifference(runOn(written, x), runOn(graph, x)) < 1e-5);
    const auto layers = findLayers(written);
    QCOMPARE(layers.back().name, std::string("attn.matmul_1"));
    QCOMPARE(written.value(written.outputs()[0]).name, std::string("y"));
}

void TestGraphPasses::attentionRefused()
{
    BITLOOM_EXPECT_ERROR(decomposeAttention(attentionGraph("grouped heads")),
                         ErrorCode::Unsupported,
                         "\"y\" (aten::scaled_dot_product_attention in attn)");
}

namespace {

/// Convolutions of every kind one behind the other, with ReLU between them: normalised, depthwise,
/// grouped, with a bias and without.
Graph chainOfConvolutions()
{
    GraphBuilder builder("chain");
    ValueIndex x = builder.addInput("input", {1, 3, 12, 12});
    const auto conv = [&](const std::string& name, std::int64_t in, std::int64_t out,
                          std::int64_t kernel, std::int64_t groups, bool withBias) {
        const ValueIndex weight =
            builder.addParameter(name + ".weight", at::zeros({out, in / groups, kernel, kernel}));
        const Argument bias =
            withBias ? arg(builder.addParameter(name + ".bias", at::zeros({out}))) : argNone();
        x = builder.add("aten::conv2d",
                        {arg(x), arg(weight), bias, argInts({1, 1}),
                         argInts({kernel / 2, kernel / 2}), argInts({1, 1}), arg(groups)},
                        name, name);
    };
    const auto norm = [&](const std::string& name, std::int64_t channels) {
        const auto parameter = [&](const char* part, bool isBuffer) {
            return builder.addParameter(name + part, at::ones({channels}), isBuffer);
        };
        const ValueIndex gamma = parameter(".weight", false);
        const ValueIndex beta = parameter(".bias", false);
        const ValueIndex mean = parameter(".running_mean", true);
        const ValueIndex variance = parameter(".running_var", true);
        x = builder.add("aten::batch_norm",
                        {arg(x), arg(gamma), arg(beta), arg(mean), arg(variance), arg(false),
                         arg(0.1), arg(1e-5), arg(false)},
                        name, name);
    };
    const auto relu = [&](const std::string& name) {
        x = builder.add("aten::relu", {arg(x)}, name, name);
    };
    conv("first", 3, 8, 3, 1, false);
    norm("norm1", 8);
    relu("relu1");
    conv("depthwise", 8, 8, 3, 8, false);
    norm("norm2", 8);
    relu("relu2");
    conv("pointwise", 8, 12, 1, 1, true);
    x = builder.add("aten::max_pool2d", {arg(x), argInts({2, 2}), argInts({2, 2})}, "pool", "pool");
    relu("relu3");
    conv("grouped", 12, 6, 3, 3, true);
    relu("relu4");
    conv("last", 6, 4, 1, 1, false);
    return builder.finish({x});
}

/// Per channel between two layers the largest magnitude in each of their folded weights.
std::pair<at::Tensor, at::Tensor> rangesBetween(const Graph& folded, const EqualizablePair& pair)
{
    const std::vector<LayerSite> layers = findLayers(folded);
    const at::Tensor first = folded.parameter(*layers[pair.first].weight).tensor.abs();
    const at::Tensor second = folded.parameter(*layers[pair.second].weight).tensor.abs();
    const std::int64_t groups = layers[pair.second].groups;
    std::vector<at::Tensor> inputs;
    for (std::int64_t g = 0; g < groups; ++g) { // each group reads channels of its own
        const std::int64_t outputs = second.size(0) / groups;
        inputs.push_back(second.narrow(0, g * outputs, outputs).amax({0, 2, 3}));
    }
    return {first.amax({1, 2, 3}), at::cat(inputs)};
}

} // namespace

void TestGraphPasses::equalizesNeighbours_data()
{
    QTest::addColumn<bool>("isMobileNet");
    QTest::addColumn<int>("pairs");
    QTest::newRow("every kind of convolution") << false << 4;
    // Expand to depthwise to project in 17 blocks, and two projections without a residual sum.
    QTest::newRow("MobileNetV2") << true << 36;
}

void TestGraphPasses::equalizesNeighbours()
{
    QFETCH(bool, isMobileNet);
    QFETCH(int, pairs);
    const Graph plain = isMobileNet ? withoutReluCaps(buildArchitecture("mobilenet_v2", 3))
                                    : withRandomParameters(chainOfConvolutions(), 11);
    // Channels of very different ranges, as depthwise convolutions have them.
    std::vector<std::pair<std::string, at::Tensor>> uneven;
    std::uint64_t seed = 100;
    for (const Parameter& parameter : plain.parameters()) {
        if (parameter.tensor.dim() == 4) {
            const at::Tensor factors =
                (randomTensor({parameter.tensor.size(0)}, seed++) * 1.5).exp();
            uneven.emplace_back(parameter.name, parameter.tensor * factors.reshape({-1, 1, 1, 1}));
        }
    }
    const Graph graph = isMobileNet ? plain : plain.withParameters(uneven);
    const std::vector<EqualizablePair> found = findEqualizablePairs(graph);
    QCOMPARE(found.size(), static_cast<std::size_t>(pairs));
    const Graph equal = equalizeLayers(graph);
    const at::Tensor x =
        isMobileNet ? randomTensor({2, 3, 64, 64}, 5) : randomTensor({2, 3, 12, 12}, 5);
    const double difference = relativeDifference(runOn(equal, x), runOn(graph, x));
    QVERIFY2(difference < 1e-5, qPrintable(QString::number(difference)));
    const Graph before = foldBatchNorm(graph);
    const Graph after = foldBatchNorm(equal);
    double worstBefore = 1;
    for (const EqualizablePair& pair : found) {
        const auto [b1, b2] = rangesBetween(before, pair);
        worstBefore = std::max(worstBefore, (b1 / b2).max().item<double>());
        const auto [r1, r2] = rangesBetween(after, pair);
        const double apart = (r1 / r2 - 1).abs().max().item<double>();
        QVERIFY2(apart < 0.02, qPrintable(QString::number(apart)));
    }
    QVERIFY(worstBefore > 2);
}

void TestGraphPasses::equalizationLeavesOthersAlone()
{
    // Two readers, a sigmoid, a cap: none of them lets a factor through.
    GraphBuilder builder("others");
    ValueIndex x = builder.addInput("input", {1, 4, 6, 6});
    int number = 0;
    const auto conv = [&](ValueIndex input) {
        const std::string name = "conv" + std::to_string(++number);
        const ValueIndex weight =
            builder.addParameter(name + ".weight", randomTensor({4, 4, 1, 1}, 20));
        return builder.add("aten::conv2d",
                           {arg(input), arg(weight), argNone(), argInts({1, 1}), argInts({0, 0}),
                            argInts({1, 1}), arg(std::int64_t{1})},
                           name, name);
    };
    const ValueIndex first = conv(x);
    const ValueIndex second = conv(first);
    ValueIndex sum =
        builder.add("aten::add.Tensor", {arg(first), arg(second), arg(1.0)}, "", "sum");
    sum = conv(builder.add("aten::sigmoid", {arg(conv(sum))}, "", "sigmoid"));
    const ValueIndex capped =
        builder.add("aten::hardtanh", {arg(sum), arg(0.0), arg(6.0)}, "", "capped");
    const Graph graph = builder.finish({conv(capped)});
    QVERIFY(findEqualizablePairs(graph).empty());
    QCOMPARE(findEqualizablePairs(withoutReluCaps(graph)).size(), std::size_t{1});
    QCOMPARE(fingerprint(equalizeLayers(graph)), fingerprint(graph));
}

void TestGraphPasses::reluCapsGoAway()
{
    const Graph graph = buildArchitecture("mobilenet_v2", 3);
    const Graph open = withoutReluCaps(graph);
    const auto count = [](const Graph& in, const std::string& op) {
        return std::ranges::count(in.nodes(), op, &Node::op);
    };
    QCOMPARE(count(open, "aten::hardtanh"), std::ptrdiff_t{0});
    QCOMPARE(count(open, "aten::relu"), count(graph, "aten::hardtanh"));
    QCOMPARE(open.parameters().size(), graph.parameters().size());
    const at::Tensor small = randomTensor({1, 3, 64, 64}, 8) * 1e-3;
    QVERIFY(relativeDifference(runOn(open, small), runOn(graph, small)) < 1e-5);
}

QTEST_GUILESS_MAIN(TestGraphPasses)
#include "tst_graph_passes.moc"
