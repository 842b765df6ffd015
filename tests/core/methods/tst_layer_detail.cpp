// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/executor.h"
#include "core/methods/histograms.h"
#include "core/methods/layer_detail.h"
#include "core/methods/quantized_executor.h"
#include "core/quant/observer.h"
#include "core/quant/uniform_quantizer.h"
#include "tests/core/methods/small_network.h"
#include "tests/support/test_support.h"

#include <algorithm>
#include <numeric>

using namespace bitloom;

namespace {

/// A grid by its definition, in double: what a reader of the papers would write down.
struct PlainGrid {
    double scale = 1;
    double zeroPoint = 0;
    double codes = 0;

    PlainGrid(double low, double high, int bits) : codes(std::exp2(bits) - 1)
    {
        scale = (std::max(high, 0.0) - std::min(low, 0.0)) / codes;
        zeroPoint = std::nearbyint(-std::min(low, 0.0) / scale);
    }
    double low() const { return -scale * zeroPoint; }
    double high() const { return scale * (codes - zeroPoint); }
    double rounded(double x) const
    {
        return scale * (std::clamp(std::nearbyint(x / scale) + zeroPoint, 0.0, codes) - zeroPoint);
    }
};

std::vector<float> valuesOf(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.contiguous();
    return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

bool isNear(double found, double expected, double tolerance = 1e-5)
{
    return std::abs(found - expected) <= tolerance * std::max(1e-6, std::abs(expected));
}

/// The layer's weight, cut into its output channels.
std::vector<std::vector<float>> channelsOf(const LoadedModel& model, const std::string& layer)
{
    const at::Tensor weight = model.graph->findParameter(layer + ".weight")->tensor;
    std::vector<std::vector<float>> channels;
    for (std::int64_t c = 0; c < weight.size(0); ++c) {
        channels.push_back(valuesOf(weight.select(0, c)));
    }
    return channels;
}

BitPlan planFor(const LoadedModel& model, int weightBits, int activationBits)
{
    UniformPlanOptions options;
    options.weightBits = weightBits;
    options.activationBits = activationBits;
    options.weightObserver = Observer::MinMax;
    options.activationObserver = Observer::MinMax;
    return makeUniformPlan(model.info, options);
}

/// A tensor over the first test digits, in the order of the images.
at::Tensor tensorOver(const LoadedModel& model, const std::string& tensor, std::int64_t images)
{
    graph::ExecutorOptions options;
    options.outputs = {*model.graph->findValue(tensor)};
    const graph::Executor executor(model.graph, options);
    BatchLoader loader = test::digits(images, images);
    return executor.run(loader.next()->images);
}

/// Every value of it.
std::vector<float> activationsOf(const LoadedModel& model, const std::string& tensor,
                                 std::int64_t images)
{
    return valuesOf(tensorOver(model, tensor, images));
}

const ObserverError& errorOf(const LayerDetail& detail, Observer observer, int bits)
{
    return *std::ranges::find_if(detail.errors, [&](const ObserverError& error) {
        return error.observer == observer && error.bits == bits;
    });
}

/// What a layer is, against loops over all of its weights.
void compareWithLoops(const LoadedModel& model, const std::string& layer, const LayerDetail& detail,
                      int planBits, const std::vector<int>& bits)
{
    const auto channels = channelsOf(model, layer);
    QCOMPARE(detail.channels.size(), channels.size());
    std::vector<float> all;
    double signal = 0;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const auto [low, high] = std::ranges::minmax(channels[c]);
        QCOMPARE(detail.channels[c].low, double{low});
        QCOMPARE(detail.channels[c].high, double{high});
        const PlainGrid grid(low, high, planBits);
        QVERIFY(isNear(detail.channels[c].clipLow, grid.low()));
        QVERIFY(isNear(detail.channels[c].clipHigh, grid.high()));
        all.insert(all.end(), channels[c].begin(), channels[c].end());
    }
    for (const float x : all) {
        signal += double{x} * x / static_cast<double>(all.size());
    }
    const auto [low, high] = std::ranges::minmax(all);
    QCOMPARE(detail.weightHistograms.size(), bits.size() + 1);
    for (const WeightHistogram& histogram : detail.weightHistograms) {
        QCOMPARE(histogram.low, double{low});
        QCOMPARE(histogram.high, double{high});
        std::vector<std::int64_t> counts(histogram.counts.size());
        for (const float x : all) {
            const double place = (x - histogram.low) / (histogram.high - histogram.low);
            const auto bin = static_cast<std::size_t>(place * static_cast<double>(counts.size()));
            ++counts[std::min(bin, counts.size() - 1)];
        }
        QCOMPARE(std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::int64_t{0}),
                 static_cast<std::int64_t>(all.size()));
        // A value on the edge of two bins may fall on either side of it.
        for (std::size_t i = 0; i < counts.size(); ++i) {
            QVERIFY(std::abs(histogram.counts[i] - counts[i]) <= 2);
        }
    }
    QCOMPARE(detail.errors.size(), 3 * bits.size());
    for (const int width : bits) {
        double error = 0;
        for (const auto& channel : channels) {
            const auto [channelLow, channelHigh] = std::ranges::minmax(channel);
            const PlainGrid grid(channelLow, channelHigh, width);
            for (const float x : channel) {
                error += (x - grid.rounded(x)) * (x - grid.rounded(x));
            }
        }
        error /= static_cast<double>(all.size());
        const ObserverError& found = errorOf(detail, Observer::MinMax, width);
        // Single values halfway between two codes go either way in float32.
        QVERIFY2(isNear(found.meanSquaredError, error, 1e-3), layer.c_str());
        QVERIFY(isNear(found.sqnrDb.value(), 10 * std::log10(signal / error), 1e-3));
    }
}

} // namespace

