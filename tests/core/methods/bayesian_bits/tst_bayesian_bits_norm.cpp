// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_builder.h"
#include "core/graph/passes/training_mode.h"
#include "core/io/model_file.h"
#include "core/methods/bayesian_bits/folded_norm.h"
#include "core/methods/bayesian_bits/gated_network.h"

#include "tests/core/methods/bayesian_bits/vectors.h"
#include "tests/core/methods/small_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

using namespace bitloom;
using namespace bitloom::bayesian_bits;
using nlohmann::json;

namespace {

constexpr double kNormTolerance = 1e-5;

/// The vectors' convolution 2 -> 3 with normalisation and ReLU, and a layer behind it that gives
/// its input back, so that the activation gets its quantizer.
LoadedModel foldedModel(const json& vectors)
{
    using namespace graph;
    GraphBuilder builder("folded");
    const ValueIndex input = builder.addInput("input", {1, 2, 4, 4});
    const auto parameter = [&](const std::string& name, const std::string& key,
                               const std::vector<std::int64_t>& shape, bool isBuffer = false) {
        return arg(builder.addParameter(name, test::tensorFrom(vectors[key], shape), isBuffer));
    };
    const ValueIndex conv =
        builder.add("aten::conv2d",
                    {arg(input), parameter("conv.weight", "w", {3, 2, 3, 3}), argNone(),
                     argInts({1, 1}), argInts({1, 1}), argInts({1, 1}), arg(std::int64_t{1})},
                    "conv", "conv");
    const ValueIndex norm = builder.add(
        "aten::batch_norm",
        {arg(conv), parameter("bn.weight", "bn_gamma", {3}), parameter("bn.bias", "bn_beta", {3}),
         parameter("bn.running_mean", "running_mean", {3}, true),
         parameter("bn.running_var", "running_var", {3}, true), arg(false),
         arg(vectors["momentum"].get<double>()), arg(vectors["eps"].get<double>()), arg(false)},
        "bn", "bn");
    const ValueIndex relu = builder.add("aten::relu", {arg(norm)}, "", "relu");
    at::Tensor identity = at::zeros({3, 3, 1, 1});
    for (std::int64_t c = 0; c < 3; ++c) {
        identity[c][c] = 1.0;
    }
    const ValueIndex last =
        builder.add("aten::conv2d",
                    {arg(relu), arg(builder.addParameter("last.weight", identity)), argNone(),
                     argInts({1, 1}), argInts({0, 0}), argInts({1, 1}), arg(std::int64_t{1})},
                    "last", "last");
    return describeModel(builder.finish({last}), {});
}

const json& caseOf(const json& vectors, const std::string& mode)
{
    for (const json& each : vectors["cases"]) {
        if (each["mode"] == mode) {
            return each;
        }
    }
    qFatal("no such case");
}

/// Every random number of the vectors is 0.5.
GateNoise halves(const GatedNetwork& network)
{
    return {0, 0, at::full({network.layout().gates()}, 0.5)};
}

/// Ranges as the vectors have them, and a last weight whose quantizer is exact for 0 and 1.
void setRanges(GatedNetwork& network, const json& expected)
{
    const at::NoGradGuard noGradients;
    NamedTensors state = network.state();
    for (auto& [name, tensor] : state) {
        if (name == "ranges/x_max") {
            tensor[0] = expected["w_x_max"].get<double>();
            tensor[1] = expected["a_x_max"].get<double>();
            tensor[2] = 1.5;
        } else if (name == "ranges/signed") {
            tensor[0] = 1;
            tensor[1] = 0;
            tensor[2] = 1;
        } else if (name == "ranges/are_set") {
            tensor[0] = 1;
        } else if (name == "gates/logits") {
            tensor.narrow(0, network.layout().levelsAt(2), 4).fill_(-6); // 2 bits: -1, 0 and 1
        }
    }
    network.restore(state);
}

NetworkOptions vectorOptions(const json& vectors)
{
    NetworkOptions options;
    for (std::size_t k = 0; k < 4; ++k) {
        options.levelLogits[k] = vectors["gamma_inits"][k].get<double>();
    }
    return options;
}

at::Tensor gradientOf(const GatedNetwork& network, const std::string& name)
{
    for (const auto& [each, tensor] : network.weights()) {
        if (each == name) {
            return tensor.grad().reshape({-1});
        }
    }
    qFatal("no such weight");
}

at::Tensor stateOf(const GatedNetwork& network, const std::string& name)
{
    for (const auto& [each, tensor] : network.state()) {
        if (each == name) {
            return tensor;
        }
    }
    qFatal("no such state");
}

/// What normalizeFromQuantized() is defined as, left to autograd; channels: 0 to 2 vary.
at::Tensor normalizedByDefinition(const at::Tensor& y, const FoldedNorm& norm)
{
    const at::Tensor sigma = (norm.variance + norm.eps).sqrt();
    std::vector<at::Tensor> channels;
    for (std::int64_t c = 0; c < y.size(1); ++c) {
        const at::Tensor q = y.select(1, c);
        if (c > 2) {
            channels.push_back(q + norm.beta[c] - norm.gamma[c] * norm.mean[c] / sigma[c]);
            continue;
        }
        // The unquantized half is taken for q * sigma / gamma.
        const at::Tensor plain = q * (sigma[c] / norm.gamma[c]);
        const at::Tensor mean = plain.mean();
        const at::Tensor deviation = ((plain - mean).square().mean() + norm.eps).sqrt();
        channels.push_back(q * sigma[c] / deviation + norm.beta[c] -
                           norm.gamma[c] * mean / deviation);
    }
    return at::stack(channels, 1);
}

} // namespace

