// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/graph_builder.h"
#include "core/io/model_file.h"
#include "core/methods/bayesian_bits/trainer.h"
#include "core/ops/hard_concrete.h"

#include "tests/core/methods/bayesian_bits/vectors.h"
#include "tests/core/methods/small_network.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>

#include <algorithm>
#include <map>

using namespace bitloom;
using namespace bitloom::bayesian_bits;
using nlohmann::json;

namespace {

constexpr double kTrainingTolerance = 1e-6; // float32, sums in another order
const std::string kLevelKeys[] = {"gamma_4", "gamma_8", "gamma_16", "gamma_32"};

/// The network of the vectors: convolution, ReLU, pooling, linear.
LoadedModel toyModel(const json& toy)
{
    using namespace graph;
    const json& init = toy["init_params"];
    GraphBuilder builder("toy");
    const ValueIndex input = builder.addInput("input", {1, 1, 6, 6});
    const auto parameter = [&](const std::string& name) {
        return arg(
            builder.addParameter(name, test::tensorFrom(init[name], toy["param_shapes"][name])));
    };
    const ValueIndex conv =
        builder.add("aten::conv2d",
                    {arg(input), parameter("features.0.weight"), parameter("features.0.bias"),
                     argInts({1, 1}), argInts({0, 0}), argInts({1, 1}), arg(std::int64_t{1})},
                    "features.0", "conv");
    const ValueIndex relu = builder.add("aten::relu", {arg(conv)}, "", "relu");
    const ValueIndex pool =
        builder.add("aten::max_pool2d", {arg(relu), argInts({2, 2}), argInts({2, 2})}, "", "pool");
    const ValueIndex flat =
        builder.add("aten::flatten.using_ints", {arg(pool), arg(std::int64_t{1})}, "", "flat");
    return describeModel(builder.finish({builder.add("aten::linear",
                                                     {arg(flat), parameter("classifier.0.weight"),
                                                      parameter("classifier.0.bias")},
                                                     "classifier.0", "logits")}),
                         {});
}

/// The vectors' names of the quantizers in forward order.
const std::string kToyQuantizers[] = {"features.0.weight_quantizer.quantizer.",
                                      "features.0.activation_quantizer.quantizer.",
                                      "classifier.0.weight_quantizer.quantizer."};

/// Random numbers in the order in which the published code draws them, put where ours read them.
/// It draws none for cut levels.
GateNoise injected(const json& numbers, const GatedNetwork& network)
{
    const GateLayout& layout = network.layout();
    at::Tensor uniforms = at::full({layout.gates()}, 0.5);
    std::size_t next = 0;
    for (std::size_t q = 0; q < 3; ++q) {
        for (std::int64_t c = 0; c < layout.channelsOf(q); ++c) {
            uniforms[layout.channelsAt(q) + c] = numbers.at(next++).get<double>();
        }
        for (std::int64_t k = 0; k < 4; ++k) {
            const std::int64_t gate = layout.levelsAt(q) + k;
            if (network.logits()[gate].item<float>() <= ops::kAbsorbingLogit) {
                break;
            }
            uniforms[gate] = numbers.at(next++).get<double>();
        }
    }
    if (next != numbers.size()) {
        qFatal("%zu of %zu random numbers were used", next, numbers.size());
    }
    return {0, 0, uniforms};
}

/// Compares everything that trains (or its gradient) with what the vectors list by name.
double errorAgainst(const json& expected, const GatedNetwork& network, bool gradients)
{
    const auto pick = [gradients](const at::Tensor& leaf) {
        return gradients ? leaf.grad() : leaf.detach();
    };
    double error = 0;
    const auto compare = [&](const std::string& key, const at::Tensor& ours) {
        if (!expected.at(key).is_null()) {
            error = std::max(error, test::largestError(ours, expected.at(key)));
        }
    };
    for (const auto& [name, tensor] : network.weights()) {
        compare(name, pick(tensor).reshape({-1}));
    }
    const GateLayout& layout = network.layout();
    for (std::size_t q = 0; q < 3; ++q) {
        const std::string& prefix = kToyQuantizers[q];
        compare(prefix + "x_max",
                pick(network.ranges()).narrow(0, static_cast<std::int64_t>(q), 1));
        for (std::int64_t k = 0; k < 4; ++k) {
            compare(prefix + kLevelKeys[k],
                    pick(network.logits()).narrow(0, layout.levelsAt(q) + k, 1));
        }
    }
    compare(kToyQuantizers[0] + "gamma_2",
            pick(network.logits()).narrow(0, layout.channelsAt(0), 3));
    return error;
}

NetworkOptions toyOptions(const json& toy)
{
    NetworkOptions options;
    for (std::size_t k = 0; k < 4; ++k) {
        options.levelLogits[k] = toy["gamma_inits"][k].get<double>();
    }
    return options;
}

std::pair<at::Tensor, at::Tensor> batchOf(BatchLoader& loader)
{
    loader.startEpoch(0);
    const Batch batch = *loader.next();
    return {batch.images, batch.labels};
}

bool isSame(const NamedTensors& a, const NamedTensors& b)
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](const auto& left, const auto& right) {
               return left.first == right.first && at::equal(left.second, right.second);
           });
}

} // namespace

class TestBayesianBitsTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void threeStepsAsPublished();
    void schedules_data();
    void schedules();
    void unknownSchedulesAreRefused_data();
    void unknownSchedulesAreRefused();
    void restoredTrainingGoesOnToTheLastBit_data();
    void restoredTrainingGoesOnToTheLastBit();
    void mergedGroups();
    void learnedGroups();
    void rangesStayAboveTheirFloor();
    void prunedAndFixedModes();
    void expectedBitOperationsAsPrice();
    void weightDecayIsPartOfTheLoss();
    void poolingFirstGivesTheSameValues();
    void nothingToTrain();
};

void TestBayesianBitsTraining::threeStepsAsPublished()
{
    const json toy = test::networkVectors("toy_training");
    const LoadedModel model = toyModel(toy);
    GatedNetwork network(model, toyOptions(toy), at::kCPU);
    const at::Tensor images = test::tensorFrom(toy["x"], {4, 1, 6, 6});
    at::Tensor labels = at::empty({4}, at::kLong);
    for (std::int64_t i = 0; i < 4; ++i) {
        labels[i] = toy["labels"][static_cast<std::size_t>(i)].get<std::int64_t>();
    }
    network.initializeFromFirstTensors(images.narrow(0, 0, 2),
                                       injected(toy["u_init_pass"], network));
    {
        const at::NoGradGuard noGradients;
        network.logits()
            .narrow(0, network.layout().channelsAt(0), 3)
            .copy_(test::tensorFrom(toy["params_after_init_pass"][kToyQuantizers[0] + "gamma_2"],
                                    {3}));
    }
    QCOMPARE(errorAgainst(toy["params_after_init_pass"], network, false), 0.0);
    QVERIFY(network.isSigned(0) && !network.isSigned(1) && network.isSigned(2));

    TrainerOptions options;
    options.lambda = toy["lambda_"].get<double>();
    Trainer trainer(network, options);
    for (const json& step : toy["steps"]) {
        const auto losses = trainer.step(images, labels, injected(step["u"], network));
        QVERIFY(losses.has_value());
        QVERIFY(test::largestError(losses->logits.reshape({-1}), step["logits"]) <
                kTrainingTolerance);
        for (const auto& [key, value] :
             {std::pair<const char*, at::Tensor>{"ce", losses->crossEntropy},
              {"reg", losses->regulariser},
              {"loss", losses->loss}}) {
            QVERIFY2(test::largestError(value, json::array({step[key]})) < kTrainingTolerance, key);
        }
        QVERIFY(errorAgainst(step["grads"], network, true) < kTrainingTolerance);
        QVERIFY(errorAgainst(step["params_after"], network, false) < kTrainingTolerance);
    }
    const at::NoGradGuard noGradients;
    const at::Tensor logits = network.evaluation().run(images);
    QVERIFY(test::largestError(logits.reshape({-1}), toy["eval_logits"]) < kTrainingTolerance);
}

