// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/run_series.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom::ui {

std::optional<std::size_t> columnOf(const HistorySeries& series, std::string_view name)
{
    const auto found = std::find(series.columns.begin(), series.columns.end(), name);
    return found == series.columns.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - series.columns.begin()));
}

std::optional<std::size_t> rowAt(const HistorySeries& series, std::optional<std::int64_t> step)
{
    const auto after = step ? std::upper_bound(series.steps.begin(), series.steps.end(), *step)
                            : series.steps.end();
    return after == series.steps.begin()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(after - series.steps.begin()) - 1);
}

namespace {
/// The extremes of one stretch of rows, or one gap where it has no number at all.
void addStretch(std::vector<QPointF>& points, const HistorySeries& series, std::size_t column,
                std::size_t from, std::size_t to)
{
    const std::size_t width = series.columns.size();
    std::optional<std::size_t> lowest;
    std::optional<std::size_t> highest;
    const auto value = [&](std::size_t row) { return series.values[row * width + column]; };
    for (std::size_t row = from; row < to; ++row) {
        if (!std::isfinite(value(row))) {
            continue;
        }
        lowest = lowest && value(*lowest) <= value(row) ? lowest : row;
        highest = highest && value(*highest) >= value(row) ? highest : row;
    }
    const auto add = [&](std::size_t row, double y) {
        points.emplace_back(static_cast<double>(series.steps[row]), y);
    };
    if (!lowest) {
        add(from, std::numeric_limits<double>::quiet_NaN());
        return;
    }
    const auto [first, last] = std::minmax(*lowest, *highest);
    add(first, value(first));
    if (last != first) {
        add(last, value(last));
    }
}
} // namespace

std::vector<QPointF> thinnedColumn(const HistorySeries& series, std::size_t column,
                                   std::size_t stretches)
{
    const std::size_t rows = series.rows();
    const std::size_t count = std::min(rows, std::max<std::size_t>(stretches, 1));
    std::vector<QPointF> points;
    if (column >= series.columns.size()) {
        return points;
    }
    points.reserve(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        addStretch(points, series, column, i * rows / count, (i + 1) * rows / count);
    }
    return points;
}

std::vector<std::size_t> spreadRows(const HistorySeries& series, std::size_t most)
{
    const std::size_t rows = series.rows();
    const std::size_t count = std::min(rows, std::max<std::size_t>(most, 1));
    std::vector<std::size_t> spread;
    spread.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        spread.push_back(count == 1 ? rows - 1 : i * (rows - 1) / (count - 1));
    }
    return spread;
}

} // namespace bitloom::ui
