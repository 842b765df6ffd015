// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/histograms.h"

#include "core/base/error.h"
#include "core/methods/calibration.h"

#include <algorithm>
#include <cmath>

namespace bitloom {

namespace {

/// Lowest and highest value of a channel's grid.
ValueRange gridRange(const QuantParams& grid, std::size_t channel)
{
    const auto level = [&](std::int32_t code) {
        return grid.scale[channel] * static_cast<float>(code - grid.zeroPoint[channel]);
    };
    return {level(grid.quantMin), level(grid.quantMax)};
}

std::size_t widestChannel(const QuantParams& grid)
{
    return static_cast<std::size_t>(std::max_element(grid.scale.begin(), grid.scale.end()) -
                                    grid.scale.begin());
}

void addGrid(const QuantParams& grid, WeightHistogram& histogram)
{
    const std::size_t channel = widestChannel(grid);
    const ValueRange range = gridRange(grid, channel);
    histogram.clipLow = range.low;
    histogram.clipHigh = range.high;
    histogram.gridChannel = grid.axis < 0 ? -1 : static_cast<int>(channel);
    if (grid.quantMax - grid.quantMin < WeightHistogram::kMaxGridLevels) {
        for (std::int32_t code = grid.quantMin; code <= grid.quantMax; ++code) {
            histogram.gridLevels.push_back(grid.scale[channel] *
                                           static_cast<float>(code - grid.zeroPoint[channel]));
        }
    }
}

/// Values that round beyond the last level of their channel: more than half a step outside.
double clippedPercent(const at::Tensor& channelsFirst, const QuantParams& grid)
{
    const std::int64_t channels = static_cast<std::int64_t>(grid.scale.size());
    const std::int64_t columns = channelsFirst.numel() / std::max<std::int64_t>(1, channels);
    const float* data = channelsFirst.const_data_ptr<float>();
    std::int64_t clipped = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        const ValueRange range = gridRange(grid, channel);
        const float half = grid.scale[channel] / 2;
        clipped += std::count_if(data + c * columns, data + (c + 1) * columns, [&](float x) {
            return x < range.low - half || x > range.high + half;
        });
    }
    return channelsFirst.numel() == 0
               ? 0
               : 100.0 * static_cast<double>(clipped) / static_cast<double>(channelsFirst.numel());
}

void countBins(const at::Tensor& values, int bins, WeightHistogram& histogram)
{
    const float* data = values.const_data_ptr<float>();
    const auto [low, high] = std::minmax_element(data, data + values.numel());
    histogram.low = *low;
    histogram.high = *high > *low ? *high : *low + 1;
    histogram.counts.assign(static_cast<std::size_t>(bins), 0);
    const double perBin = bins / (histogram.high - histogram.low);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        const auto bin = static_cast<std::int64_t>((data[i] - histogram.low) * perBin);
        ++histogram.counts[static_cast<std::size_t>(std::min<std::int64_t>(bin, bins - 1))];
    }
}

} // namespace

std::vector<WeightHistogram> weightHistograms(const LoadedModel& model, const BitPlan& plan,
                                              int bins)
{
    BITLOOM_REQUIRE(bins >= 1 && bins <= 10000, ErrorCode::InvalidArgument, "a histogram of ", bins,
                    " bins was asked for: 1..10000 are possible");
    const QuantState state = weightGrids(model, plan);
    std::vector<WeightHistogram> histograms;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const LayerInfo& layer = model.info.layers[i];
        if (!model.layers[i].weight || layer.parameters == 0) {
            continue;
        }
        const at::Tensor weight = model.graph->parameter(*model.layers[i].weight).tensor.detach();
        const at::Tensor channelsFirst =
            weight.to(at::kCPU, at::kFloat).movedim(layer.weightAxis, 0).contiguous();
        WeightHistogram histogram;
        histogram.layer = layer.name;
        histogram.bits = plan.findLayer(layer.name)->weight.bits;
        BITLOOM_REQUIRE(channelsFirst.isfinite().all().item<bool>(), ErrorCode::NonFinite, "layer ",
                        layer.name, ": the weights hold NaN or Inf");
        countBins(channelsFirst, bins, histogram);
        if (const auto grid = state.weights.find(layer.name); grid != state.weights.end()) {
            addGrid(grid->second, histogram);
            histogram.clippedPercent = clippedPercent(channelsFirst, grid->second);
        }
        histograms.push_back(std::move(histogram));
    }
    return histograms;
}

} // namespace bitloom
