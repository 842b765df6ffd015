// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "report_samples.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::test {

namespace {
constexpr std::array<int, 6> kBits = {2, 3, 4, 5, 6, 8};

/// A wobble in [0, 1) that differs from index to index.
double wobble(std::size_t index, double frequency)
{
    return 0.5 + 0.49 * std::sin(frequency * static_cast<double>(index + 1));
}

ModelInfo sampleModel(const std::string& name, const std::vector<std::string>& layerNames)
{
    ModelInfo model;
    model.name = name;
    model.fingerprint = "sha256:" + std::string(64, '5');
    model.inputShape = {1, 3, 32, 32};
    const std::size_t count = layerNames.size();
    for (std::size_t i = 0; i < count; ++i) {
        LayerInfo layer;
        layer.name = layerNames[i];
        layer.weight = layer.name + ".weight";
        const bool isLast = i + 1 == count;
        const std::int64_t stage = 1 + static_cast<std::int64_t>(3 * i / count);
        const std::int64_t channels = std::int64_t{8} << stage;
        layer.kind = isLast ? LayerKind::Linear : LayerKind::Conv;
        layer.op = isLast ? "aten::linear" : "aten::conv2d";
        layer.weightShape = isLast
                                ? std::vector<std::int64_t>{10, channels}
                                : std::vector<std::int64_t>{channels, i == 0 ? 3 : channels, 3, 3};
        layer.parameters = 1;
        for (const std::int64_t size : layer.weightShape) {
            layer.parameters *= size;
        }
        const std::int64_t positions = isLast ? 1 : 1024 >> (2 * (stage - 1));
        layer.macs = layer.parameters * positions;
        layer.weightBytes = 4 * layer.parameters;
        TensorInfo tensor;
        tensor.name = i == 0 ? "input" : layerNames[i - 1] + ".relu";
        tensor.isModelInput = i == 0;
        tensor.readers = {layer.name};
        layer.inputs = {tensor.name};
        model.parameters += layer.parameters + 2 * channels;
        model.macs += layer.macs;
        model.layers.push_back(layer);
        model.tensors.push_back(tensor);
    }
    model.storedBytes = 4 * model.parameters + 8192;
    return model;
}

void planAndCost(report::ReportData& data)
{
    const std::size_t count = data.model.layers.size();
    data.plan.name = "kl-at-w4-bytes";
    data.plan.modelName = data.model.name;
    for (std::size_t i = 0; i < count; ++i) {
        const LayerInfo& layer = data.model.layers[i];
        const bool isBoundary = i == 0 || i + 1 == count;
        const std::size_t choice = static_cast<std::size_t>(wobble(i, 1.7) * 5);
        int weightBits = isBoundary ? 8 : kBits[choice];
        if (i == count / 2) {
            weightBits = kFloatBits;
        }
        if (i == count / 3) {
            weightBits = kPrunedBits;
        }
        const int activationBits = i == 0 ? kFloatBits : i % 4 == 3 ? 6 : 8;
        LayerPlan entry;
        entry.name = layer.name;
        entry.weight.bits = weightBits;
        data.plan.layers.push_back(entry);
        TensorPlan tensor;
        tensor.name = layer.inputs.front();
        tensor.activation.bits = activationBits;
        data.plan.tensors.push_back(tensor);

        LayerCost cost;
        cost.name = layer.name;
        cost.weightBits = weightBits;
        cost.activationBits = activationBits;
        cost.macs = layer.macs;
        cost.bops = layer.macs * weightBits * activationBits;
        cost.codeBytes = layer.parameters * weightBits / 8;
        cost.scaleBytes = weightBits == kFloatBits || weightBits == kPrunedBits
                              ? 0
                              : 8 * layer.weightShape.front();
        data.cost.macs += cost.macs;
        data.cost.bops += cost.bops;
        data.cost.bytes += cost.bytes();
        data.cost.layers.push_back(cost);
    }
    data.cost.bopsFp32 = 1024 * data.cost.macs;
    data.cost.rawBytes =
        8 * data.model.layers.front().weightShape.front() * static_cast<int>(count);
    data.cost.bytes += data.cost.rawBytes;
    data.cost.bytesFp32 = data.model.storedBytes;
}

SensitivityTable sampleSensitivity(const ModelInfo& model)
{
    SensitivityTable table;
    table.modelName = model.name;
    table.data = "cifar10:cifar-10-batches-bin";
    table.images = 256;
    table.seed = 20;
    table.floatAccuracyPercent = 91.5;
    table.bits.assign(kBits.begin(), kBits.end());
    table.complete = true;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        for (const SensitivityTarget target :
             {SensitivityTarget::Weight, SensitivityTarget::Activation}) {
            const bool isWeight = target == SensitivityTarget::Weight;
            for (const int bits : kBits) {
                SensitivityEntry entry;
                entry.target = target;
                entry.name = isWeight ? model.layers[i].name : model.layers[i].inputs.front();
                entry.bits = bits;
                entry.kl = (isWeight ? 3.0 : 0.9) * std::pow(0.25, bits - 2) *
                           std::exp(3 * wobble(i, isWeight ? 2.3 : 0.9) - 1.5);
                entry.outputError = 4 * entry.kl;
                entry.accuracyPercent = 91.5 - 12 * std::min(6.0, entry.kl);
                table.entries.push_back(entry);
            }
        }
    }
    return table;
}

