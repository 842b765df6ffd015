// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/run_warnings.h"

#include "core/methods/bayesian_bits/run_series.h"
#include "core/ops/hard_concrete.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>

namespace bitloom::bayesian_bits {

namespace {

using Kind = RunWarning::Kind;

/// Over how many evaluations top-1 is looked at, and what counts as a swing there: two falls with a
/// rise in between are no trend, and half a point is more than rounding does to a network.
constexpr std::size_t kSwingEvaluations = 5;
constexpr float kSwingPoints = 0.5F;
/// Bit operations are stable if they differ by no more than this share of the largest.
constexpr float kStableShare = 0.02F;
/// Floors are computed in float32.
constexpr float kFloorSlack = 1 + 1e-5F;

std::string fixed(float value, int digits)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, static_cast<double>(value));
    return text.data();
}

/// The part of a column's name before the last separator.
std::string siteOf(const std::string& column, char separator)
{
    return column.substr(0, column.rfind(separator));
}

/// True in the first row for which a condition holds after one for which it did not.
class Onset {
public:
    bool begins(bool holds)
    {
        const bool isNew = holds && !m_held;
        m_held = holds;
        return isNew;
    }

private:
    bool m_held = false;
};

void addPrunedLayers(const RunHistory& history, std::vector<RunWarning>& warnings)
{
    const HistorySeries* const series = history.find(kChannelSeries);
    if (series == nullptr) {
        return;
    }
    const float threshold = ops::probabilityOn(static_cast<float>(ops::kGateOnLogit));
    std::map<std::string, Onset> onsets;
    for (std::size_t row = 0; row < series->rows(); ++row) {
        const auto values = series->row(row);
        for (std::size_t begin = 0, end = 0; begin < values.size(); begin = end) {
            const std::string site = siteOf(series->columns[begin], '[');
            bool isPruned = true;
            for (; end < values.size() && siteOf(series->columns[end], '[') == site; ++end) {
                isPruned = isPruned && values[end] <= threshold;
            }
            if (onsets[site].begins(isPruned)) {
                warnings.push_back({Kind::LayerPruned, series->steps[row], site,
                                    "all " + std::to_string(end - begin) + " channels of " + site +
                                        " are pruned, so nothing of the image passes this layer; "
                                        "take a smaller lambda, or lock its pruning off"});
            }
        }
    }
}

/// The step from which gates are decided: what only a search can do is over then.
std::int64_t lastSearchStep(const RunHistory& history)
{
    const HistorySeries* const stages = history.find(kStageSeries);
    for (std::size_t row = 0; stages != nullptr && row < stages->rows(); ++row) {
        if (stages->row(row)[0] > 1) {
            return stages->steps[row];
        }
    }
    return std::numeric_limits<std::int64_t>::max();
}

/// top-1 of the evaluations that end with the given one, if it swings there.
std::optional<std::string> swing(const HistorySeries& series, std::size_t last)
{
    const auto column = [&](const char* name) {
        return static_cast<std::size_t>(std::ranges::find(series.columns, name) -
                                        series.columns.begin());
    };
    const std::size_t top1 = column("top1_percent");
    const std::size_t bops = column("relative_bops_percent");
    if (last + 1 < kSwingEvaluations || top1 == series.columns.size() ||
        bops == series.columns.size()) {
        return std::nullopt;
    }
    std::vector<float> accuracies;
    std::vector<float> costs;
    for (std::size_t row = last + 1 - kSwingEvaluations; row <= last; ++row) {
        accuracies.push_back(series.row(row)[top1]);
        costs.push_back(series.row(row)[bops]);
    }
    const auto [cheapest, dearest] = std::ranges::minmax(costs);
    int falls = 0;
    bool hasRisen = true;
    for (std::size_t i = 1; i < accuracies.size(); ++i) {
        const float change = accuracies[i] - accuracies[i - 1];
        if (change <= -kSwingPoints && hasRisen) {
            ++falls;
            hasRisen = false;
        }
        hasRisen = hasRisen || change >= kSwingPoints;
    }
    if (falls < 2 || dearest - cheapest > kStableShare * dearest) {
        return std::nullopt;
    }
    const auto [worst, best] = std::ranges::minmax(accuracies);
    return "top-1 went up and down between " + fixed(worst, 2) + " and " + fixed(best, 2) +
           " % in the last " + std::to_string(kSwingEvaluations) +
           " evaluations while the bit operations stayed at " + fixed(dearest, 3) +
           " %; training on with fixed gates steadies it";
}