class TestLayerDetail : public QObject {
    Q_OBJECT

    RunControl m_control;
    LoadedModel m_model = test::smallResidualNetwork(3);

    LayerDetail detailOf(const std::string& layer, const BitPlan& plan, std::vector<int> bits,
                         BatchLoader* images = nullptr)
    {
        return layerDetail(m_model, plan, {layer, std::move(bits), 50}, images, at::kCPU, m_control)
            .value();
    }

private Q_SLOTS:
    void weightsAgreeWithPlainLoops_data()
    {
        QTest::addColumn<QString>("layer");
        for (const LayerInfo& layer : m_model.info.layers) {
            QTest::newRow(layer.name.c_str()) << QString::fromStdString(layer.name);
        }
    }

    void weightsAgreeWithPlainLoops()
    {
        QFETCH(QString, layer);
        const std::string name = layer.toStdString();
        const LayerDetail detail = detailOf(name, planFor(m_model, 4, 8), {2, 3, 8});
        QCOMPARE(detail.layer, name);
        QCOMPARE(detail.weight, name + ".weight");
        QCOMPARE(detail.weightHistograms[0].bits, 4);
        QCOMPARE(detail.weightHistograms[0].gridLevels.size(), std::size_t{16});
        QCOMPARE(detail.weightHistograms[3].bits, 8);
        QVERIFY(detail.weightHistograms[3].gridLevels.empty()); // 256 levels are too many to draw
        QVERIFY(detail.activations.empty());
        compareWithLoops(m_model, name, detail, 4, {2, 3, 8});
    }

    void aPublishedNetworkAgreesWithPlainLoops()
    {
        BITLOOM_NEED_REAL_DATA(data);
        const LoadedModel model = openModel(
            "arch:resnet20_cifar@" + (data / "resnet_cifar/resnet20-12fca82f.th").string(), {}, 0);
        for (const char* layer : {"conv1", "layer2.0.conv1", "linear"}) {
            const auto detail = layerDetail(model, planFor(model, 3, 8), {layer, {2, 4}, 100},
                                            nullptr, at::kCPU, m_control);
            compareWithLoops(model, layer, detail.value(), 3, {2, 4});
        }
    }