FrontierPoint pointAt(const report::ReportData& data, double shareOfFp32, PointKind kind)
{
    FrontierPoint point;
    point.kind = kind;
    point.bytes = static_cast<std::int64_t>(shareOfFp32 * static_cast<double>(data.cost.bytesFp32));
    point.bops =
        static_cast<std::int64_t>(0.25 * shareOfFp32 * static_cast<double>(data.cost.bopsFp32));
    point.bopsPercentOfFp32 = 25 * shareOfFp32;
    point.predictedLoss = 2.5e-5 * std::pow(shareOfFp32, -4.2);
    return point;
}

std::vector<FrontierPoint> sampleFrontier(const report::ReportData& data)
{
    std::vector<FrontierPoint> points;
    for (int i = 0; i < 50; ++i) {
        const double share = 0.07 * std::pow(0.28 / 0.07, i / 49.0);
        FrontierPoint point = pointAt(data, share, PointKind::Predicted);
        point.label = "budget " + std::to_string(i + 1);
        *point.predictedLoss *= 1 + 0.15 * wobble(static_cast<std::size_t>(i), 5.1);
        point.optimal = true;
        points.push_back(point);
        if (i % 12 == 6) {
            point.kind = PointKind::Measured;
            point.top1Percent = 91.5 - 4 * std::pow(0.09 / share, 3);
            points.push_back(point);
        }
    }
    const std::array<std::pair<int, double>, 5> uniform = {
        {{8, 91.6}, {6, 91.5}, {4, 90.4}, {3, 85.2}, {2, 61.0}}};
    for (const auto& [bits, top1] : uniform) {
        FrontierPoint point = pointAt(data, bits / 32.0 + 0.012, PointKind::UniformAnchor);
        point.label = "w" + std::to_string(bits) + "a8";
        *point.predictedLoss *= 2.2;
        point.top1Percent = top1;
        points.push_back(point);
    }
    return points;
}

std::vector<WeightHistogram> sampleHistograms(const report::ReportData& data)
{
    std::vector<WeightHistogram> histograms;
    for (std::size_t i = 0; i < data.model.layers.size(); ++i) {
        WeightHistogram histogram;
        histogram.layer = data.model.layers[i].name;
        histogram.bits = data.plan.layers[i].weight.bits;
        const double width = 0.05 + 0.3 * wobble(i, 0.8);
        histogram.low = -3.2 * width;
        histogram.high = 3.4 * width;
        for (int bin = 0; bin < 64; ++bin) {
            const double value = -3.2 + 6.6 * (bin + 0.5) / 64;
            const double noise = 1 + 0.2 * (wobble(static_cast<std::size_t>(bin), 3.3) - 0.5);
            histogram.counts.push_back(
                static_cast<std::int64_t>(400 * std::exp(-value * value / 2) * noise));
        }
        if (histogram.bits >= 1 && histogram.bits <= kMaxIntegerBits) {
            const int levels = 1 << histogram.bits;
            histogram.clipLow = -2.7 * width;
            histogram.clipHigh = 2.7 * width;
            histogram.clippedPercent = 0.69;
            histogram.gridChannel = static_cast<int>(i % 16);
            for (int k = 0; k < levels && levels <= WeightHistogram::kMaxGridLevels; ++k) {
                const double level = histogram.clipLow + 5.4 * width * k / (levels - 1);
                histogram.gridLevels.push_back(static_cast<float>(level));
            }
        }
        histograms.push_back(histogram);
    }
    return histograms;
}

