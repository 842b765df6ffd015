// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/predictions.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom {

struct EvalResult {
    std::int64_t images = 0;
    std::int64_t correct = 0; ///< top-1
    std::int64_t correctTop5 = 0;
    double seconds = 0; ///< wall time of the forward passes and the data they waited for
    std::int64_t skippedImages = 0;         ///< unreadable files
    bool finished = true;                   ///< false: cancelled, the counts cover what was seen
    std::optional<Predictions> predictions; ///< of the images seen, where they were asked for
    double top1Percent() const
    {
        return images == 0 ? 0.0
                           : 100.0 * static_cast<double>(correct) / static_cast<double>(images);
    }
    double top5Percent() const
    {
        return images == 0 ? 0.0
                           : 100.0 * static_cast<double>(correctTop5) / static_cast<double>(images);
    }
};

enum class PointKind { Predicted, Measured, UniformAnchor };

/// One plan on the cost / quality plane.
struct FrontierPoint {
    PointKind kind = PointKind::Predicted;
    std::string label; ///< "w4a4", "budget 3.00 %"
    std::string plan;  ///< plan file in the project, or empty
    std::int64_t bytes = 0;
    std::int64_t bops = 0;
    double bopsPercentOfFp32 = 0;
    std::optional<double> predictedLoss; ///< sum of the sensitivity losses of its choices
    std::optional<double> top1Percent;   ///< measured accuracy
    bool optimal = false;                ///< the allocation was proven optimal
    std::string planDigest; ///< planDigest() of the plan as it was then; empty: not recorded
};

struct EpochResult {
    int epoch = 0;   ///< 1-based
    double loss = 0; ///< mean training loss
    double trainTop1Percent = 0;
    std::optional<double> testTop1Percent;
    double seconds = 0;
};

} // namespace bitloom
