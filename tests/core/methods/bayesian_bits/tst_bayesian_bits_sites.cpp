// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/io/model_file.h"
#include "core/methods/bayesian_bits/bit_operations.h"
#include "core/methods/bayesian_bits/bop_table.h"
#include "core/methods/bayesian_bits/gates.h"
#include "core/methods/bayesian_bits/regulariser_weights.h"
#include "core/ops/expected_bit_operations.h"

#include "tests/core/methods/bayesian_bits/vectors.h"
#include "tests/core/methods/small_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/dot.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace bitloom;
using namespace bitloom::bayesian_bits;

namespace {

LoadedModel modelOf(const std::string& architecture)
{
    return describeModel(graph::buildArchitecture(architecture, 0, graph::InitialWeights::Meta),
                         {});
}

/// The published code's network, with its quirks: residual inputs quantized, gates on depthwise
/// convolutions.
QuantizerSites publishedSites(const std::string& architecture)
{
    return findQuantizerSites(modelOf(architecture),
                              {.residualInputs = true, .compatDepthwiseGates = true});
}

std::vector<QuantizerWidth> uniformWidths(const QuantizerSites& sites, int weightBits,
                                          int activationBits)
{
    std::vector<QuantizerWidth> widths;
    for (const QuantizerSite& site : sites.quantizers) {
        widths.push_back({site.kind == SiteKind::Weight ? weightBits : activationBits});
    }
    return widths;
}

std::vector<QuantizerWidth> halfPruned(const QuantizerSites& sites, int bits)
{
    std::vector<QuantizerWidth> widths = uniformWidths(sites, bits, bits);
    for (std::size_t q = 0; q < widths.size(); ++q) {
        const auto channels = static_cast<std::size_t>(sites.quantizers[q].channels);
        widths[q].kept.assign(channels, true);
        std::fill_n(widths[q].kept.begin(), channels / 2, false);
    }
    return widths;
}

/// The regulariser as it stands in the specification, in double.
double regulariser(const QuantizerSites& sites, RegulariserType type,
                   const std::array<double, 4>& logits)
{
    const auto isOn = [](double logit) { return 1 / (1 + std::exp(-logit - 1.598596848532247)); };
    const auto weights = regulariserWeights(sites, type);
    double sum = 0;
    for (std::size_t q = 0; q < weights.size(); ++q) {
        double p = sites.quantizers[q].channels > 0 ? isOn(6) : 1;
        sum += sites.quantizers[q].channels > 0 ? weights[q][0] * p : 1;
        for (std::size_t k = 0; k < 4; ++k) {
            p *= isOn(logits[k]);
            sum += weights[q][k + 1] * p;
        }
    }
    return sum;
}

/// The gates of a network with the expected bit operations as their price.
struct PricedGates {
    explicit PricedGates(QuantizerSites found)
        : sites(std::move(found)), layout(sites, at::kCPU), table(makeBopTable(sites, at::kCPU))
    {
    }

    at::Tensor price(const at::Tensor& logits) const
    {
        return std::get<0>(
            ops::expectedBitOperations(logits, layout.offsets(), table.layers, table.scales));
    }

    /// The same from the expectation that reports show.
    double inBops(const at::Tensor& logits) const
    {
        const double percent = expectedRelativeBopsPercent(sites, probabilitiesOf(logits, layout));
        return percent / 100 * 1024 * static_cast<double>(sites.macs) * kBopPrice /
               static_cast<double>(sites.largestLayerMacs);
    }

    QuantizerSites sites;
    GateLayout layout;
    BopTable table;
};

} // namespace

class TestBayesianBitsSites : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedNetworks_data();
    void publishedNetworks();
    void prunedHalves_data();
    void prunedHalves();
    void quantizersOfLeNet5();
    void residualInputsAreOffByDefault();
    void oneQuantizerPerTensor();
    void depthwiseFollowsItsProducer();
    void lastLayerIsNotPrunable();
    void inputsOfSums();
    void expectationEqualsTheCountOnceDecided();
    void expectationIsAMean();
    void histogram();
    void initialRegulariser_data();
    void initialRegulariser();
    void expectedPriceIsTheExpectation_data();
    void expectedPriceIsTheExpectation();
    void expectedPriceIsTheCountOnceDecided_data() { expectedPriceIsTheExpectation_data(); }
    void expectedPriceIsTheCountOnceDecided();
    void wrongNumberOfWidths();
};

