// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/range_data.h"

#include "core/base/error.h"

#include <ATen/ops/aminmax.h>
#include <ATen/ops/isfinite.h>

#include <algorithm>
#include <cmath>

namespace bitloom {
namespace {

at::Tensor rowsOf(const at::Tensor& x, int axis)
{
    BITLOOM_REQUIRE(axis >= -1 && axis < x.dim(), ErrorCode::ShapeMismatch, "channel axis ", axis,
                    " does not exist in a tensor of ", x.dim(), " dimensions");
    BITLOOM_REQUIRE(at::isFloatingType(x.scalar_type()), ErrorCode::InvalidArgument,
                    "only floating-point tensors have a range to observe, this one holds ",
                    c10::toString(x.scalar_type()));
    BITLOOM_REQUIRE(x.numel() > 0, ErrorCode::InvalidArgument,
                    "an empty tensor has no range to observe");
    const at::Tensor values = x.detach().to(at::kCPU, at::kFloat);
    if (axis < 0) {
        // The order of the values does not matter to any observer, so memory order will do.
        return values.is_non_overlapping_and_dense()
                   ? values.as_strided({1, x.numel()}, {x.numel(), 1})
                   : values.reshape({1, x.numel()});
    }
    return values.movedim(axis, 0).reshape({x.size(axis), -1}).contiguous();
}

} // namespace

ChannelRows::ChannelRows(const at::Tensor& x, int axis) : m_rows(rowsOf(x, axis))
{
}

std::span<const float> ChannelRows::row(std::int64_t channel) const
{
    return {m_rows.const_data_ptr<float>() + channel * perChannel(),
            static_cast<std::size_t>(perChannel())};
}

std::vector<ValueRange> ChannelRows::ranges() const
{
    const auto [low, high] = numChannels() == 1 ? at::aminmax(m_rows) : at::aminmax(m_rows, 1);
    std::vector<ValueRange> ranges(static_cast<std::size_t>(numChannels()));
    for (std::size_t channel = 0; channel < ranges.size(); ++channel) {
        const ValueRange range = {low.const_data_ptr<float>()[channel],
                                  high.const_data_ptr<float>()[channel]};
        if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
            const std::int64_t finite = at::isfinite(m_rows).sum().item<std::int64_t>();
            fail(ErrorCode::NonFinite, m_rows.numel() - finite, " of ", m_rows.numel(),
                 " values are NaN or infinite");
        }
        ranges[channel] = range;
    }
    return ranges;
}

ValueRange percentileRange(std::span<const float> values, double percent)
{
    std::vector<float> copy(values.begin(), values.end());
    const auto quantile = [&](double fraction) {
        const double position = fraction * static_cast<double>(copy.size() - 1);
        const double below = std::floor(position);
        const auto middle = copy.begin() + static_cast<std::ptrdiff_t>(below);
        std::nth_element(copy.begin(), middle, copy.end());
        const double value = static_cast<double>(*middle);
        if (middle + 1 == copy.end()) {
            return static_cast<float>(value);
        }
        const double next = static_cast<double>(*std::min_element(middle + 1, copy.end()));
        return static_cast<float>(value + (position - below) * (next - value));
    };
    return {quantile(1.0 - percent / 100.0), quantile(percent / 100.0)};
}

PercentileHistogram::PercentileHistogram(ValueRange range) : m_range(range), m_counts(kBins, 0)
{
}

void PercentileHistogram::add(std::span<const float> values)
{
    const double low = static_cast<double>(m_range.low);
    const double width = static_cast<double>(m_range.high) - low;
    const double binsPerUnit = width > 0 ? kBins / width : 0.0;
    for (const float value : values) {
        const double position = (static_cast<double>(value) - low) * binsPerUnit;
        // The first comparison also sends NaN to bin 0 instead of out of bounds.
        const double bin = position > 0.0 ? std::min(position, kBins - 1.0) : 0.0;
        ++m_counts[static_cast<std::size_t>(bin)];
    }
    m_total += static_cast<std::int64_t>(values.size());
}

/// The value of a whole rank (0 = smallest), which lies somewhere in its bin: values are taken as
/// spread evenly there.
double PercentileHistogram::valueAtRank(double rank) const
{
    const double low = static_cast<double>(m_range.low);
    const double width = (static_cast<double>(m_range.high) - low) / kBins;
    double before = 0;
    for (std::size_t bin = 0; bin < m_counts.size(); ++bin) {
        const auto count = static_cast<double>(m_counts[bin]);
        if (rank < before + count) {
            return low + width * (static_cast<double>(bin) + (rank - before + 0.5) / count);
        }
        before += count;
    }
    return static_cast<double>(m_range.high);
}

float PercentileHistogram::quantile(double fraction) const
{
    const double position = fraction * static_cast<double>(m_total - 1);
    const double below = std::floor(position);
    const double value = valueAtRank(below);
    const double next = valueAtRank(std::min(below + 1, static_cast<double>(m_total - 1)));
    return std::clamp(static_cast<float>(value + (position - below) * (next - value)), m_range.low,
                      m_range.high);
}

ValueRange PercentileHistogram::range(double percent) const
{
    // 100 % is the range itself, not the middle of its outermost bins.
    return percent >= 100.0
               ? m_range
               : ValueRange{quantile(1.0 - percent / 100.0), quantile(percent / 100.0)};
}

} // namespace bitloom