void TestBayesianBitsTraining::schedules_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("epoch");
    QTest::addColumn<int>("epochs");
    QTest::addColumn<double>("weights");
    QTest::addColumn<double>("gates");
    QTest::newRow("constant") << "constant" << 7 << 10 << 1.0 << 1.0;
    QTest::newRow("before a milestone") << "multistep:10:20" << 9 << 30 << 1.0 << 1.0;
    QTest::newRow("at a milestone") << "multistep:10:20" << 10 << 30 << 0.1 << 0.1;
    QTest::newRow("after both") << "multistep:10:20" << 29 << 30 << 0.01 << 0.01;
    QTest::newRow("cosine, start") << "cosine:0" << 0 << 10 << 1.0 << 1.0;
    QTest::newRow("cosine, half") << "cosine:0.2" << 5 << 10 << 0.6 << 0.6;
    QTest::newRow("the tail is for weights") << "linear-tail" << 8 << 10 << 0.5 << 1.0;
}

void TestBayesianBitsTraining::schedules()
{
    QFETCH(QString, text);
    QFETCH(int, epoch);
    QFETCH(int, epochs);
    QFETCH(double, weights);
    QFETCH(double, gates);
    const LearningRateSchedule schedule = parseSchedule(text.toStdString());
    QCOMPARE(toString(schedule), text.toStdString());
    QVERIFY(std::fabs(learningRate(schedule, 1, epoch, epochs, true) - weights) < 1e-12);
    QVERIFY(std::fabs(learningRate(schedule, 1, epoch, epochs, false) - gates) < 1e-12);
    const LearningRateSchedule tail = parseSchedule("linear-tail");
    for (const json& published : test::networkVectors("lr_lambda")) {
        const int count = published["epochs"].get<int>();
        for (int e = 0; e < count; ++e) {
            const double factor = published["factor"][static_cast<std::size_t>(e)].get<double>();
            QVERIFY(std::fabs(learningRate(tail, 1, e, count, true) - factor) < 1e-12);
        }
    }
}

void TestBayesianBitsTraining::unknownSchedulesAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "MultiStepLR:10:20:40", "multistep", "multistep:20:10",
                             "multistep:1x", "cosine", "cosine:-1", "cosine:nan", "Constant"}) {
        QTest::newRow(*text == '\0' ? "empty" : text) << text;
    }
}

void TestBayesianBitsTraining::unknownSchedulesAreRefused()
{
    QFETCH(QString, text);
    BITLOOM_EXPECT_ERROR(parseSchedule(text.toStdString()), ErrorCode::InvalidArgument,
                         "allowed are constant");
}

void TestBayesianBitsTraining::restoredTrainingGoesOnToTheLastBit_data()
{
    QTest::addColumn<bool>("sgd");
    QTest::addColumn<int>("statistics");
    QTest::newRow("Adam, exact statistics") << false << static_cast<int>(NormStatistics::Exact);
    QTest::newRow("SGD, from the quantized layer")
        << true << static_cast<int>(NormStatistics::FromQuantized);
    QTest::newRow("Adam, frozen") << false << static_cast<int>(NormStatistics::Frozen);
}

