// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/methods/bayesian_bits/bit_operations.h"
#include "core/methods/bayesian_bits/constant_channels.h"
#include "core/methods/bayesian_bits/gated_network.h"
#include "core/types/bit_plan.h"
#include "core/types/phrase.h"
#include "core/types/quant_state.h"

#include <string>
#include <vector>

namespace bitloom::bayesian_bits {

/// What a search leaves behind: ready to be evaluated, packed and verified like any other plan.
struct Outcome {
    /// Normalisations folded into their layers, weights on the grids of the plan, pruned channels
    /// zero, and what these give in the biases behind them where that is exact.
    LoadedModel model;
    BitPlan plan;                           ///< of that model; ranges fixed, no images needed
    QuantState state;                       ///< grids of plan on model
    BitOperations bops;                     ///< pruned inputs free in chains
    double relativeBopsPercent = 0;         ///< the same as bops
    double relativeBopsPercentCounting = 0; ///< pruned inputs counted
    std::vector<ConstantChannel> constants; ///< of all pruned channels
    std::vector<Phrase> notes;              ///< what the plan cannot say, one sentence each
};

/// Decides all gates as evaluation does. The plan's quantizers differ from the decomposed ones at
/// ties and by rounding noise, and from those of decided and fixed widths where these round a
/// clipped signed value to the level beyond the top code; so accuracy is to be measured on the
/// outcome.
/// planName: of the plan. Errors: those of describeModel().
Outcome makeOutcome(const GatedNetwork& network, const std::string& planName);

} // namespace bitloom::bayesian_bits