    void theSearchedRangeIsTheQuantizersOwn()
    {
        BitPlan plan = planFor(m_model, 3, 8);
        plan.findLayer("block.conv1")->weight.observer = Observer::Mse;
        plan.findLayer("block.conv1")->weight.granularity = Granularity::PerTensor;
        const LayerDetail detail = detailOf("block.conv1", plan, {3});
        const at::Tensor weight = m_model.graph->findParameter("block.conv1.weight")->tensor;
        const QuantSpec& spec = plan.findLayer("block.conv1")->weight;
        const at::Tensor rounded = fakeQuantize(weight, chooseQuantParams(weight, spec, 0));
        const std::vector<float> levels = valuesOf(rounded);
        const auto [low, high] = std::ranges::minmax(levels);
        const WeightHistogram& histogram = detail.weightHistograms[0];
        QCOMPARE(histogram.gridChannel, -1);
        QCOMPARE(histogram.clipLow, double{low});
        QCOMPARE(histogram.clipHigh, double{high});
        for (const float level : levels) { // each rounded weight lies on the grid that is drawn
            QVERIFY(std::ranges::find(histogram.gridLevels, level) != histogram.gridLevels.end());
        }
        for (const ChannelRange& channel : detail.channels) { // one grid for all channels
            QCOMPARE(channel.clipLow, double{low});
        }
        const std::vector<float> values = valuesOf(weight);
        double error = 0;
        const double half = (histogram.gridLevels[1] - histogram.gridLevels[0]) / 2;
        std::int64_t clipped = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            error +=
                std::pow(double{values[i]} - levels[i], 2) / static_cast<double>(values.size());
            clipped += values[i] < low - half || values[i] > high + half ? 1 : 0;
        }
        QVERIFY(clipped > 0); // the search gives up the rarest values
        QVERIFY(isNear(histogram.clippedPercent,
                       100.0 * static_cast<double>(clipped) / static_cast<double>(values.size())));
        QVERIFY(isNear(errorOf(detail, Observer::Mse, 3).meanSquaredError, error));
        QVERIFY(errorOf(detail, Observer::Mse, 3).meanSquaredError <
                errorOf(detail, Observer::MinMax, 3).meanSquaredError);
    }

    void floatAndPrunedHaveNoGrid()
    {
        const LayerDetail detail = detailOf("fc", planFor(m_model, 0, 8), {32});
        for (const WeightHistogram& histogram : detail.weightHistograms) {
            QCOMPARE(histogram.clipLow, histogram.clipHigh);
            QVERIFY(histogram.gridLevels.empty());
            QCOMPARE(histogram.clippedPercent, 0.0);
        }
        QCOMPARE(detail.channels[0].clipHigh, 0.0);
        QCOMPARE(errorOf(detail, Observer::Mse, 32).meanSquaredError, 0.0);
        QVERIFY(!errorOf(detail, Observer::Mse, 32).sqnrDb);
        // Pruning loses the signal itself: 0 dB.
        const LayerDetail pruned = detailOf("fc", planFor(m_model, 8, 8), {0});
        QVERIFY(std::abs(errorOf(pruned, Observer::MinMax, 0).sqnrDb.value()) < 1e-6);
    }

    void activationsAgreeWithPlainLoops_data()
    {
        QTest::addColumn<QString>("layer");
        QTest::addColumn<int>("bits");
        QTest::newRow("the model's input, in floating point") << "stem" << 32;
        QTest::newRow("after a ReLU") << "block.conv2" << 4;
        QTest::newRow("pruned") << "block.conv2" << 0;
        QTest::newRow("shared by two layers") << "block.shortcut" << 6;
        QTest::newRow("the last") << "fc" << 8;
    }

    void activationsAgreeWithPlainLoops()
    {
        QFETCH(QString, layer);
        QFETCH(int, bits);
        constexpr std::int64_t kImages = 40;
        BatchLoader images = test::digits(kImages, 16); // the last batch is not full
        const LayerDetail detail =
            detailOf(layer.toStdString(), planFor(m_model, 4, bits), {}, &images);
        QCOMPARE(detail.calibrationImages, kImages);
        QCOMPARE(detail.activations.size(), std::size_t{1});
        const ActivationHistogram& histogram = detail.activations[0];
        const auto& info = *std::ranges::find_if(m_model.info.layers, [&](const LayerInfo& each) {
            return each.name == layer.toStdString();
        });
        QCOMPARE(histogram.tensor, info.inputs.front());
        QCOMPARE(histogram.bits, bits);
        const std::vector<float> values = activationsOf(m_model, histogram.tensor, kImages);
        const auto [low, high] = std::ranges::minmax(values);
        QCOMPARE(histogram.low, double{low});
        QCOMPARE(histogram.high, double{high});
        QCOMPARE(std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::int64_t{0}),
                 static_cast<std::int64_t>(values.size()));
        const at::Tensor tensor = tensorOver(m_model, histogram.tensor, kImages);
        QCOMPARE(detail.activationChannels.size(), std::size_t{1});
        const auto& channels = detail.activationChannels[0];
        QCOMPARE(static_cast<std::int64_t>(channels.size()), tensor.size(1));
        for (std::size_t c = 0; c < channels.size(); ++c) {
            const auto own = valuesOf(tensor.select(1, static_cast<std::int64_t>(c)));
            const auto [least, most] = std::ranges::minmax(own);
            QCOMPARE(channels[c].low, double{least});
            QCOMPARE(channels[c].high, double{most});
            QCOMPARE(channels[c].clipLow, histogram.clipLow); // one grid for all of them
            QCOMPARE(channels[c].clipHigh, histogram.clipHigh);
        }
        const double middle = (histogram.low + histogram.high) / 2;
        const auto below = std::ranges::count_if(values, [&](float x) { return x < middle; });
        const std::int64_t counted = std::accumulate(
            histogram.counts.begin(), histogram.counts.begin() + 25, std::int64_t{0});
        QVERIFY(std::abs(counted - below) <= 2);
        if (bits == 32 || bits == 0) {
            QCOMPARE(histogram.clipLow, histogram.clipHigh);
            return;
        }
        const PlainGrid grid(low, high, bits);
        QVERIFY(isNear(histogram.clipLow, grid.low()));
        QVERIFY(isNear(histogram.clipHigh, grid.high()));
        QCOMPARE(histogram.clippedPercent, 0.0); // min-max clips nothing
    }

    void aFixedRangeClips()
    {
        BitPlan plan = planFor(m_model, 4, 8);
        QuantSpec& spec = plan.findTensor("block.relu1")->activation;
        spec.range = ValueRange{0, 0.25F};
        BatchLoader images = test::digits(32, 16);
        const LayerDetail detail = detailOf("block.conv2", plan, {}, &images);
        const std::vector<float> values = activationsOf(m_model, "block.relu1", 32);
        const double edge = 0.25 + 0.25 / 255 / 2;
        const auto clipped = std::ranges::count_if(values, [&](float x) { return x > edge; });
        QVERIFY(clipped > 0);
        QVERIFY(isNear(detail.activations[0].clippedPercent,
                       100.0 * static_cast<double>(clipped) / static_cast<double>(values.size())));
        QVERIFY(isNear(detail.activations[0].clipHigh, 0.25));
    }

    void aMatrixProductHasActivationsOnly()
    {
        using graph::arg;
        graph::GraphBuilder builder("gram");
        Rng rng(1);
        const auto input = builder.addInput("input", {1, 1, 28, 28});
        const auto weight = builder.addParameter("fc.weight", test::randomTensor({8, 28}, rng, 1));
        const auto x =
            builder.add("aten::linear", {arg(input), arg(weight), graph::argNone()}, "fc", "fc");
        const auto turned =
            builder.add("aten::transpose.int", {arg(x), arg(std::int64_t{2}), arg(std::int64_t{3})},
                        "", "turned");
        const auto product = builder.add("aten::matmul", {arg(x), arg(turned)}, "gram", "gram");
        const LoadedModel model = describeModel(builder.finish({product}), {});
        QCOMPARE(model.info.layers.size(), std::size_t{2});
        BatchLoader images = test::digits(4, 4);
        const auto detail =
            layerDetail(model, planFor(model, 4, 8), {model.info.layers[1].name, {4}, 10}, &images,
                        at::kCPU, m_control);
        QVERIFY(detail->kind == LayerKind::MatMul && detail->weight.empty());
        QVERIFY(detail->weightHistograms.empty() && detail->errors.empty());
        QVERIFY(detail->channels.empty());
        QCOMPARE(detail->activations.size(), std::size_t{2});
        QCOMPARE(detail->activations[0].counts, detail->activations[1].counts);
    }

    void allLayersAtOnceAreTheSame()
    {
        const BitPlan plan = planFor(m_model, 4, 8);
        for (const WeightHistogram& histogram : weightHistograms(m_model, plan, 50)) {
            const LayerDetail detail = detailOf(histogram.layer, plan, {});
            QCOMPARE(detail.weightHistograms[0].counts, histogram.counts);
            QCOMPARE(detail.weightHistograms[0].gridLevels, histogram.gridLevels);
            QCOMPARE(detail.weightHistograms[0].clippedPercent, histogram.clippedPercent);
        }
    }

    void badQuestionsAreRefused()
    {
        const BitPlan plan = planFor(m_model, 4, 8);
        BITLOOM_EXPECT_ERROR(detailOf("block.conv3", plan, {4}), ErrorCode::NotFound,
                             "block.conv1");
        BITLOOM_EXPECT_ERROR(detailOf("fc", plan, {17}), ErrorCode::InvalidArgument, "17");
        BITLOOM_EXPECT_ERROR(detailOf("fc", plan, std::vector<int>(21, 4)),
                             ErrorCode::InvalidArgument, "21 bit widths");
        BitPlan symmetric = plan;
        symmetric.findLayer("fc")->weight.scheme = QScheme::Symmetric;
        BITLOOM_EXPECT_ERROR(detailOf("fc", symmetric, {1}), ErrorCode::InvalidArgument,
                             "layer fc");
        BITLOOM_EXPECT_ERROR(
            layerDetail(m_model, plan, {"fc", {}, 0}, nullptr, at::kCPU, m_control),
            ErrorCode::InvalidArgument, "1..10000");
        const LoadedModel broken = [] {
            LoadedModel model = test::smallResidualNetwork(3);
            at::Tensor weight = model.graph->findParameter("fc.weight")->tensor;
            weight.mutable_data_ptr<float>()[7] = std::numeric_limits<float>::quiet_NaN();
            return model;
        }();
        BITLOOM_EXPECT_ERROR(
            layerDetail(broken, plan, {"fc", {}, 10}, nullptr, at::kCPU, m_control),
            ErrorCode::NonFinite, "layer fc: 1 of 2560");
    }

    void aStopEndsIt()
    {
        RunControl stopped;
        stopped.requestStop();
        BatchLoader images = test::digits(32, 16);
        const BitPlan plan = planFor(m_model, 4, 8);
        QVERIFY(!layerDetail(m_model, plan, {"fc", {4}, 10}, nullptr, at::kCPU, stopped));
        QVERIFY(!layerDetail(m_model, plan, {"fc", {}, 10}, &images, at::kCPU, stopped));
    }
};

QTEST_GUILESS_MAIN(TestLayerDetail)
#include "tst_layer_detail.moc"
