// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace bitloom::ui {

/// How an axis writes its numbers; percent signs and units of plain numbers stand in its title.
/// Index: whole numbers only, as of channels or bits.
enum class NumberStyle { Plain, Count, Bytes, Index };

struct AxisRange {
    double low = 0;
    double high = 1;
    bool operator==(const AxisRange&) const = default;
};

/// Collects values and turns them into the range of an axis.
class RangeFinder {
public:
    explicit RangeFinder(bool isLog) : m_isLog(isLog) {}

    bool hasPlace(double value) const; ///< finite, and positive on a logarithmic axis
    void add(double value);            ///< values without a place are ignored
    bool isEmpty() const { return m_low > m_high; }
    /// The range of the values with some room around them. It ends at round numbers, so that it
    /// grows in steps while data arrive. Never empty: one value, or none, gets a range around it.
    AxisRange padded() const;
    AxisRange exact() const { return {m_low, m_high}; }

private:
    bool m_isLog;
    double m_low = 1;
    double m_high = 0;
};

/// Maps values of one axis to pixels.
struct AxisMap {
    AxisRange range;
    bool isLog = false;
    double pixelLow = 0; ///< where range.low lies; above pixelHigh for an axis that points up
    double pixelHigh = 1;

    bool hasPlace(double value) const;
    /// Only of values that have a place; those far outside are kept within a drawable distance.
    double toPixel(double value) const;
    double toValue(double pixel) const;
};

/// The range after zooming by a factor (below 1: closer) about a value.
AxisRange zoomed(const AxisRange& range, bool isLog, double factor, double centre);
/// The range after dragging the value from under the pointer to where `to` was.
AxisRange panned(const AxisRange& range, bool isLog, double from, double to);

/// Ticks at 1, 2 or 5 times a power of ten inside the range, at most maxTicks: on a logarithmic
/// axis 1-2-5, or only powers of ten where that would be too many; where less than two fit, the
/// ticks of a linear axis.
std::vector<double> axisTicks(const AxisRange& range, bool isLog, int maxTicks);
/// The texts of ticks in the user's locale, no more digits than they need to differ.
std::vector<QString> tickTexts(const std::vector<double>& ticks, NumberStyle style);

} // namespace bitloom::ui
