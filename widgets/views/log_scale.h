// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

/// Steps of a slider whose values lie evenly on a logarithmic axis. Ends that are not positive or
/// not ordered give a scale of one value.
class LogScale {
public:
    static constexpr int kSteps = 1000;

    LogScale(double minimum, double maximum)
        : m_minimum(minimum > 0 && std::isfinite(minimum) ? minimum : 1),
          m_maximum(std::isfinite(maximum) ? std::max(maximum, m_minimum) : m_minimum)
    {
    }

    double minimum() const { return m_minimum; }
    double maximum() const { return m_maximum; }
    double valueAt(int step) const
    {
        const double share = std::clamp(step, 0, kSteps) / static_cast<double>(kSteps);
        return step >= kSteps ? m_maximum : m_minimum * std::pow(m_maximum / m_minimum, share);
    }
    int stepOf(double value) const
    {
        if (m_maximum <= m_minimum || !(value > m_minimum)) {
            return 0;
        }
        const double share = std::log(value / m_minimum) / std::log(m_maximum / m_minimum);
        return static_cast<int>(std::lround(std::min(share, 1.0) * kSteps));
    }

private:
    double m_minimum;
    double m_maximum;
};

} // namespace bitloom::ui