void TestBayesianBitsSites::publishedNetworks_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("quantizers");
    QTest::addColumn<int>("activations");
    QTest::newRow("lenet5") << "lenet5"
                            << "lenet5quantized" << 7 << 3;
    QTest::newRow("vgg7") << "vgg7"
                          << "vggquantized" << 15 << 7;
    QTest::newRow("resnet18") << "resnet18"
                              << "resnet18" << 49 << 28;
    // The published ResNet-56 also quantizes its logits by mistake; ours never does.
    QTest::newRow("resnet56") << "resnet56_cifar"
                              << "resnet56_quantized" << 138 << 82;
    QTest::newRow("mobilenet_v2") << "mobilenet_v2"
                                  << "mobilenetv2" << 115 << 62;
}

void TestBayesianBitsSites::publishedNetworks()
{
    QFETCH(QString, architecture);
    QFETCH(QString, key);
    QFETCH(int, quantizers);
    QFETCH(int, activations);
    const auto vectors = test::networkVectors("bops").at(key.toStdString());
    const QuantizerSites sites = publishedSites(architecture.toStdString());
    QCOMPARE(sites.macs, vectors["total_macs"].get<std::int64_t>());
    QCOMPARE(sites.largestLayerMacs, vectors["max_macs"].get<std::int64_t>());
    QCOMPARE(sites.quantizers.size(), static_cast<std::size_t>(quantizers));

    // MACs of each layer and of each quantizer; names differ, so as sorted lists.
    std::multiset<std::int64_t> layerMacs;
    std::multiset<std::int64_t> expectedLayerMacs;
    for (const LayerQuantizers& layer : sites.layers) {
        layerMacs.insert(layer.macs);
    }
    for (const auto& [name, macs] : vectors["per_layer_macs"].items()) {
        expectedLayerMacs.insert(macs.get<std::int64_t>());
    }
    QVERIFY(layerMacs == expectedLayerMacs);
    std::multiset<std::pair<bool, std::int64_t>> macs;
    std::multiset<std::pair<bool, std::int64_t>> expectedMacs;
    int foundActivations = 0;
    for (const QuantizerSite& site : sites.quantizers) {
        macs.emplace(site.kind == SiteKind::Weight, site.macs);
        foundActivations += site.kind == SiteKind::Weight ? 0 : 1;
    }
    for (const auto& [name, count] : vectors["quantizer_mac_counts"].items()) {
        if (name != "fc.activation_quantizer") {
            expectedMacs.emplace(name.ends_with("weight_quantizer"),
                                 count.is_null() ? 0 : count.get<std::int64_t>());
        }
    }
    QVERIFY(macs == expectedMacs);
    QCOMPARE(foundActivations, activations);

    for (const auto& setting : vectors["configs"]) {
        const BitOperations cost =
            countBitOperations(sites, uniformWidths(sites, setting["w_bits"], setting["a_bits"]));
        QCOMPARE(static_cast<double>(cost.bops), std::round(setting["bops"].get<double>()));
        QCOMPARE(cost.baseline, setting["baseline_bops"].get<std::int64_t>());
        QVERIFY(std::fabs(cost.relativePercent() - setting["relative_percent"].get<double>()) <
                1e-9);
    }
}

void TestBayesianBitsSites::prunedHalves_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("creditsInputs");
    QTest::newRow("lenet5") << "lenet5"
                            << "lenet5quantized" << true;
    QTest::newRow("vgg7") << "vgg7"
                          << "vggquantized" << true;
    QTest::newRow("resnet18") << "resnet18"
                              << "resnet18" << true;
    QTest::newRow("mobilenet_v2") << "mobilenet_v2"
                                  << "mobilenetv2" << false;
}

void TestBayesianBitsSites::prunedHalves()
{
    QFETCH(QString, architecture);
    QFETCH(QString, key);
    QFETCH(bool, creditsInputs);
    const auto expected = test::networkVectors("bops").at(
        key.toStdString())["w8a8_half_of_every_prunable_output_off"];
    const QuantizerSites sites = publishedSites(architecture.toStdString());
    const BitOperations cost =
        countBitOperations(sites, halfPruned(sites, 8),
                           creditsInputs ? PrunedInputs::FreeInChains : PrunedInputs::Counted);
    QCOMPARE(static_cast<double>(cost.bops), expected["bops"].get<double>());
    QVERIFY(std::fabs(cost.relativePercent() - expected["relative_percent"].get<double>()) < 1e-9);
}