class TestBayesianBitsNorm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void trainingAsPublished_data();
    void trainingAsPublished();
    void withoutQuantizationAsPublished();
    void evaluationAsPublished();
    void equalsPlainTrainingWithoutQuantizers_data();
    void equalsPlainTrainingWithoutQuantizers();
    void fromQuantizedKeepsPrunedChannels();
    void fromQuantizedHasTheGradientsOfItsDefinition();
    void observingLeavesUsedStatisticsAlone();
    void cachedWeightsFollowChanges();
};

void TestBayesianBitsNorm::trainingAsPublished_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<int>("statistics");
    QTest::newRow("batch statistics") << "train" << static_cast<int>(NormStatistics::Exact);
    QTest::newRow("frozen") << "train_frozen" << static_cast<int>(NormStatistics::Frozen);
}

void TestBayesianBitsNorm::trainingAsPublished()
{
    QFETCH(QString, mode);
    QFETCH(int, statistics);
    const json vectors = test::networkVectors("bn_folded_conv");
    const json& expected = caseOf(vectors, mode.toStdString());
    NetworkOptions options = vectorOptions(vectors);
    options.statistics = static_cast<NormStatistics>(statistics);
    GatedNetwork network(foldedModel(vectors), options, at::kCPU);
    setRanges(network, expected);
    at::Tensor images = test::tensorFrom(vectors["x"], {2, 2, 4, 4});
    images.set_requires_grad(true);
    const at::Tensor y = *network.forward(images, halves(network));
    QVERIFY(test::largestError(y.reshape({-1}), expected["y"]) < kNormTolerance);
    y.backward(test::tensorFrom(vectors["upstream"], {2, 3, 4, 4}));
    const auto check = [&](const at::Tensor& ours, const char* key) {
        QVERIFY2(test::largestError(ours, expected[key]) < kNormTolerance, key);
    };
    check(images.grad().reshape({-1}), "dx");
    check(gradientOf(network, "conv.weight"), "dw");
    check(gradientOf(network, "bn.weight"), "dbn_gamma");
    check(gradientOf(network, "bn.bias"), "dbn_beta");
    check(stateOf(network, "statistics/conv.mean"), "running_mean");
    check(stateOf(network, "statistics/conv.variance"), "running_var");
    const at::Tensor ranges = network.ranges().grad();
    QVERIFY(test::largestError(ranges.narrow(0, 0, 1), json::array({expected["dw_x_max"]})) <
            kNormTolerance);
    QVERIFY(test::largestError(ranges.narrow(0, 1, 1), json::array({expected["da_x_max"]})) <
            kNormTolerance);
}

void TestBayesianBitsNorm::withoutQuantizationAsPublished()
{
    const json vectors = test::networkVectors("bn_folded_conv");
    const json& expected = caseOf(vectors, "train_fp");
    GatedNetwork network(foldedModel(vectors),
                         {.sites = {.pruning = false}, .mode = QuantizerMode::PruneOnly}, at::kCPU);
    at::Tensor images = test::tensorFrom(vectors["x"], {2, 2, 4, 4});
    images.set_requires_grad(true);
    const at::Tensor y = *network.forward(images, halves(network));
    QVERIFY(test::largestError(y.reshape({-1}), expected["y"]) < kNormTolerance);
    y.backward(test::tensorFrom(vectors["upstream"], {2, 3, 4, 4}));
    QVERIFY(test::largestError(images.grad().reshape({-1}), expected["dx"]) < kNormTolerance);
    QVERIFY(test::largestError(gradientOf(network, "conv.weight"), expected["dw"]) <
            kNormTolerance);
    QVERIFY(test::largestError(gradientOf(network, "bn.weight"), expected["dbn_gamma"]) <
            kNormTolerance);
    QVERIFY(test::largestError(stateOf(network, "statistics/conv.variance"),
                               expected["running_var"]) < kNormTolerance);
}

