// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/methods/bayesian_bits/quantizer_sites.h"
#include "core/types/bit_plan.h"
#include "core/types/quant_state.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitloom::bayesian_bits {

/// What a pruned channel gives in place of features: its bias, passed through what follows.
struct ConstantChannel {
    std::size_t layer = 0; ///< that it was pruned in
    std::int64_t channel = 0;
    double output = 0;     ///< behind the activation function, before any quantizer
    bool isFolded = false; ///< the next layer has it in its bias and no longer reads the channel
};

struct FoldedConstants {
    LoadedModel model;
    std::vector<ConstantChannel> channels; ///< of all layers, in execution order
};

/// Moves the constants of pruned channels into the bias of the layer that reads them, and sets the
/// weights that read them to zero, so that nothing needs the channels any more.
///
/// Where that is exact: one layer reads them and nobody else does, it has one group, and it is
/// linear (behind a flatten too), or a convolution without padding that sees the same number at all
/// places, or the constant is zero. Otherwise the channel stays as it is. What a layer sees is what
/// the plan's quantizers let through; weights must lie on their grids already.
/// Shapes: as before; a layer without a bias gets one where it needs it.
/// sites: of the network that model was folded from, layers in the same order.
/// Errors: those of a run at batch 1.
FoldedConstants foldConstantChannels(const LoadedModel& model, const BitPlan& plan,
                                     const QuantState& state, const QuantizerSites& sites);

} // namespace bitloom::bayesian_bits