void TestBayesianBitsSites::quantizersOfLeNet5()
{
    const QuantizerSites sites = findQuantizerSites(modelOf("lenet5"));
    std::vector<std::string> names;
    std::vector<std::int64_t> channels;
    for (const QuantizerSite& site : sites.quantizers) {
        names.push_back(site.name);
        channels.push_back(site.channels);
    }
    QVERIFY(names == (std::vector<std::string>{
                         "features.0.weight", "features.1", "features.3.weight", "features.4",
                         "classifier.0.weight", "classifier.1", "classifier.2.weight"}));
    QVERIFY(channels == (std::vector<std::int64_t>{32, 0, 64, 0, 512, 0, 0}));
    QVERIFY(!sites.layers[0].inputs.front().has_value()); // the image
    QCOMPARE(*sites.layers[1].inputs.front(), std::size_t{1});
    QCOMPARE(*sites.layers[3].weight, std::size_t{6});
}

void TestBayesianBitsSites::residualInputsAreOffByDefault()
{
    const QuantizerSites sites = findQuantizerSites(modelOf("resnet18"));
    QCOMPARE(sites.quantizers.size(), std::size_t{49 - 11});
    for (const QuantizerSite& site : sites.quantizers) {
        QVERIFY(site.kind != SiteKind::ResidualInput);
        QVERIFY(site.macs > 0);
    }
}

/// The small network's first ReLU feeds a convolution and the shortcut beside it.
void TestBayesianBitsSites::oneQuantizerPerTensor()
{
    const LoadedModel model = test::smallResidualNetwork(1);
    const QuantizerSites sites = findQuantizerSites(model);
    const auto found = std::ranges::find(sites.quantizers, "stem_relu", &QuantizerSite::name);
    QVERIFY(found != sites.quantizers.end());
    QCOMPARE(found->layers.size(), std::size_t{2});
    QCOMPARE(found->macs,
             sites.layers[found->layers[0]].macs + sites.layers[found->layers[1]].macs);
}

void TestBayesianBitsSites::depthwiseFollowsItsProducer()
{
    const QuantizerSites sites = findQuantizerSites(modelOf("mobilenet_v2"));
    std::vector<QuantizerWidth> widths = uniformWidths(sites, 8, 8);
    const LayerQuantizers& expand = sites.layers[3]; // features.2.conv.0.0, 16 -> 96
    const LayerQuantizers& depthwise = sites.layers[4];
    QVERIFY(depthwise.channels.isDepthwise);
    QCOMPARE(sites.quantizers[*depthwise.weight].channels, 0);
    widths[*expand.weight].kept.assign(96, true);
    std::fill_n(widths[*expand.weight].kept.begin(), 24, false);
    const BitOperations cost = countBitOperations(sites, widths);
    QCOMPARE(cost.layers[3].bops, expand.macs * 64 * 3 / 4);
    QCOMPARE(cost.layers[4].bops, depthwise.macs * 64 * 3 / 4);       // once, not squared
    QCOMPARE(cost.layers[5].bops, sites.layers[5].macs * 64 * 3 / 4); // the projection's inputs
    const BitOperations counted = countBitOperations(sites, widths, PrunedInputs::Counted);
    QCOMPARE(counted.layers[4].bops, depthwise.macs * 64);
    QCOMPARE(counted.layers[5].bops, sites.layers[5].macs * 64);
}

void TestBayesianBitsSites::lastLayerIsNotPrunable()
{
    for (const char* name : {"lenet5", "vgg7", "resnet18", "mobilenet_v2", "resnet56_cifar"}) {
        const QuantizerSites sites = findQuantizerSites(modelOf(name));
        QCOMPARE(sites.quantizers[*sites.layers.back().weight].channels, 0);
        QVERIFY(sites.quantizers[*sites.layers.front().weight].channels > 0);
        const QuantizerSites none = findQuantizerSites(modelOf(name), {.pruning = false});
        for (const QuantizerSite& site : none.quantizers) {
            QCOMPARE(site.channels, 0);
        }
    }
}

