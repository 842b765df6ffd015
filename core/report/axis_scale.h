// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

namespace bitloom::report {

/// One axis: maps values to pixels and knows its round ticks. Any input is accepted: values that
/// are not finite, or not positive on a logarithmic axis, are left out of the range.
class AxisScale {
public:
    /// Ticks at 1, 2 or 5 times a power of ten, about tickCount of them; the range ends at ticks.
    static AxisScale linear(std::span<const double> values, int tickCount = 5);
    /// As linear, but the range is that of the values, and only the ticks inside it remain.
    static AxisScale linearWithin(std::span<const double> values, int tickCount = 5);
    /// Ticks at 1-2-5, or at powers of ten where that would be more than maxTicks.
    /// withZero: zeros among the values get a place of their own below the range, ticked "0".
    static AxisScale logarithmic(std::span<const double> values, int maxTicks = 9,
                                 bool withZero = false);

    /// The pixels of the low and the high end; low > high for an axis that points up.
    void setPixels(double low, double high);
    double toPixel(double value) const;

    const std::vector<double>& ticks() const { return m_ticks; }
    double low() const { return m_low; }
    double high() const { return m_high; }

private:
    bool m_isLog = false;
    bool m_hasZero = false;
    double m_low = 0;
    double m_high = 1;
    double m_pixelLow = 0;
    double m_pixelHigh = 1;
    std::vector<double> m_ticks;
};

} // namespace bitloom::report
