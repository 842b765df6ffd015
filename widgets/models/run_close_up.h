// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/run_history.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::ui {

/// The channels of one weight at one moment, the series "channel_probabilities".
struct ChannelReading {
    std::int64_t step = 0;
    std::vector<double> probabilities; ///< of being kept, by channel
    std::vector<int> order;            ///< channels, the most probable first; ties by number

    int kept() const; ///< above kOpenProbability
    int total() const { return static_cast<int>(probabilities.size()); }
    /// Channels per equally wide bin of [0, 1].
    std::vector<double> histogram(int bins) const;
};
/// nullopt: the weight cannot be pruned, or nothing was recorded up to the step.
std::optional<ChannelReading> channelReading(const RunHistory& history, const std::string& site,
                                             std::optional<std::int64_t> step);

/// The range of one quantizer beside what it quantizes, at one moment.
struct RangeReading {
    std::int64_t step = 0;
    double range = 0;                     ///< x_max
    std::optional<double> low;            ///< smallest value of the tensor
    std::optional<double> high;           ///< largest
    std::optional<double> clippedPercent; ///< of the values, outside the range
    /// The quantizer has negative codes; known once the tensor was looked at.
    std::optional<bool> isSigned() const;
};
/// From "ranges" and "tensor_ranges", which is written less often. nullopt: nothing recorded.
std::optional<RangeReading> rangeReading(const RunHistory& history, const std::string& site,
                                         std::optional<std::int64_t> step);

/// The last evaluation up to a step, the series "evaluation".
struct EvaluationReading {
    std::int64_t step = 0;
    double top1Percent = 0;
    double relativeBopsPercent = 0;
    double expectedBopsPercent = 0;
    int absorbedGates = 0;
};
std::optional<EvaluationReading> evaluationReading(const RunHistory& history,
                                                   std::optional<std::int64_t> step);

/// The last step that any series recorded; nullopt: none did.
std::optional<std::int64_t> lastStepOf(const RunHistory& history);

} // namespace bitloom::ui