void TestBayesianBitsNorm::evaluationAsPublished()
{
    const json vectors = test::networkVectors("bn_folded_conv");
    const json& expected = caseOf(vectors, "eval");
    GatedNetwork network(foldedModel(vectors), vectorOptions(vectors), at::kCPU);
    setRanges(network, expected);
    const at::NoGradGuard noGradients;
    const at::Tensor y = network.evaluation().run(test::tensorFrom(vectors["x"], {2, 2, 4, 4}));
    // Channel 0 of the published numbers comes from a weight that its code had cached in an earlier
    // pass with a sampled, fractional gate; in evaluation a gate is 0 or 1.
    const at::Tensor published = test::tensorFrom(expected["y"], {2, 3, 4, 4});
    QVERIFY((y - published).narrow(1, 1, 2).abs().max().item<double>() < kNormTolerance);
    QVERIFY(test::largestError(stateOf(network, "statistics/conv.mean"),
                               expected["running_mean"]) == 0);
}

void TestBayesianBitsNorm::equalsPlainTrainingWithoutQuantizers_data()
{
    QTest::addColumn<int>("statistics");
    QTest::newRow("exact") << static_cast<int>(NormStatistics::Exact);
    QTest::newRow("from quantized") << static_cast<int>(NormStatistics::FromQuantized);
}

/// With nothing quantized, a network with folded normalisations trains as the plain one: outputs,
/// gradients and running statistics. The network has strides, shortcuts and a layer without norm.
void TestBayesianBitsNorm::equalsPlainTrainingWithoutQuantizers()
{
    QFETCH(int, statistics);
    const LoadedModel model = test::smallResidualNetwork(5);
    GatedNetwork network(model,
                         {.sites = {.pruning = false},
                          .mode = QuantizerMode::PruneOnly,
                          .statistics = static_cast<NormStatistics>(statistics)},
                         at::kCPU);
    Rng rng(9);
    const at::Tensor images = test::randomTensor({8, 1, 28, 28}, rng, 1);
    const at::Tensor upstream = test::randomTensor({8, 10}, rng, 1);

    std::vector<std::pair<std::string, at::Tensor>> copies;
    for (const graph::Parameter& parameter : model.graph->parameters()) {
        copies.emplace_back(parameter.name, parameter.tensor.clone());
    }
    const auto plain = std::make_shared<const graph::Graph>(
        graph::withTrainingMode(model.graph->withParameters(copies), true));
    for (const graph::Parameter& parameter : plain->parameters()) {
        at::Tensor tensor = parameter.tensor;
        tensor.set_requires_grad(!parameter.isBuffer);
    }
    const at::Tensor expected = graph::Executor(plain).run(images);
    expected.backward(upstream);
    const at::Tensor found = *network.forward(images, halves(network));
    found.backward(upstream);
    const auto isNear = [](const at::Tensor& a, const at::Tensor& b) {
        return (a - b).abs().max().item<double>() <=
               2e-5 * std::max(1.0, b.abs().max().item<double>());
    };
    QVERIFY(isNear(found, expected));
    for (const auto& [name, tensor] : network.weights()) {
        QVERIFY2(isNear(tensor.grad(), plain->findParameter(name)->tensor.grad()), name.c_str());
    }
    QVERIFY(isNear(stateOf(network, "statistics/stem.mean"),
                   plain->findParameter("stem_bn.running_mean")->tensor));
    QVERIFY(isNear(stateOf(network, "statistics/block.conv2.variance"),
                   plain->findParameter("block.bn2.running_var")->tensor));
}

void TestBayesianBitsNorm::fromQuantizedKeepsPrunedChannels()
{
    const json vectors = test::networkVectors("bn_folded_conv");
    NetworkOptions options = vectorOptions(vectors);
    options.statistics = NormStatistics::FromQuantized;
    GatedNetwork network(foldedModel(vectors), options, at::kCPU);
    setRanges(network, caseOf(vectors, "train"));
    {
        const at::NoGradGuard noGradients;
        network.logits()[network.layout().channelsAt(0) + 1] = -8.0; // certainly closed
    }
    const at::Tensor y =
        *network.forward(test::tensorFrom(vectors["x"], {2, 2, 4, 4}), halves(network));
    const at::Tensor pruned = y.select(1, 1).detach();
    QCOMPARE(pruned.max().item<float>(), pruned.min().item<float>()); // a constant
    QCOMPARE(stateOf(network, "statistics/conv.mean")[1].item<float>(), -0.1F);
    QCOMPARE(stateOf(network, "statistics/conv.variance")[1].item<float>(), 1.5F);
    QVERIFY(stateOf(network, "statistics/conv.mean")[0].item<float>() != 0.05F);
    y.sum().backward();
    QVERIFY(gradientOf(network, "bn.weight").isfinite().all().item<bool>());
}