/// A channel of a residual sum is free only when everybody who adds to it prunes it, and only in
/// the mode that looks beyond chains.
void TestBayesianBitsSites::inputsOfSums()
{
    const LoadedModel model = test::smallResidualNetwork(1);
    const QuantizerSites sites = findQuantizerSites(model);
    const auto layerAt = [&](const std::string& name) {
        return static_cast<std::size_t>(
            std::ranges::find(model.info.layers, name, &LayerInfo::name) -
            model.info.layers.begin());
    };
    const std::size_t depthwise = layerAt("depthwise");
    const auto prune = [&](std::vector<QuantizerWidth>& widths, const char* name) {
        widths[*sites.layers[layerAt(name)].weight].kept.assign(16, true);
        widths[*sites.layers[layerAt(name)].weight].kept[5] = false;
    };
    std::vector<QuantizerWidth> widths = uniformWidths(sites, 4, 4);
    prune(widths, "block.conv2");
    QCOMPARE(countBitOperations(sites, widths, PrunedInputs::Free).layers[depthwise].keptInputs,
             1.0);
    prune(widths, "block.shortcut");
    QCOMPARE(countBitOperations(sites, widths, PrunedInputs::Free).layers[depthwise].keptInputs,
             15.0 / 16);
    QCOMPARE(countBitOperations(sites, widths).layers[depthwise].keptInputs, 1.0);
    // Flattened: each of the 16 channels is 16 inputs of the last layer.
    QCOMPARE(countBitOperations(sites, widths, PrunedInputs::Free).layers[layerAt("fc")].bops,
             sites.layers[layerAt("fc")].macs * 16 * 15 / 16);
}

void TestBayesianBitsSites::expectationEqualsTheCountOnceDecided()
{
    for (const char* name : {"lenet5", "resnet18", "mobilenet_v2"}) {
        const QuantizerSites sites = findQuantizerSites(modelOf(name));
        std::vector<QuantizerWidth> widths = halfPruned(sites, 8);
        std::vector<GateProbabilities> probabilities(widths.size());
        for (std::size_t q = 0; q < widths.size(); ++q) {
            probabilities[q].levels = {1, 1, 0, 0};
            for (const bool kept : widths[q].kept) {
                probabilities[q].kept.push_back(kept ? 1 : 0);
            }
        }
        for (const PrunedInputs mode :
             {PrunedInputs::Counted, PrunedInputs::FreeInChains, PrunedInputs::Free}) {
            const double counted = countBitOperations(sites, widths, mode).relativePercent();
            const double expected = expectedRelativeBopsPercent(sites, probabilities, mode);
            QVERIFY(std::fabs(counted - expected) < 1e-9);
        }
    }
}

void TestBayesianBitsSites::expectationIsAMean()
{
    QCOMPARE(expectedBits({1, 1, 1, 1}), 32.0);
    QCOMPARE(expectedBits({1, 1, 0, 1}), 8.0);
    QCOMPARE(expectedBits({0, 1, 1, 1}), 2.0);
    QCOMPARE(expectedBits({0.5, 0.5, 0, 0}), 2 + 0.5 * (2 + 0.5 * 4));
}

void TestBayesianBitsSites::histogram()
{
    const QuantizerSites sites = findQuantizerSites(modelOf("lenet5"));
    std::vector<QuantizerWidth> widths = uniformWidths(sites, 4, 8);
    widths[0].bits = 2;
    const BitHistogram found = bitHistogram(sites, widths);
    QVERIFY(found.weights == (std::map<int, int>{{2, 1}, {4, 3}}));
    QVERIFY(found.activations == (std::map<int, int>{{8, 4}})); // the image is one of them
}

void TestBayesianBitsSites::initialRegulariser_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<double>("g16");
    QTest::addColumn<double>("g32");
    QTest::addColumn<double>("expected");
    QTest::newRow("LeNet-5, recipe") << "lenet5" << -6.0 << -6.0 << 36.62;
    QTest::newRow("LeNet-5") << "lenet5" << 6.0 << 6.0 << 154.14418029785156;
    QTest::newRow("VGG-7") << "vgg7" << 6.0 << 6.0 << 503.31;
    QTest::newRow("ResNet-18, recipe") << "resnet18" << 6.0 << -6.0 << 935.91;
    QTest::newRow("ResNet-18") << "resnet18" << 6.0 << 6.0 << 1884.89;
    QTest::newRow("MobileNetV2") << "mobilenet_v2" << 6.0 << 6.0 << 1895.36;
}

