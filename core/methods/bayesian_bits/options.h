// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/staged_search.h"
#include "core/types/option_schema.h"

#include <cstdint>
#include <vector>

namespace bitloom::bayesian_bits {

/// Everything that a user may say to Bayesian Bits, under the published program's names where it
/// has one. Left out: what other parts of the command line say (model, data, seed, device, folders)
/// and what had no effect there.
///
/// Source: the options of the code published with van Baalen et al., "Bayesian Bits", NeurIPS 2020.
/// Differs: Adam at 1e-3 is the default for gates and ranges (all published recipes use it); an
/// unknown schedule is refused; fixed widths need --prune-only, because their forward pass would
/// ignore the pruning gates otherwise; --learned-scale scale is not offered, its step and its range
/// contradict each other.
const OptionSchema& optionSchema();

/// Options that say what a search starts from, for whoever prepares it.
inline constexpr const char* kCheckpointOption = "load-checkpoint";
inline constexpr const char* kEqualizeOption = "with-cle";

/// How a run is laid out around its steps.
struct RunOptions {
    std::int64_t batchSize = 64;
    int epochs = 25;
    int evaluateEvery = 1;          ///< epochs
    std::int64_t recordEvery = 100; ///< steps
    bool augment = false;
    bool saveCheckpoints = false; ///< the state after each epoch stays
};

// Taken out of complete values (OptionSchema::completed).
RunOptions runOptions(const OptionValues& values);
SearchOptions searchOptions(const OptionValues& values, std::uint64_t seed);
FineTuningOptions fineTuningOptions(const OptionValues& values);
/// Widths of the sensitivity baseline, descending; none: it is not asked for.
std::vector<int> baselineBits(const OptionValues& values);

} // namespace bitloom::bayesian_bits
