// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/observer.h"

#include "core/base/error.h"
#include "core/ops/parallel.h"
#include "core/ops/torch_errors.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/ops/mean.h>
#include <ATen/ops/square.h>
#include <ATen/ops/sub.h>

#include <algorithm>
#include <cmath>

namespace bitloom {
namespace {

bool isPerChannel(const QuantSpec& spec)
{
    return spec.granularity == Granularity::PerChannel;
}

int axisFor(const QuantSpec& spec, int axis)
{
    if (!isPerChannel(spec) || spec.isFloat() || spec.isPruned()) {
        return -1;
    }
    BITLOOM_REQUIRE(axis >= 0, ErrorCode::InvalidArgument,
                    "per-channel quantization needs a channel axis, got ", axis);
    return axis;
}

void checkSpec(const QuantSpec& spec)
{
    if (spec.isFloat() || spec.isPruned()) {
        return;
    }
    codeRange(spec.bits, spec.scheme);
    if (spec.range) {
        BITLOOM_REQUIRE(!isPerChannel(spec), ErrorCode::InvalidArgument,
                        "a fixed range is for per-tensor quantization only");
        BITLOOM_REQUIRE(std::isfinite(spec.range->low) && std::isfinite(spec.range->high) &&
                            spec.range->low <= spec.range->high,
                        ErrorCode::InvalidArgument, "the fixed range [", spec.range->low, ", ",
                        spec.range->high, "] is not a range");
    }
    BITLOOM_REQUIRE(spec.observer != Observer::Percentile ||
                        (spec.percentile > 50.0 && spec.percentile <= 100.0),
                    ErrorCode::InvalidArgument, "percentile = ", spec.percentile,
                    ", expected more than 50 and at most 100");
}

int numPassesOf(const QuantSpec& spec)
{
    if (spec.isFloat() || spec.isPruned() || spec.range) {
        return 0;
    }
    return spec.observer == Observer::MinMax ? 1 : 2;
}

/// Grids over ranges that include zero: in double per tensor, in float32 per channel, as the source
/// does.
std::vector<ScaleZero> gridsWithZero(const std::vector<ValueRange>& ranges, const QuantSpec& spec)
{
    const auto arithmetic = isPerChannel(spec) ? RangeArithmetic::Float32 : RangeArithmetic::Double;
    std::vector<ScaleZero> grids(ranges.size());
    std::transform(ranges.begin(), ranges.end(), grids.begin(), [&](ValueRange range) {
        return gridOf(withZero(range), spec.bits, spec.scheme, arithmetic);
    });
    return grids;
}

std::vector<ScaleZero> winners(const ScaleSearch& search, std::size_t numChannels)
{
    std::vector<ScaleZero> grids(numChannels);
    for (std::size_t channel = 0; channel < numChannels; ++channel) {
        grids[channel] = search.best(static_cast<std::int64_t>(channel)).grid;
    }
    return grids;
}

/// Calls body(channel) for each channel on all threads.
template <typename Body>
void forEachChannel(std::size_t numChannels, const Body& body)
{
    ops::parallelFor(static_cast<std::int64_t>(numChannels), 1,
                     [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t channel = begin; channel < end; ++channel) {
                             body(static_cast<std::size_t>(channel));
                         }
                     });
}

std::vector<ValueRange> exactPercentiles(const ChannelRows& rows, double percent)
{
    std::vector<ValueRange> ranges(static_cast<std::size_t>(rows.numChannels()));
    forEachChannel(ranges.size(), [&](std::size_t channel) {
        ranges[channel] = percentileRange(rows.row(static_cast<std::int64_t>(channel)), percent);
    });
    return ranges;
}

QuantParams paramsFrom(const std::vector<ScaleZero>& grids, const QuantSpec& spec, int axis)
{
    const CodeRange codes = codeRange(spec.bits, spec.scheme, spec.narrow);
    QuantParams params;
    params.quantMin = codes.min;
    params.quantMax = codes.max;
    params.axis = axis;
    for (const ScaleZero& grid : grids) {
        params.scale.push_back(grid.scale);
        params.zeroPoint.push_back(grid.zeroPoint);
    }
    return params;
}

} // namespace

RangeObserver::RangeObserver(const QuantSpec& spec, int axis)
    : m_spec(spec), m_axis(axisFor(spec, axis)), m_numPasses(numPassesOf(spec))
{
    checkSpec(spec);
}