PackSheet sampleSheet(const report::ReportData& data)
{
    PackSheet sheet;
    sheet.fileName = data.model.name + "-" + data.plan.name + ".h5";
    sheet.payloadBytes = data.cost.bytes;
    sheet.metadataBytes = 14336;
    sheet.fileBytes = sheet.payloadBytes + sheet.metadataBytes;
    sheet.bytesFp32 = data.cost.bytesFp32;
    sheet.ratio = static_cast<double>(sheet.bytesFp32) / static_cast<double>(sheet.fileBytes);
    sheet.sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    sheet.verified = true;
    for (std::size_t i = 0; i < data.model.layers.size(); ++i) {
        const LayerCost& cost = data.cost.layers[i];
        PackSheetRow row;
        row.name = data.model.layers[i].weight;
        row.kind = cost.weightBits == kFloatBits ? "raw"
                   : cost.weightBits == 0        ? "pruned"
                                                 : "packed";
        row.bits = cost.weightBits;
        row.shape = data.model.layers[i].weightShape;
        row.packedBytes = cost.codeBytes;
        row.paddingBits = static_cast<std::int64_t>(16 * (i % 3));
        row.scaleBytes = cost.scaleBytes;
        row.crc32 = 0x9e3779b9U * static_cast<std::uint32_t>(i + 1);
        row.verified = true;
        sheet.tensors.push_back(row);
    }
    sheet.images = 1000;
    sheet.top1FloatPercent = 91.5;
    sheet.top1PlanPercent = 91.2;
    sheet.top1PackedPercent = 91.2;
    return sheet;
}
} // namespace

std::vector<std::string> resnet20Names()
{
    std::vector<std::string> names = {"conv1"};
    for (const int stage : {1, 2, 3}) {
        for (const int block : {0, 1, 2}) {
            for (const char* conv : {"conv1", "conv2"}) {
                names.push_back("layer" + std::to_string(stage) + "." + std::to_string(block) +
                                "." + conv);
            }
        }
    }
    names.emplace_back("linear");
    return names;
}

std::vector<std::string> resnet50Names()
{
    std::vector<std::string> names = {"conv1"};
    const std::array<int, 4> blocks = {3, 4, 6, 3};
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        for (int block = 0; block < blocks[stage]; ++block) {
            const std::string scope =
                "layer" + std::to_string(stage + 1) + "." + std::to_string(block) + ".";
            for (const char* conv : {"conv1", "conv2", "conv3"}) {
                names.push_back(scope + conv);
            }
            if (block == 0) {
                names.push_back(scope + "downsample.0");
            }
        }
    }
    names.emplace_back("fc");
    return names;
}

std::vector<std::string> longNames(int numLayers)
{
    std::vector<std::string> names;
    for (int i = 0; i < numLayers; ++i) {
        names.push_back("model.backbone.stages." + std::to_string(i / 25) + ".blocks." +
                        std::to_string(i % 25) + ".attention.query_key_value_projection");
    }
    return names;
}

report::ReportData sampleReport(const std::string& modelName, const std::vector<std::string>& names)
{
    report::ReportData data;
    data.title = modelName + " at the bytes of 4-bit weights";
    data.model = sampleModel(modelName, names);
    planAndCost(data);
    data.sensitivity = sampleSensitivity(data.model);
    data.frontier = sampleFrontier(data);
    data.histograms = sampleHistograms(data);
    data.sheet = sampleSheet(data);
    for (int epoch = 1; epoch <= 12; ++epoch) {
        EpochResult result;
        result.epoch = epoch;
        result.loss = 0.08 + 1.4 * std::exp(-0.45 * epoch);
        result.trainTop1Percent = 98.5 - 45 * std::exp(-0.5 * epoch);
        result.testTop1Percent = 97.1 - 40 * std::exp(-0.5 * epoch);
        data.training.push_back(result);
    }
    data.searches = {
        {"bayesian-bits-lambda-0.01", "bayesian-bits", "finished", 100, 100, 0.01, 98.87, 0.362},
        {"quick", "bayesian-bits", "running", 2, 0, std::nullopt, std::nullopt, std::nullopt}};
    data.provenance = {{"Model fingerprint", data.model.fingerprint},
                       {"Plan", "plans/" + data.plan.name + ".json"},
                       {"Data", "cifar10:cifar-10-batches-bin, 1000 test images"},
                       {"Seed", "20"},
                       {"Device", "cpu, 2 threads"},
                       {"Versions", "Bitloom 0.1.0, LibTorch 2.11.0"}};
    data.commands = {
        "bitloom sensitivity arch:resnet20_cifar@resnet20.th --data cifar10:DIR -o "
        "sensitivity.json",
        "bitloom allocate arch:resnet20_cifar@resnet20.th --sensitivity sensitivity.json "
        "--max-bytes 139264 -o plan.json",
        "bitloom pack arch:resnet20_cifar@resnet20.th --plan plan.json -o packed.h5"};
    return data;
}

} // namespace bitloom::test
