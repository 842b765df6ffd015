// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/quantizer_sites.h"

#include <array>
#include <vector>

namespace bitloom::bayesian_bits {

enum class RegulariserType {
    Constant,              ///< every level weighs 1
    BitOperations,         ///< level k weighs k * MACs / largest layer's MACs
    ExpectedBitOperations, ///< no weights: what the network is expected to cost (BopTable)
};

/// Weights B of the regulariser for the levels 2, 4, 8, 16 and 32 of one quantizer.
using LevelWeights = std::array<double, 5>;

/// One set per quantizer, for a price that adds up levels. A quantizer without MACs weighs 1 per
/// level whatever the type.
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, section 2.4.
std::vector<LevelWeights> regulariserWeights(const QuantizerSites& sites, RegulariserType type);

} // namespace bitloom::bayesian_bits
