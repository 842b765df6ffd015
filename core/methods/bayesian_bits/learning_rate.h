// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bitloom::bayesian_bits {

/// How learning rates change from epoch to epoch.
struct LearningRateSchedule {
    enum class Kind {
        Constant,
        LinearTail, ///< constant for two thirds of the epochs, then linear to 0; weights only
        MultiStep,  ///< times 0.1 after each milestone; all groups
        Cosine,     ///< from 1 to minimum over all epochs; all groups
    };
    Kind kind = Kind::Constant;
    std::vector<int> milestones = {}; ///< epochs, ascending
    double minimum = 0;               ///< of Cosine, as a rate, not a factor

    bool operator==(const LearningRateSchedule&) const = default;
};

/// Reads "constant", "linear-tail", "multistep:10:20" or "cosine:1e-6".
/// Errors: InvalidArgument naming what is allowed; nothing unknown is passed over.
LearningRateSchedule parseSchedule(std::string_view text);
std::string toString(const LearningRateSchedule& schedule);

/// The rate of an epoch, which counts from 0. For the gates and ranges of a LinearTail it stays
/// initial.
double learningRate(const LearningRateSchedule& schedule, double initial, int epoch, int epochs,
                    bool isForWeights);

} // namespace bitloom::bayesian_bits
