// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/axis_range.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace bitloom::ui {

namespace {
constexpr double kPadding = 0.05;    // of the data's extent, on both sides
constexpr double kMaxPixel = 1e6;    // QPainter loses precision far outside of the picture
constexpr double kSmallest = 1e-300; // of a logarithmic axis
constexpr double kRelativeSlack = 1e-9;

/// The step of about `count` round ticks over an extent: 1, 2 or 5 times a power of ten.
double roundStep(double extent, double count)
{
    const double raw = extent / std::max(count, 1.0);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    const double leading = raw / power;
    // Compared with a little slack, or 0.2 becomes 0.5 for 0.2000000001.
    for (const double step : {1.0, 2.0, 5.0}) {
        if (leading <= step * (1 + kRelativeSlack)) {
            return step * power;
        }
    }
    return 10 * power;
}

/// The next value of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten that is not below
/// (above) the value.
double roundLogEnd(double value, bool up)
{
    static constexpr std::array kEnds = {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0};
    const double power = std::pow(10, std::floor(std::log10(value)));
    const double leading = value / power;
    if (up) {
        for (const double end : kEnds) {
            if (leading <= end * (1 + kRelativeSlack)) {
                return end * power;
            }
        }
        return 10 * power;
    }
    for (auto end = kEnds.rbegin(); end != kEnds.rend(); ++end) {
        if (leading >= *end * (1 - kRelativeSlack)) {
            return *end * power;
        }
    }
    return power;
}

std::vector<double> linearTicks(const AxisRange& range, int maxTicks)
{
    std::vector<double> ticks;
    const double extent = range.high - range.low;
    if (!(extent > 0) || !std::isfinite(extent)) {
        return ticks;
    }
    double step = roundStep(extent, maxTicks);
    double first = std::ceil(range.low / step - kRelativeSlack);
    while (std::floor(range.high / step + kRelativeSlack) - first + 1 > maxTicks) {
        step = roundStep(step * 1.5, 1);
        first = std::ceil(range.low / step - kRelativeSlack);
    }
    const double last = std::floor(range.high / step + kRelativeSlack);
    for (double i = first; i <= last; ++i) {
        ticks.push_back(i == 0 ? 0 : i * step); // no negative zero
    }
    return ticks;
}

std::vector<double> logTicks(const AxisRange& range, int maxTicks)
{
    const int first = static_cast<int>(std::floor(std::log10(range.low)));
    const int last = static_cast<int>(std::ceil(std::log10(range.high)));
    const auto collect = [&](std::initializer_list<double> leadings, int every) {
        std::vector<double> ticks;
        for (int exponent = first; exponent <= last; ++exponent) {
            if (exponent % every != 0) {
                continue;
            }
            for (const double leading : leadings) {
                const double tick = leading * std::pow(10, exponent);
                if (tick >= range.low * (1 - kRelativeSlack) &&
                    tick <= range.high * (1 + kRelativeSlack)) {
                    ticks.push_back(tick);
                }
            }
        }
        return ticks;
    };
    const auto most = static_cast<std::size_t>(std::max(maxTicks, 1));
    std::vector<double> ticks = collect({1, 2, 5}, 1);
    for (int every = 1; ticks.size() > most; ++every) {
        ticks = collect({1}, every);
    }
    return ticks;
}

/// The fewest decimals with which the value is itself, up to 12.
int neededDecimals(double value)
{
    double scaled = std::abs(value);
    for (int decimals = 0; decimals < 12; ++decimals, scaled *= 10) {
        if (std::abs(scaled - std::round(scaled)) <= 1e-6 * std::max(1.0, scaled)) {
            return decimals;
        }
    }
    return 12;
}

QString withRealMinus(QString text)
{
    return text.replace(u'-', QChar(0x2212));
}

QString plainText(double value, int decimals)
{
    return withRealMinus(QLocale().toString(value, 'f', decimals));
}

QString scientificText(double value)
{
    if (value == 0) {
        return plainText(0, 0);
    }
    const auto exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
    const double mantissa = value / std::pow(10, exponent);
    return plainText(mantissa, std::min(neededDecimals(mantissa), 3)) + u'e' +
           withRealMinus(QString::number(exponent));
}

QString withUnit(double value, const std::array<const char*, 6>& units)
{
    std::size_t unit = 0;
    while (std::abs(value) >= 1000 * (1 - kRelativeSlack) && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const QString name = QString::fromLatin1(units[unit]);
    const QString number = plainText(value, std::min(neededDecimals(value), 3));
    return name.isEmpty() ? number : number + QChar(0x00A0) + name;
}
} // namespace

bool RangeFinder::hasPlace(double value) const
{
    return std::isfinite(value) && (!m_isLog || value > kSmallest);
}

void RangeFinder::add(double value)
{
    if (!hasPlace(value)) {
        return;
    }
    if (isEmpty()) {
        m_low = m_high = value;
    }
    m_low = std::min(m_low, value);
    m_high = std::max(m_high, value);
}

AxisRange RangeFinder::padded() const
{
    if (m_isLog) {
        if (isEmpty()) {
            return {1, 10};
        }
        // Of the logarithms: the ratio of the ends may overflow.
        const double share =
            std::max(std::exp(kPadding * (std::log(m_high) - std::log(m_low))), 1.02);
        return {roundLogEnd(m_low / share, false), roundLogEnd(m_high * share, true)};
    }
    if (isEmpty()) {
        return {0, 1};
    }
    double extent = m_high - m_low;
    // A single value, or values that differ by rounding only.
    if (!(extent > std::max(std::abs(m_low), std::abs(m_high)) * 1e-12)) {
        extent = m_low == 0 ? 1 : std::abs(m_low) * 0.5;
    }
    if (!std::isfinite(extent)) {
        return {m_low, m_high};
    }
    const double step = roundStep(extent, 20);
    return {std::floor((m_low - extent * kPadding) / step) * step,
            std::ceil((m_high + extent * kPadding) / step) * step};
}

bool AxisMap::hasPlace(double value) const
{
    return std::isfinite(value) && (!isLog || value > kSmallest);
}

double AxisMap::toPixel(double value) const
{
    const double share = isLog ? (std::log(value) - std::log(range.low)) /
                                     (std::log(range.high) - std::log(range.low))
                               : (value - range.low) / (range.high - range.low);
    return std::clamp(pixelLow + share * (pixelHigh - pixelLow), -kMaxPixel, kMaxPixel);
}

double AxisMap::toValue(double pixel) const
{
    const double share = (pixel - pixelLow) / (pixelHigh - pixelLow);
    return isLog ? std::exp(std::log(range.low) +
                            share * (std::log(range.high) - std::log(range.low)))
                 : range.low + share * (range.high - range.low);
}

AxisRange zoomed(const AxisRange& range, bool isLog, double factor, double centre)
{
    if (isLog) {
        const double middle = std::log(centre);
        return {std::exp(middle + (std::log(range.low) - middle) * factor),
                std::exp(middle + (std::log(range.high) - middle) * factor)};
    }
    return {centre + (range.low - centre) * factor, centre + (range.high - centre) * factor};
}

AxisRange panned(const AxisRange& range, bool isLog, double from, double to)
{
    if (isLog) {
        return {range.low * from / to, range.high * from / to};
    }
    return {range.low + from - to, range.high + from - to};
}

std::vector<double> axisTicks(const AxisRange& range, bool isLog, int maxTicks)
{
    if (isLog && range.low > 0 && range.high > range.low) {
        std::vector<double> ticks = logTicks(range, maxTicks);
        if (ticks.size() >= 2) {
            return ticks;
        }
    }
    return linearTicks(range, std::max(maxTicks, 2));
}

std::vector<QString> tickTexts(const std::vector<double>& ticks, NumberStyle style)
{
    std::vector<QString> texts;
    texts.reserve(ticks.size());
    if (style == NumberStyle::Bytes || style == NumberStyle::Count) {
        for (const double tick : ticks) {
            texts.push_back(style == NumberStyle::Bytes
                                ? withUnit(tick, {"B", "kB", "MB", "GB", "TB", "PB"})
                                : withUnit(tick, {"", "k", "M", "G", "T", "P"}));
        }
        return texts;
    }
    double largest = 0;
    double smallest = 0;
    double step = 0; // the smallest distance
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double magnitude = std::abs(ticks[i]);
        largest = std::max(largest, magnitude);
        if (magnitude > 0) {
            smallest = smallest == 0 ? magnitude : std::min(smallest, magnitude);
        }
        if (i > 0) {
            const double distance = ticks[i] - ticks[i - 1];
            step = step == 0 ? distance : std::min(step, distance);
        }
    }
    const bool spreads =
        step > 0 && ticks.size() > 2 && ticks.back() - ticks[ticks.size() - 2] > 1.5 * step;
    const int decimals = step > 0 ? neededDecimals(step) : neededDecimals(largest);
    for (const double tick : ticks) {
        const double magnitude = std::abs(tick);
        if (largest >= 1e7 || smallest < (spreads ? 9.9e-5 : 0) || decimals > 6) {
            // One way of writing for the whole axis, but the plain middle of a wide one.
            const bool isPlain = spreads && magnitude >= 9.9e-4 && magnitude < 1e6;
            texts.push_back(isPlain ? plainText(tick, neededDecimals(tick)) : scientificText(tick));
        } else {
            texts.push_back(plainText(tick, spreads ? neededDecimals(tick) : decimals));
        }
    }
    return texts;
}

} // namespace bitloom::ui