void TestBayesianBitsSites::initialRegulariser()
{
    QFETCH(QString, architecture);
    QFETCH(double, g16);
    QFETCH(double, g32);
    QFETCH(double, expected);
    const QuantizerSites sites = publishedSites(architecture.toStdString());
    const double sum = regulariser(sites, RegulariserType::BitOperations, {6, 6, g16, g32});
    QVERIFY2(std::fabs(sum - expected) < 0.006, std::to_string(sum).c_str());
}

void TestBayesianBitsSites::expectedPriceIsTheExpectation_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<bool>("published"); // with quantizers on residual inputs, depthwise gates
    QTest::newRow("lenet5") << "lenet5" << false;
    QTest::newRow("vgg7") << "vgg7" << false;
    QTest::newRow("resnet18") << "resnet18" << false;
    QTest::newRow("resnet18, as published") << "resnet18" << true;
    QTest::newRow("mobilenet_v2") << "mobilenet_v2" << false;
    QTest::newRow("mobilenet_v2, as published") << "mobilenet_v2" << true;
}

void TestBayesianBitsSites::expectedPriceIsTheExpectation()
{
    QFETCH(QString, architecture);
    QFETCH(bool, published);
    const std::string name = architecture.toStdString();
    const PricedGates gates(published ? publishedSites(name) : findQuantizerSites(modelOf(name)));
    at::manual_seed(3);
    const at::Tensor logits = (at::randn({gates.layout.gates()}) * 2).set_requires_grad(true);
    const at::Tensor price = gates.price(logits);
    const double expected = gates.inBops(logits);
    QVERIFY(std::fabs(price.item<double>() / expected - 1) < 1e-6);
    // In the direction of all gates at once, and of single ones.
    price.backward();
    std::vector<at::Tensor> directions{at::randn({gates.layout.gates()})};
    for (const std::int64_t gate : {std::int64_t{0}, gates.layout.levelsAt(0) + 1,
                                    gates.layout.levelsAt(1), gates.layout.gates() - 4}) {
        directions.push_back(at::zeros({gates.layout.gates()}));
        directions.back()[gate] = 1;
    }
    constexpr double kStep = 1.0 / 512;
    for (const at::Tensor& direction : directions) {
        const double numeric = (gates.inBops(logits.detach() + direction * kStep) -
                                gates.inBops(logits.detach() - direction * kStep)) /
                               (2 * kStep);
        const double found = logits.grad().dot(direction).item<double>();
        QVERIFY2(std::fabs(found - numeric) < 1e-3 * std::fabs(numeric) + 1e-6 * expected,
                 (std::to_string(found) + " " + std::to_string(numeric)).c_str());
    }
}

void TestBayesianBitsSites::expectedPriceIsTheCountOnceDecided()
{
    QFETCH(QString, architecture);
    QFETCH(bool, published);
    const std::string name = architecture.toStdString();
    const PricedGates gates(published ? publishedSites(name) : findQuantizerSites(modelOf(name)));
    at::manual_seed(4);
    const at::Tensor open = at::rand({gates.layout.gates()}).lt(0.7).to(at::kFloat);
    const BitOperations counted =
        countBitOperations(gates.sites, widthsOf(open, gates.layout), PrunedInputs::FreeInChains);
    QVERIFY(counted.bops > 0 && counted.relativePercent() < 50);
    const double price = gates.price(open * 200 - 100).item<double>();
    const double bops = price / kBopPrice * static_cast<double>(gates.sites.largestLayerMacs);
    constexpr double kFloatUlp = 1.2e-7; // the price is one float32
    QVERIFY(std::fabs(bops / static_cast<double>(counted.bops) - 1) < kFloatUlp);
}

void TestBayesianBitsSites::wrongNumberOfWidths()
{
    const QuantizerSites sites = findQuantizerSites(modelOf("lenet5"));
    std::vector<QuantizerWidth> widths(3);
    BITLOOM_EXPECT_ERROR(countBitOperations(sites, widths), ErrorCode::InvalidArgument,
                         "7 quantizers, found 3");
    widths.resize(7);
    widths[0].kept.assign(5, true);
    BITLOOM_EXPECT_ERROR(countBitOperations(sites, widths), ErrorCode::InvalidArgument,
                         "features.0.weight: found 5 channels, it has 32");
}

QTEST_GUILESS_MAIN(TestBayesianBitsSites)
#include "tst_bayesian_bits_sites.moc"