void TestBayesianBitsTraining::restoredTrainingGoesOnToTheLastBit()
{
    QFETCH(bool, sgd);
    QFETCH(int, statistics);
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    NetworkOptions networkOptions;
    networkOptions.statistics = static_cast<NormStatistics>(statistics);
    networkOptions.levelLogits = {2, 1, 0, -1};
    TrainerOptions options;
    options.lambda = 0.05;
    options.seed = 11;
    options.weights = {sgd, 1e-2};

    GatedNetwork network(model, networkOptions, at::kCPU);
    network.observe(images);
    network.finishObserving();
    Trainer trainer(network, options);
    for (int step = 0; step < 3; ++step) {
        QVERIFY(trainer.step(images, labels));
    }
    const NamedTensors middle = trainer.state();
    for (int step = 0; step < 3; ++step) {
        QVERIFY(trainer.step(images, labels));
    }
    GatedNetwork other(model, networkOptions, at::kCPU);
    Trainer again(other, options);
    again.restore(middle);
    QCOMPARE(again.stepsDone(), 3);
    QVERIFY(isSame(again.state(), middle));
    for (int step = 0; step < 3; ++step) {
        QVERIFY(again.step(images, labels));
    }
    QVERIFY(isSame(again.state(), trainer.state()));
    QVERIFY(!isSame(again.state(), middle));
    const at::NoGradGuard noGradients;
    QVERIFY(at::equal(network.evaluation().run(images), other.evaluation().run(images)));
    BITLOOM_EXPECT_ERROR((again.restore({middle.begin() + 1, middle.end()}), 0),
                         ErrorCode::NotFound, "the checkpoint has no");
}

/// Without optimizers of their own gates and ranges train as weights do, schedule included.
void TestBayesianBitsTraining::mergedGroups()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    const auto trained = [&, &images = images, &labels = labels](const TrainerOptions& options) {
        GatedNetwork network(model, {}, at::kCPU);
        network.observe(images);
        network.finishObserving();
        Trainer trainer(network, options);
        trainer.startEpoch(8);
        for (int step = 0; step < 3; ++step) {
            trainer.step(images, labels);
        }
        return std::pair(network.state(), trainer.learningRates());
    };
    TrainerOptions apart;
    apart.lambda = 0.1;
    apart.epochs = 9;
    apart.weights.learningRate = 3e-3;
    apart.schedule = parseSchedule("constant");
    apart.gates = apart.ranges = apart.weights;
    TrainerOptions merged = apart;
    merged.gates = merged.ranges = std::nullopt;
    QVERIFY(isSame(trained(apart).first, trained(merged).first));

    apart.schedule = merged.schedule = parseSchedule("linear-tail"); // for the weights alone
    const auto rates = trained(merged).second;
    QVERIFY(rates[0] < 3e-3);
    QCOMPARE(rates, (std::array{rates[0], rates[0], rates[0]}));
    QCOMPARE(trained(apart).second, (std::array{rates[0], 3e-3, 3e-3}));
    merged.gates = OptimizerOptions{true, 5e-3};
    QCOMPARE(trained(merged).second, (std::array{rates[0], 5e-3, 5e-3}));
}

/// Post-training modes: gates alone, gates and ranges; biases without weights.
void TestBayesianBitsTraining::learnedGroups()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    const auto changedBy = [&, &images = images, &labels = labels](LearnedGroups learned) {
        GatedNetwork network(
            model, {.sites = {}, .levelLogits = {0.5, 0.5, 0.5, 0.5}, .channelLogit = 0.5},
            at::kCPU);
        network.observe(images);
        network.finishObserving();
        TrainerOptions options;
        options.lambda = 0.1;
        options.learned = learned;
        Trainer trainer(network, options);
        const NamedTensors before = network.state();
        trainer.step(images, labels);
        const NamedTensors after = network.state();
        std::map<std::string, bool> changed;
        for (std::size_t i = 0; i < before.size(); ++i) {
            changed[before[i].first] = !at::equal(before[i].second, after[i].second);
        }
        return changed;
    };
    auto changed = changedBy({false, false, true, false});
    QVERIFY(changed["gates/logits"]);
    QVERIFY(!changed["ranges/x_max"] && !changed["weights/stem.weight"] &&
            !changed["weights/fc.bias"]);
    changed = changedBy({false, false, true, true});
    QVERIFY(changed["gates/logits"] && changed["ranges/x_max"] && !changed["weights/fc.weight"]);
    changed = changedBy({false, true, false, false});
    QVERIFY(changed["weights/fc.bias"] && changed["weights/stem_bn.bias"]);
    QVERIFY(!changed["weights/fc.weight"] && !changed["weights/stem_bn.weight"] &&
            !changed["gates/logits"] && !changed["ranges/x_max"]);
    changed = changedBy({true, false, true, true});
    QVERIFY(changed["weights/stem.weight"] && changed["weights/stem_bn.weight"] &&
            changed["weights/fc.bias"] && changed["statistics/stem.mean"]);
}