void TestBayesianBitsNorm::fromQuantizedHasTheGradientsOfItsDefinition()
{
    at::manual_seed(3);
    const auto options = at::TensorOptions(at::kDouble);
    at::Tensor y = at::randn({4, 5, 3, 2}, options);
    y.select(1, 3).fill_(0.25); // does not vary
    y.select(1, 4).fill_(0);    // of a scale that is 0
    const at::Tensor upstream = at::randn({4, 5, 3, 2}, options);
    FoldedNorm norm;
    norm.gamma = at::tensor({0.7, -1.3, 0.2, 0.9, 0.0}, options);
    norm.beta = at::tensor({0.1, -0.2, 0.3, 0.4, 0.5}, options);
    norm.mean = at::tensor({0.3, 0.1, -0.4, 0.2, 0.6}, options);
    norm.variance = at::tensor({1.5, 0.5, 0.8, 1.1, 0.9}, options);
    norm.eps = 0.05; // so large that its share of the gradients shows
    norm.momentum = 0.1;
    std::vector<std::vector<at::Tensor>> gradients;
    for (const bool byDefinition : {true, false}) {
        FoldedNorm own = norm;
        own.mean = norm.mean.clone();
        own.variance = norm.variance.clone();
        own.gamma = norm.gamma.clone().set_requires_grad(true);
        own.beta = norm.beta.clone().set_requires_grad(true);
        const at::Tensor x = y.clone().set_requires_grad(true);
        const at::Tensor out =
            byDefinition ? normalizedByDefinition(x, own) : normalizeFromQuantized(x, own);
        out.backward(upstream);
        gradients.push_back({out.detach(), x.grad(), own.gamma.grad(), own.beta.grad()});
    }
    for (std::size_t i = 0; i < gradients[0].size(); ++i) {
        const double error = (gradients[0][i] - gradients[1][i]).abs().max().item<double>();
        QVERIFY2(error < 1e-12, qPrintable(QStringLiteral("%1: %2").arg(i).arg(error)));
    }
}

void TestBayesianBitsNorm::observingLeavesUsedStatisticsAlone()
{
    const json vectors = test::networkVectors("bn_folded_conv");
    GatedNetwork network(foldedModel(vectors), {}, at::kCPU);
    const at::Tensor images = test::tensorFrom(vectors["x"], {2, 2, 4, 4});
    network.observe(images);
    network.observe(images * 2);
    network.finishObserving();
    QVERIFY(test::largestError(stateOf(network, "statistics/conv.mean"), vectors["running_mean"]) ==
            0);
    // A new network's statistics become those of the images.
    json fresh = vectors;
    fresh["running_mean"] = {0, 0, 0};
    fresh["running_var"] = {1, 1, 1};
    GatedNetwork other(foldedModel(fresh), {}, at::kCPU);
    other.observe(images);
    other.finishObserving();
    // One batch with momentum 0.1 gave the vectors' values: ours takes the batch's own.
    const json& expected = caseOf(vectors, "train");
    for (std::int64_t c = 0; c < 3; ++c) {
        const auto i = static_cast<std::size_t>(c);
        const double before = vectors["running_mean"][i].get<double>();
        const double batch = (expected["running_mean"][i].get<double>() - 0.9 * before) / 0.1;
        QVERIFY(std::fabs(stateOf(other, "statistics/conv.mean")[c].item<double>() - batch) < 1e-5);
    }
    // The largest magnitude, also where it is negative.
    const at::Tensor weight = test::tensorFrom(vectors["w"], {3, 2, 3, 3});
    QVERIFY(other.ranges()[0].item<double>() > 0);
    QVERIFY(other.isSigned(0));
    QVERIFY(!other.isSigned(1));
}

/// A change of gates shows in the next evaluation, though quantized weights are cached.
void TestBayesianBitsNorm::cachedWeightsFollowChanges()
{
    const json vectors = test::networkVectors("bn_folded_conv");
    GatedNetwork network(foldedModel(vectors), vectorOptions(vectors), at::kCPU);
    setRanges(network, caseOf(vectors, "eval"));
    const at::Tensor images = test::tensorFrom(vectors["x"], {2, 2, 4, 4});
    const at::NoGradGuard noGradients;
    const at::Tensor before = network.evaluation().run(images);
    network.logits().narrow(0, network.layout().levelsAt(0), 4).fill_(-6);
    network.invalidateEvaluation();
    const at::Tensor after = network.evaluation().run(images);
    QVERIFY((before - after).abs().max().item<double>() > 1e-3);
}

QTEST_GUILESS_MAIN(TestBayesianBitsNorm)
#include "tst_bayesian_bits_norm.moc"
