// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/axis_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::report {

namespace {
/// Beyond this, range arithmetic would overflow; no plot needs it.
constexpr double kLargest = 1e100;
constexpr double kSmallest = 1e-100;
/// The share of a logarithmic axis that is set aside for zeros.
constexpr double kZeroShare = 0.1;
constexpr std::array<double, 3> kRound = {1, 2, 5};

/// 1, 2, 5, 10, 20, 50, ... by index; index 0 is 1, index -1 is 0.5.
double roundValue(int index)
{
    const int decade = index >= 0 ? index / 3 : -((2 - index) / 3);
    return kRound[static_cast<std::size_t>(index - 3 * decade)] * std::pow(10.0, decade);
}

/// The largest index whose round value is not above the value.
int roundIndexBelow(double value)
{
    int index = 3 * static_cast<int>(std::floor(std::log10(value))) - 1;
    // A hair of slack keeps 0.3 / 0.1 style noise from adding a tick interval.
    while (roundValue(index + 1) <= value * (1 + 1e-9)) {
        ++index;
    }
    return index;
}
} // namespace

AxisScale AxisScale::linear(std::span<const double> values, int tickCount)
{
    double low = kLargest;
    double high = -kLargest;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::clamp(value, -kLargest, low);
            high = std::clamp(value, high, kLargest);
        }
    }
    if (low > high) {
        low = 0;
        high = 1;
    }
    if (high - low <= 1e-9 * std::max(std::abs(low), std::abs(high))) {
        const double margin = low == 0 ? 0.5 : 0.02 * std::abs(low);
        low -= margin;
        high += margin;
    }
    const double wanted = (high - low) / std::max(1, tickCount - 1);
    int index = roundIndexBelow(wanted);
    if (roundValue(index) < wanted * (1 - 1e-9)) {
        ++index;
    }
    const double step = roundValue(index);
    AxisScale scale;
    const double first = std::floor(low / step + 1e-9);
    const double last = std::ceil(high / step - 1e-9);
    for (double k = first; k <= last; ++k) {
        scale.m_ticks.push_back(k * step);
    }
    scale.m_low = first * step;
    scale.m_high = last * step;
    return scale;
}

AxisScale AxisScale::linearWithin(std::span<const double> values, int tickCount)
{
    AxisScale scale = linear(values, tickCount);
    double low = scale.m_high;
    double high = scale.m_low;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (low < high) {
        scale.m_low = std::max(low, scale.m_low);
        scale.m_high = std::min(high, scale.m_high);
    }
    std::erase_if(scale.m_ticks,
                  [&scale](double tick) { return tick < scale.m_low || tick > scale.m_high; });
    return scale;
}

AxisScale AxisScale::logarithmic(std::span<const double> values, int maxTicks, bool withZero)
{
    double low = kLargest;
    double high = kSmallest;
    AxisScale scale;
    scale.m_isLog = true;
    for (const double value : values) {
        if (std::isfinite(value) && value > 0) {
            low = std::min(low, std::max(value, kSmallest));
            high = std::max(high, std::min(value, kLargest));
        }
        scale.m_hasZero = scale.m_hasZero || (withZero && value == 0);
    }
    if (low > high) {
        low = high = 1;
    }
    int first = roundIndexBelow(low);
    int last = roundIndexBelow(high);
    if (roundValue(last) < high * (1 - 1e-9)) {
        ++last;
    }
    if (first == last) {
        --first;
        ++last;
    }
    scale.m_low = roundValue(first);
    scale.m_high = roundValue(last);
    if (scale.m_hasZero) {
        scale.m_ticks.push_back(0);
    }
    if (last - first < maxTicks) {
        for (int i = first; i <= last; ++i) {
            scale.m_ticks.push_back(roundValue(i));
        }
        return scale;
    }
    const int firstDecade = static_cast<int>(std::ceil(std::log10(scale.m_low) - 1e-9));
    const int lastDecade = static_cast<int>(std::floor(std::log10(scale.m_high) + 1e-9));
    const int stride = 1 + (lastDecade - firstDecade) / std::max(1, maxTicks);
    for (int decade = firstDecade; decade <= lastDecade; decade += stride) {
        scale.m_ticks.push_back(std::pow(10.0, decade));
    }
    return scale;
}

void AxisScale::setPixels(double low, double high)
{
    m_pixelLow = low;
    m_pixelHigh = high;
}

double AxisScale::toPixel(double value) const
{
    const auto mix = [this](double share) {
        return m_pixelLow + share * (m_pixelHigh - m_pixelLow);
    };
    if (!m_isLog) {
        return mix(std::clamp((value - m_low) / (m_high - m_low), 0.0, 1.0));
    }
    const double start = m_hasZero ? kZeroShare : 0.0;
    if (!(value > 0)) {
        return mix(0);
    }
    const double share = std::log(value / m_low) / std::log(m_high / m_low);
    return mix(start + (1 - start) * std::clamp(share, 0.0, 1.0));
}

} // namespace bitloom::report
