// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/range_data.h"

#include "core/base/error.h"
#include "core/ops/parallel.h"

#include <ATen/ops/aminmax.h>
#include <ATen/ops/isfinite.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

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

/// Fewer values than this are not worth another thread.
constexpr std::int64_t kGrainValues = 1 << 15;

/// Both ends are NaN if any value is not finite. In lanes, so that the compiler can use vectors:
/// LibTorch's reduction along an axis goes value by value.
ValueRange rangeOf(std::span<const float> values)
{
    constexpr std::size_t kLanes = 16;
    std::array<float, kLanes> low{};
    std::array<float, kLanes> high{};
    std::array<float, kLanes> bad{}; // x - x is 0, or NaN where x is not finite
    low.fill(values.front());
    high.fill(values.front());
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes) {
        const float* const x = values.data() + i;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            low[lane] = x[lane] < low[lane] ? x[lane] : low[lane];
            high[lane] = x[lane] > high[lane] ? x[lane] : high[lane];
            bad[lane] += x[lane] - x[lane];
        }
    }
    for (; i < values.size(); ++i) {
        low[0] = std::min(low[0], values[i]);
        high[0] = std::max(high[0], values[i]);
        bad[0] += values[i] - values[i];
    }
    if (std::any_of(bad.begin(), bad.end(), [](float sum) { return sum != 0; })) {
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        return {kNan, kNan};
    }
    return {*std::min_element(low.begin(), low.end()), *std::max_element(high.begin(), high.end())};
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
    std::vector<ValueRange> ranges(static_cast<std::size_t>(numChannels()));
    if (numChannels() == 1) {
        const auto [low, high] = at::aminmax(m_rows);
        ranges.front() = {low.item<float>(), high.item<float>()};
    } else {
        ops::parallelFor(numChannels(), std::max<std::int64_t>(1, kGrainValues / perChannel()),
                         [&](std::int64_t begin, std::int64_t end) {
                             for (std::int64_t channel = begin; channel < end; ++channel) {
                                 ranges[static_cast<std::size_t>(channel)] = rangeOf(row(channel));
                             }
                         });
    }
    const bool isFinite = std::all_of(ranges.begin(), ranges.end(), [](ValueRange range) {
        return std::isfinite(range.low) && std::isfinite(range.high);
    });
    if (!isFinite) {
        const std::int64_t finite = at::isfinite(m_rows).sum().item<std::int64_t>();
        fail(ErrorCode::NonFinite, m_rows.numel() - finite, " of ", m_rows.numel(),
             " values are NaN or infinite");
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
