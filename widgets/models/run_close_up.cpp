// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/run_close_up.h"

#include "widgets/models/gate_rows.h"
#include "widgets/models/run_series.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitloom::ui {

namespace {
std::optional<double> finite(double value)
{
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// One number of a row; nullopt: no such column, or no number.
std::optional<double> numberAt(const HistorySeries& series, std::size_t row,
                               const std::string& column)
{
    const auto index = columnOf(series, column);
    return index ? finite(series.row(row)[*index]) : std::nullopt;
}
} // namespace

int ChannelReading::kept() const
{
    return static_cast<int>(std::count_if(probabilities.begin(), probabilities.end(), [](double p) {
        return gateStateOf(p) == GateState::Open;
    }));
}

std::vector<double> ChannelReading::histogram(int bins) const
{
    std::vector<double> counts(static_cast<std::size_t>(std::max(bins, 1)), 0.0);
    for (const double p : probabilities) {
        if (std::isfinite(p)) {
            const auto bin = static_cast<std::size_t>(std::clamp(p, 0.0, 1.0) *
                                                      static_cast<double>(counts.size()));
            counts[std::min(bin, counts.size() - 1)] += 1;
        }
    }
    return counts;
}

std::optional<ChannelReading> channelReading(const RunHistory& history, const std::string& site,
                                             std::optional<std::int64_t> step)
{
    const HistorySeries* series = history.find("channel_probabilities");
    const auto row = series == nullptr ? std::nullopt : rowAt(*series, step);
    const auto first = row ? columnOf(*series, site + "[0]") : std::nullopt;
    if (!first) {
        return std::nullopt;
    }
    ChannelReading reading;
    reading.step = series->steps[*row];
    const auto values = series->row(*row);
    const std::string prefix = site + "[";
    for (std::size_t column = *first;
         column < values.size() && series->columns[column].starts_with(prefix); ++column) {
        reading.probabilities.push_back(values[column]);
    }
    reading.order.resize(reading.probabilities.size());
    std::iota(reading.order.begin(), reading.order.end(), 0);
    std::stable_sort(reading.order.begin(), reading.order.end(), [&reading](int a, int b) {
        return reading.probabilities[static_cast<std::size_t>(a)] >
               reading.probabilities[static_cast<std::size_t>(b)];
    });
    return reading;
}

std::optional<bool> RangeReading::isSigned() const
{
    return low ? std::optional(*low < 0) : std::nullopt;
}

std::optional<RangeReading> rangeReading(const RunHistory& history, const std::string& site,
                                         std::optional<std::int64_t> step)
{
    const HistorySeries* ranges = history.find("ranges");
    const auto row = ranges == nullptr ? std::nullopt : rowAt(*ranges, step);
    const auto range = row ? numberAt(*ranges, *row, site) : std::nullopt;
    if (!range) {
        return std::nullopt;
    }
    RangeReading reading{ranges->steps[*row], *range, {}, {}, {}};
    const HistorySeries* tensors = history.find("tensor_ranges");
    if (const auto seen = tensors == nullptr ? std::nullopt : rowAt(*tensors, step)) {
        reading.low = numberAt(*tensors, *seen, site + "/min");
        reading.high = numberAt(*tensors, *seen, site + "/max");
        reading.clippedPercent = numberAt(*tensors, *seen, site + "/clipped_percent");
    }
    return reading;
}

std::optional<EvaluationReading> evaluationReading(const RunHistory& history,
                                                   std::optional<std::int64_t> step)
{
    const HistorySeries* series = history.find("evaluation");
    const auto row = series == nullptr ? std::nullopt : rowAt(*series, step);
    if (!row) {
        return std::nullopt;
    }
    const auto number = [&](const char* column) {
        return numberAt(*series, *row, column).value_or(std::nan(""));
    };
    const double absorbed = number("absorbed_gates");
    return EvaluationReading{series->steps[*row], number("top1_percent"),
                             number("relative_bops_percent"),
                             number("expected_relative_bops_percent"),
                             std::isfinite(absorbed) ? static_cast<int>(absorbed) : 0};
}

std::optional<std::int64_t> lastStepOf(const RunHistory& history)
{
    std::optional<std::int64_t> last;
    for (const HistorySeries& series : history.series) {
        if (!series.steps.empty()) {
            last = std::max(last.value_or(series.steps.back()), series.steps.back());
        }
    }
    return last;
}

} // namespace bitloom::ui
