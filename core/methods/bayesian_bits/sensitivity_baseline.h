// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/methods/bayesian_bits/gated_network.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bitloom::bayesian_bits {

/// All quantizers start from this width.
inline constexpr int kBaselineStartBits = 16;

/// The network after one more quantizer was lowered.
struct BaselinePoint {
    std::optional<std::size_t> quantizer; ///< that was lowered last; nullopt: the start
    std::vector<QuantizerWidth> widths;   ///< of all
    double top1Percent = 0;
    double relativeBopsPercent = 0;
    std::int64_t bops = 0;
};

/// What choosing widths without learning them gives, for comparison: the sensitivity of the network
/// to each quantizer alone decides who is lowered when.
///
/// First every quantizer in turn is given each of the widths, all others keeping 16 bits, and the
/// images are classified. Then, from the widest width to the narrowest, one quantizer after the
/// other goes down to it for good, the one that cost the least accuracy first (among equals the one
/// with more MACs), and the images are classified after each. Weights and ranges stay as they are,
/// all channels are kept, quantizers that do not quantize are left alone.
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, section 4.2 (baseline); widths as in
/// the option --naive-25-baseline of the published code. Differs: its sensitivities were all alike,
/// because cached weights ignored the changed gates.
/// network: in mode Gated, with ranges; its gates are no longer those that were learned.
/// bits: 2, 4 or 8, descending. nullopt when cancelled.
/// Cost: 2 * quantizers * bits + 1 evaluations. Errors: InvalidArgument for other widths or mode;
/// those of evaluate().
std::optional<std::vector<BaselinePoint>> sensitivityBaseline(GatedNetwork& network,
                                                              const std::vector<int>& bits,
                                                              BatchLoader& images,
                                                              RunControl& control);

} // namespace bitloom::bayesian_bits