void TestBayesianBitsTraining::rangesStayAboveTheirFloor()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    GatedNetwork network(model, {}, at::kCPU);
    network.observe(images);
    network.finishObserving();
    TrainerOptions options;
    options.ranges = OptimizerOptions{false, 1000}; // drives every range far below zero or up
    Trainer trainer(network, options);
    QVERIFY(trainer.step(images, labels));
    QVERIFY(network.ranges().ge(network.rangeFloors()).all().item<bool>());
    QVERIFY(network.ranges().eq(network.rangeFloors()).any().item<bool>());
    QVERIFY(network.rangeFloors().gt(0).all().item<bool>());
    QVERIFY(trainer.step(images, labels)->loss.isfinite().item<bool>());
}

void TestBayesianBitsTraining::prunedAndFixedModes()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    for (const auto& [mode, regulariser] :
         {std::pair(QuantizerMode::FixedWidths, RegulariserType::BitOperations),
          std::pair(QuantizerMode::PruneOnly, RegulariserType::BitOperations),
          std::pair(QuantizerMode::FixedWidths, RegulariserType::ExpectedBitOperations),
          std::pair(QuantizerMode::PruneOnly, RegulariserType::ExpectedBitOperations)}) {
        NetworkOptions networkOptions;
        networkOptions.mode = mode;
        networkOptions.fixedWeightBits = 4;
        networkOptions.channelLogit = 0.5;
        networkOptions.regulariser = regulariser;
        GatedNetwork network(model, networkOptions, at::kCPU);
        network.observe(images);
        network.finishObserving();
        TrainerOptions options;
        options.lambda = 0.1;
        Trainer trainer(network, options);
        const at::Tensor before = network.logits().detach().clone();
        for (int step = 0; step < 2; ++step) {
            QVERIFY(trainer.step(images, labels)->loss.isfinite().item<bool>());
        }
        const auto isSamePart = [&](bool ofLevels) {
            const GateLayout::Parts left = network.layout().split(before);
            const GateLayout::Parts right = network.layout().split(network.logits().detach());
            return ofLevels ? at::equal(left.levels[0], right.levels[0])
                            : at::equal(left.channels[0], right.channels[0]);
        };
        QVERIFY(isSamePart(true)); // no dead gates that drift
        QVERIFY(!isSamePart(false));
        const bool prunes = mode == QuantizerMode::PruneOnly;
        QCOMPARE(network.widths().front().bits, prunes ? 32 : 4);
        const double total =
            countBitOperations(network.sites(), network.widths()).relativePercent();
        QVERIFY(total < (prunes ? 100 : 3.2));
        // The expectation knows the given widths too.
        QVERIFY(expectedRelativeBopsPercent(network.sites(), network.probabilities()) < total);
    }
    // Nothing pruned, nothing quantized: the network as it was.
    GatedNetwork plain(model, {.sites = {}, .mode = QuantizerMode::PruneOnly}, at::kCPU);
    const at::NoGradGuard noGradients;
    const at::Tensor expected = graph::Executor(model.graph).run(images);
    const at::Tensor found = plain.evaluation().run(images);
    QVERIFY((expected - found).abs().max().item<double>() < 1e-5);
    NetworkOptions illegal;
    illegal.mode = QuantizerMode::FixedWidths;
    illegal.fixedWeightBits = 5;
    BITLOOM_EXPECT_ERROR(GatedNetwork(model, illegal, at::kCPU), ErrorCode::InvalidArgument,
                         "allowed are 2, 4, 8, 16 and 32");
}

