// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/layer_detail.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/graph/executor.h"
#include "core/methods/calibration.h"
#include "core/methods/histogram_counter.h"
#include "core/methods/histograms.h"
#include "core/methods/quantized_executor.h"
#include "core/quant/observer.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace bitloom {

namespace {

constexpr std::array kObservers{Observer::MinMax, Observer::Percentile, Observer::Mse};

std::size_t layerIndexOf(const LoadedModel& model, const std::string& name)
{
    std::vector<std::string> names;
    for (const LayerInfo& layer : model.info.layers) {
        names.push_back(layer.name);
    }
    const auto found = std::ranges::find(names, name);
    BITLOOM_REQUIRE(found != names.end(), ErrorCode::NotFound, "the model has no layer '", name,
                    "'; the nearest names are ", joinForPeople(nearestNames(name, names)));
    return static_cast<std::size_t>(found - names.begin());
}

void requireLegalBits(const std::vector<int>& bits)
{
    constexpr std::size_t kMostWidths = 20;
    BITLOOM_REQUIRE(bits.size() <= kMostWidths, ErrorCode::InvalidArgument, bits.size(),
                    " bit widths were asked for: at most ", kMostWidths, " are possible");
    for (const int width : bits) {
        BITLOOM_REQUIRE(isLegalBitWidth(width), ErrorCode::InvalidArgument, "found the bit width ",
                        width, ", allowed are 0..16 and 32");
    }
}

QuantSpec withBits(QuantSpec spec, int bits)
{
    spec.bits = bits;
    requireValid(spec, "weight");
    return spec;
}

double meanSquare(const ChannelRows& rows)
{
    double sum = 0;
    for (std::int64_t c = 0; c < rows.numChannels(); ++c) {
        for (const float x : rows.row(c)) {
            sum += double{x} * double{x};
        }
    }
    const std::int64_t count = rows.numChannels() * rows.perChannel();
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::vector<ChannelRange> channelRanges(const std::vector<ValueRange>& ranges,
                                        const std::optional<QuantParams>& grid)
{
    std::vector<ChannelRange> channels;
    for (std::size_t c = 0; c < ranges.size(); ++c) {
        ChannelRange channel{ranges[c].low, ranges[c].high, 0, 0};
        if (grid) {
            const ValueRange levels = levelRange(*grid, grid->axis < 0 ? 0 : c);
            channel.clipLow = levels.low;
            channel.clipHigh = levels.high;
        }
        channels.push_back(channel);
    }
    return channels;
}

/// False when cancelled.
bool describeWeight(const LoadedModel& model, std::size_t index, const QuantSpec& planned,
                    const LayerDetailOptions& options, RunControl& control, LayerDetail& detail)
{
    const int axis = model.info.layers[index].weightAxis;
    const at::Tensor weight = model.graph->parameter(*model.layers[index].weight)
                                  .tensor.detach()
                                  .to(at::kCPU, at::kFloat);
    detail.weightHistograms.push_back(weightHistogram(model, index, planned, options.bins));
    const ChannelRows rows(weight, axis);
    detail.channels = channelRanges(rows.ranges(), weightGrid(model, index, planned));
    for (const int bits : options.bits) {
        if (control.shouldStop()) {
            return false;
        }
        detail.weightHistograms.push_back(
            weightHistogram(model, index, withBits(planned, bits), options.bins));
    }
    const double signal = meanSquare(rows);
    for (const Observer observer : kObservers) {
        for (const int bits : options.bits) {
            if (control.shouldStop()) {
                return false;
            }
            QuantSpec spec = withBits(planned, bits);
            spec.observer = observer;
            spec.range.reset(); // a fixed range would take the observer's place
            ObserverError error{observer, bits, quantizationError(weight, spec, axis), {}};
            if (signal > 0 && error.meanSquaredError > 0) {
                error.sqnrDb = 10 * std::log10(signal / error.meanSquaredError);
            }
            detail.errors.push_back(error);
        }
    }
    return true;
}

/// The plan with nothing quantized but the named tensors, so that calibrating it costs no more than
/// they do.
BitPlan onlyTensors(BitPlan plan, const std::vector<std::string>& tensors)
{
    for (LayerPlan& layer : plan.layers) {
        layer.weight.bits = kFloatBits;
    }
    for (TensorPlan& tensor : plan.tensors) {
        if (std::ranges::find(tensors, tensor.name) == tensors.end()) {
            tensor.activation = {};
        }
    }
    return plan;
}

/// The same with specs that look at the images whatever the plan says: their ranges are wanted also
/// of tensors that stay in floating point, are pruned or have a fixed range.
BitPlan withSeenRanges(BitPlan plan, const std::vector<std::string>& tensors)
{
    for (const std::string& name : tensors) {
        QuantSpec spec;
        spec.bits = 8;
        plan.findTensor(name)->activation = spec;
    }
    return plan;
}

struct CountedTensor {
    ActivationHistogram histogram; ///< name and bits
    graph::ValueIndex value = graph::kNoValue;
    std::optional<QuantParams> grid;
    HistogramCounter counter;
    std::vector<ValueRange> channels = {}; ///< of all batches so far
};

/// The channels that a layer reads: images have theirs behind the batch, everything else at its
/// end. Nothing if there are none.
std::optional<int> channelAxis(LayerKind kind, const at::Tensor& input)
{
    const bool isImage = kind == LayerKind::Conv || kind == LayerKind::ConvTranspose;
    const auto dimensions = static_cast<int>(input.dim());
    return dimensions < 2 ? std::nullopt : std::optional(isImage ? 1 : dimensions - 1);
}

void widenChannels(std::vector<ValueRange>& channels, const std::vector<ValueRange>& seen)
{
    if (channels.empty()) {
        channels = seen;
        return;
    }
    BITLOOM_ASSERT(channels.size() == seen.size()); // only the batch differs
    for (std::size_t c = 0; c < seen.size(); ++c) {
        channels[c].low = std::min(channels[c].low, seen[c].low);
        channels[c].high = std::max(channels[c].high, seen[c].high);
    }
}

/// Counts the tensors over all images. False when cancelled.
bool countActivations(const LoadedModel& model, std::vector<CountedTensor>& counted,
                      BatchLoader& images, c10::Device device, RunControl& control,
                      LayerDetail& detail)
{
    graph::ExecutorOptions options;
    for (const CountedTensor& tensor : counted) {
        options.outputs.push_back(tensor.value); // nothing beyond them is computed
    }
    const graph::Executor executor(graphOn(model, device), std::move(options));
    images.startEpoch(0);
    while (const std::optional<Batch> batch = images.next()) {
        if (control.shouldStop()) {
            return false;
        }
        const auto outputs = executor.run({batch->images.to(device)}, control.stopToken());
        if (!outputs) {
            return false;
        }
        for (std::size_t i = 0; i < counted.size(); ++i) {
            const at::Tensor values = (*outputs)[i].toTensor();
            HistogramCounter& counter = counted[i].counter;
            counter.add(ChannelRows(values, counter.axis()));
            if (const auto axis = channelAxis(detail.kind, values)) {
                widenChannels(counted[i].channels, ChannelRows(values, *axis).ranges());
            }
        }
        detail.calibrationImages += batch->images.size(0);
        control.report(
            {"counting activations", detail.calibrationImages, images.imageCount(), "images"});
    }
    return !images.stopped();
}

/// False when cancelled.
bool describeActivations(const LoadedModel& model, const LayerInfo& layer, const BitPlan& plan,
                         int bins, BatchLoader& images, c10::Device device, RunControl& control,
                         LayerDetail& detail)
{
    std::vector<std::string> tensors;
    for (const std::string& name : layer.inputs) { // a matmul may multiply a tensor by itself
        if (std::ranges::find(tensors, name) == tensors.end()) {
            tensors.push_back(name);
        }
    }
    const BitPlan own = onlyTensors(plan, tensors);
    const std::array plans{own, withSeenRanges(own, tensors)};
    const auto states = calibrate(model, plans, &images, device, control);
    if (!states) {
        return false;
    }
    std::vector<CountedTensor> counted;
    for (const std::string& name : tensors) {
        const auto& grids = states->front().activations;
        const auto grid = grids.find(name);
        ActivationHistogram histogram;
        histogram.tensor = name;
        histogram.bits = plan.findTensor(name)->activation.bits;
        const auto used = grid == grids.end() ? std::nullopt : std::optional(grid->second);
        counted.push_back({std::move(histogram), activationSite(model, name).value, used,
                           HistogramCounter(states->back().activationRanges.at(name), bins, used)});
    }
    if (!countActivations(model, counted, images, device, control, detail)) {
        return false;
    }
    for (CountedTensor& tensor : counted) {
        const int bits = tensor.histogram.bits;
        static_cast<GridHistogram&>(tensor.histogram) = tensor.counter.finish();
        tensor.histogram.bits = bits;
        detail.activations.push_back(std::move(tensor.histogram));
        // A grid per channel of another axis says nothing about these channels.
        const bool fits = tensor.grid && tensor.grid->axis < 0;
        detail.activationChannels.push_back(
            channelRanges(tensor.channels, fits ? tensor.grid : std::nullopt));
    }
    return true;
}

} // namespace

std::optional<LayerDetail> layerDetail(const LoadedModel& model, const BitPlan& plan,
                                       const LayerDetailOptions& options, BatchLoader* images,
                                       c10::Device device, RunControl& control)
{
    const c10::InferenceMode inference;
    const std::size_t index = layerIndexOf(model, options.layer);
    requireLegalBits(options.bits);
    checkPlanAgainst(plan, model.info);
    const LayerInfo& layer = model.info.layers[index];
    LayerDetail detail;
    detail.layer = layer.name;
    detail.kind = layer.kind;
    detail.weight = layer.weight;
    if (model.layers[index].weight) {
        const QuantSpec& planned = plan.findLayer(layer.name)->weight;
        const bool done = withContext("layer " + layer.name, [&] {
            return describeWeight(model, index, planned, options, control, detail);
        });
        if (!done) {
            return std::nullopt;
        }
    }
    if (images != nullptr &&
        !describeActivations(model, layer, plan, options.bins, *images, device, control, detail)) {
        return std::nullopt;
    }
    return detail;
}

} // namespace bitloom