void RangeObserver::widen(const std::vector<ValueRange>& ranges)
{
    if (m_ranges.empty()) {
        m_ranges = ranges;
        return;
    }
    for (std::size_t channel = 0; channel < ranges.size(); ++channel) {
        m_ranges[channel].low = std::min(m_ranges[channel].low, ranges[channel].low);
        m_ranges[channel].high = std::max(m_ranges[channel].high, ranges[channel].high);
    }
}

void RangeObserver::observe(const at::Tensor& x)
{
    BITLOOM_REQUIRE(m_pass < m_numPasses, ErrorCode::InvalidArgument, "this observer takes ",
                    m_numPasses, " pass(es) over the data, and they are over");
    if (x.numel() == 0) {
        return;
    }
    withTorchErrors([&] {
        const ChannelRows rows(x, m_axis);
        BITLOOM_REQUIRE(m_ranges.empty() ||
                            rows.numChannels() == static_cast<std::int64_t>(m_ranges.size()),
                        ErrorCode::ShapeMismatch, "axis ", m_axis, " has ", rows.numChannels(),
                        " channels, earlier batches had ", m_ranges.size());
        if (m_pass == 0) {
            widen(rows.ranges());
            return;
        }
        for (ScaleSearch& search : m_search) {
            search.add(rows);
        }
        forEachChannel(m_histograms.size(), [&](std::size_t channel) {
            m_histograms[channel].add(rows.row(static_cast<std::int64_t>(channel)));
        });
    });
}

void RangeObserver::nextPass()
{
    BITLOOM_REQUIRE(m_pass < m_numPasses, ErrorCode::InvalidArgument, "this observer takes ",
                    m_numPasses, " pass(es) over the data, and they are over");
    BITLOOM_REQUIRE(!m_ranges.empty(), ErrorCode::InvalidArgument,
                    "no data were observed, so there is no range to choose");
    ++m_pass;
    if (m_pass == m_numPasses) {
        return;
    }
    if (m_spec.observer == Observer::Mse) {
        m_search.emplace_back(m_ranges, m_spec.bits, m_spec.scheme);
    } else {
        for (const ValueRange range : m_ranges) {
            m_histograms.emplace_back(range);
        }
    }
}

QuantParams RangeObserver::finish() const
{
    if (m_spec.isFloat()) {
        return floatParams();
    }
    if (m_spec.isPruned()) {
        return prunedParams();
    }
    if (m_spec.range) {
        return paramsFrom(gridsWithZero({*m_spec.range}, m_spec), m_spec, m_axis);
    }
    BITLOOM_REQUIRE(m_pass == m_numPasses, ErrorCode::InvalidArgument, "only ", m_pass, " of ",
                    m_numPasses, " passes over the data were finished");
    if (m_spec.observer == Observer::Mse) {
        return paramsFrom(winners(m_search.front(), m_ranges.size()), m_spec, m_axis);
    }
    std::vector<ValueRange> ranges = m_ranges;
    for (std::size_t channel = 0; channel < m_histograms.size(); ++channel) {
        ranges[channel] = m_histograms[channel].range(m_spec.percentile);
    }
    return paramsFrom(gridsWithZero(ranges, m_spec), m_spec, m_axis);
}

QuantParams chooseQuantParams(const at::Tensor& x, const QuantSpec& spec, int axis)
{
    const RangeObserver observer(spec, axis); // checks the spec
    const int usedAxis = axisFor(spec, axis);
    return withTorchErrors([&] {
        const ChannelRows rows(x, usedAxis);
        const std::vector<ValueRange> ranges = rows.ranges();
        if (observer.numPasses() == 0) {
            return observer.finish();
        }
        if (spec.observer == Observer::MinMax) {
            return paramsFrom(gridsWithZero(ranges, spec), spec, usedAxis);
        }
        if (spec.observer == Observer::Percentile) {
            return paramsFrom(gridsWithZero(exactPercentiles(rows, spec.percentile), spec), spec,
                              usedAxis);
        }
        ScaleSearch search(ranges, spec.bits, spec.scheme);
        search.add(rows);
        return paramsFrom(winners(search, ranges.size()), spec, usedAxis);
    });
}

double quantizationError(const at::Tensor& x, const QuantSpec& spec, int axis)
{
    const QuantParams params = chooseQuantParams(x, spec, axis);
    return withTorchErrors([&] {
        const at::Tensor values = x.detach().to(at::kFloat);
        const at::Tensor error = at::sub(values, fakeQuantize(values, params));
        return at::mean(at::square(error.to(at::kDouble))).item<double>();
    });
}

} // namespace bitloom