/// The price is what is shown as expected bit operations, and training lowers it.
void TestBayesianBitsTraining::expectedBitOperationsAsPrice()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    NetworkOptions networkOptions;
    networkOptions.levelLogits = {1, 1, 0, -6};
    networkOptions.regulariser = RegulariserType::ExpectedBitOperations;
    GatedNetwork network(model, networkOptions, at::kCPU);
    network.observe(images);
    network.finishObserving();
    const QuantizerSites& sites = network.sites();
    const auto priceOf = [&] {
        return expectedRelativeBopsPercent(sites, network.probabilities()) / 100 * 1024 *
               static_cast<double>(sites.macs) * kBopPrice /
               static_cast<double>(sites.largestLayerMacs);
    };
    const double before = priceOf();
    TrainerOptions options;
    options.lambda = 10;
    options.gates = OptimizerOptions{false, 0.1};
    Trainer trainer(network, options);
    const StepLosses first = *trainer.step(images, labels);
    QVERIFY(std::fabs(first.regulariser.item<double>() / before - 1) < 1e-6);
    const double added = first.loss.item<double>() - first.crossEntropy.item<double>();
    QVERIFY(std::fabs(added / (10 * before) - 1) < 1e-4);
    for (int step = 0; step < 15; ++step) {
        QVERIFY(trainer.step(images, labels));
    }
    QVERIFY(priceOf() < before / 2);
}

void TestBayesianBitsTraining::weightDecayIsPartOfTheLoss()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    BatchLoader loader = test::digits(16, 16);
    const auto [images, labels] = batchOf(loader);
    GatedNetwork network(model, {}, at::kCPU);
    network.observe(images);
    network.finishObserving();
    TrainerOptions options;
    options.weightDecay = 0.01;
    Trainer trainer(network, options);
    double squares = 0;
    for (const auto& [name, tensor] : network.weights()) {
        squares += tensor.detach().square().sum().item<double>();
    }
    const StepLosses losses = *trainer.step(images, labels);
    const double decay = losses.loss.item<double>() - losses.crossEntropy.item<double>();
    QVERIFY(std::fabs(decay - 0.005 * squares) < 1e-4 * squares);
}

/// Bit for bit in both directions of a pass without ties; evaluation always pools first.
void TestBayesianBitsTraining::poolingFirstGivesTheSameValues()
{
    const LoadedModel model = describeModel(graph::buildArchitecture("lenet5", 3), {});
    BatchLoader loader = test::digits(8, 8);
    const auto [images, labels] = batchOf(loader);
    std::vector<at::Tensor> outputs;
    std::vector<at::Tensor> evaluations;
    for (const bool poolFirst : {false, true}) {
        NetworkOptions options;
        options.poolFirst = poolFirst;
        options.levelLogits = {6, 0.5, 0.5, -6};
        GatedNetwork network(model, options, at::kCPU);
        network.observe(images);
        network.finishObserving();
        outputs.push_back(network.forward(images, {7, 3, std::nullopt})->detach());
        const at::NoGradGuard noGradients;
        evaluations.push_back(network.evaluation().run(images));
    }
    QVERIFY(at::equal(outputs[0], outputs[1]));
    QVERIFY(at::equal(evaluations[0], evaluations[1]));
}

void TestBayesianBitsTraining::nothingToTrain()
{
    const LoadedModel model = test::smallResidualNetwork(3);
    GatedNetwork network(model, {}, at::kCPU);
    TrainerOptions options;
    options.learned = {false, false, false, false};
    BITLOOM_EXPECT_ERROR(Trainer(network, options), ErrorCode::InvalidArgument,
                         "nothing is left to train");
    GatedNetwork fresh(model, {}, at::kCPU);
    Trainer trainer(fresh, {});
    BatchLoader loader = test::digits(16, 16);
    const auto batch = batchOf(loader);
    BITLOOM_EXPECT_ERROR(trainer.step(batch.first, batch.second), ErrorCode::InvalidArgument,
                         "no ranges yet");
}

QTEST_GUILESS_MAIN(TestBayesianBitsTraining)
#include "tst_bayesian_bits_training.moc"
