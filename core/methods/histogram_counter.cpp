// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/histogram_counter.h"

#include "core/base/error.h"

#include <algorithm>
#include <span>
#include <utility>

namespace bitloom {

ValueRange levelRange(const QuantParams& grid, std::size_t channel)
{
    const auto level = [&](std::int32_t code) {
        return grid.scale[channel] * static_cast<float>(code - grid.zeroPoint[channel]);
    };
    return {level(grid.quantMin), level(grid.quantMax)};
}

HistogramCounter::HistogramCounter(ValueRange range, int bins, std::optional<QuantParams> grid)
    : m_grid(std::move(grid))
{
    BITLOOM_REQUIRE(bins >= 1 && bins <= 10000, ErrorCode::InvalidArgument, "a histogram of ", bins,
                    " bins was asked for: 1..10000 are possible");
    m_histogram.low = range.low;
    m_histogram.high = range.high > range.low ? double{range.high} : double{range.low} + 1;
    m_histogram.counts.assign(static_cast<std::size_t>(bins), 0);
    if (m_grid) {
        describeGrid();
    }
}

void HistogramCounter::describeGrid()
{
    const auto widest = std::max_element(m_grid->scale.begin(), m_grid->scale.end());
    const auto channel = static_cast<std::size_t>(widest - m_grid->scale.begin());
    const ValueRange range = levelRange(*m_grid, channel);
    m_histogram.clipLow = range.low;
    m_histogram.clipHigh = range.high;
    m_histogram.gridChannel = m_grid->axis < 0 ? -1 : static_cast<int>(channel);
    if (m_grid->quantMax - m_grid->quantMin < GridHistogram::kMaxGridLevels) {
        for (std::int32_t code = m_grid->quantMin; code <= m_grid->quantMax; ++code) {
            m_histogram.gridLevels.push_back(m_grid->scale[channel] *
                                             static_cast<float>(code - m_grid->zeroPoint[channel]));
        }
    }
}

void HistogramCounter::add(const ChannelRows& rows)
{
    const auto lastBin = static_cast<std::int64_t>(m_histogram.counts.size()) - 1;
    const double perBin =
        static_cast<double>(m_histogram.counts.size()) / (m_histogram.high - m_histogram.low);
    for (std::int64_t c = 0; c < rows.numChannels(); ++c) {
        const std::span<const float> row = rows.row(c);
        for (const float x : row) {
            const auto bin = static_cast<std::int64_t>((x - m_histogram.low) * perBin);
            ++m_histogram
                  .counts[static_cast<std::size_t>(std::clamp<std::int64_t>(bin, 0, lastBin))];
        }
        m_values += static_cast<std::int64_t>(row.size());
        if (m_grid) {
            const std::size_t channel = m_grid->axis < 0 ? 0 : static_cast<std::size_t>(c);
            const ValueRange range = levelRange(*m_grid, channel);
            const float half = m_grid->scale[channel] / 2;
            m_clipped += std::count_if(row.begin(), row.end(), [&](float x) {
                return x < range.low - half || x > range.high + half;
            });
        }
    }
}

GridHistogram HistogramCounter::finish() const
{
    GridHistogram histogram = m_histogram;
    histogram.clippedPercent =
        m_values == 0 ? 0 : 100.0 * static_cast<double>(m_clipped) / static_cast<double>(m_values);
    return histogram;
}

} // namespace bitloom