void addSwings(const RunHistory& history, std::vector<RunWarning>& warnings)
{
    const HistorySeries* const series = history.find(kEvaluationSeries);
    if (series == nullptr) {
        return;
    }
    const std::int64_t last = lastSearchStep(history);
    Onset onset;
    for (std::size_t row = 0; row < series->rows() && series->steps[row] <= last; ++row) {
        std::optional<std::string> sentence = swing(*series, row);
        if (onset.begins(sentence.has_value())) {
            warnings.push_back(
                {Kind::AccuracySwings, series->steps[row], "", *std::move(sentence)});
        }
    }
}

/// Floors are a share of where ranges start, which is their first row.
void addFloors(const RunHistory& history, std::vector<RunWarning>& warnings)
{
    const HistorySeries* const series = history.find(kRangeSeries);
    if (series == nullptr) {
        return;
    }
    std::vector<Onset> onsets(series->columns.size());
    for (std::size_t row = 0; row < series->rows(); ++row) {
        for (std::size_t q = 0; q < onsets.size(); ++q) {
            const float floor = series->row(0)[q] * static_cast<float>(kRangeFloorShare);
            if (onsets[q].begins(series->row(row)[q] <= floor * kFloorSlack)) {
                const std::string& site = series->columns[q];
                warnings.push_back({Kind::RangeAtFloor, series->steps[row], site,
                                    "the range of " + site +
                                        " fell to its floor, a millionth of where it started, so "
                                        "nearly all of its values are clipped; take a smaller "
                                        "learning rate for the ranges"});
            }
        }
    }
}

/// Bits that a quantizer can still have, by the lowest of its gates that is absorbed.
int reachableBits(std::span<const float> levels)
{
    const float threshold = ops::probabilityOn(ops::kAbsorbingLogit);
    int bits = 2;
    for (std::size_t k = 0; k < levels.size() && levels[k] > threshold; ++k) {
        bits *= 2;
    }
    return bits;
}

void addAbsorbedGates(const RunHistory& history, std::vector<RunWarning>& warnings)
{
    constexpr std::size_t kColumns = 5; // of one quantizer: kept, 4, 8, 16, 32
    const HistorySeries* const series = history.find(kGateSeries);
    if (series == nullptr || series->columns.size() % kColumns != 0) {
        return;
    }
    const std::int64_t last = lastSearchStep(history);
    std::vector<int> before(series->columns.size() / kColumns);
    for (std::size_t row = 0; row < series->rows() && series->steps[row] <= last; ++row) {
        for (std::size_t q = 0; q < before.size(); ++q) {
            const int bits = reachableBits(series->row(row).subspan(q * kColumns + 1, 4));
            if (row > 0 && bits < before[q]) {
                const std::string site = siteOf(series->columns[q * kColumns], '/');
                warnings.push_back(
                    {Kind::GateAbsorbed, series->steps[row], site,
                     site + " has at most " + std::to_string(bits) +
                         " bits from here on: the logit of its " + std::to_string(2 * bits) +
                         "-bit gate is at -2 or below, where only the regulariser moves it"});
            }
            before[q] = bits;
        }
    }
}

} // namespace

std::vector<RunWarning> runWarnings(const RunHistory& history)
{
    std::vector<RunWarning> warnings;
    addPrunedLayers(history, warnings);
    addSwings(history, warnings);
    addFloors(history, warnings);
    addAbsorbedGates(history, warnings);
    std::ranges::stable_sort(warnings, {}, &RunWarning::step);
    return warnings;
}

} // namespace bitloom::bayesian_bits
