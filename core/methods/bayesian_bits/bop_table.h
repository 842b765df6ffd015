// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/quantizer_sites.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace bitloom::bayesian_bits {

/// A network as ops::expectedBitOperations() takes it, on a device.
struct BopTable {
    at::Tensor layers; ///< (layers, 6) int64
    at::Tensor scales; ///< (layers) float64
};

/// What one bit operation weighs as a price, times the MACs of the largest layer. With a quarter,
/// closing the 8-bit gate of a weight whose activation has 8 bits saves as much as in the published
/// price: 8 * MACs / largest layer's MACs.
inline constexpr double kBopPrice = 0.25;

/// The price that follows is kBopPrice / largestLayerMacs times the bit operations that
/// countBitOperations() counts with PrunedInputs::FreeInChains, in expectation. Quantizers that no
/// layer reads (residual inputs) have none.
BopTable makeBopTable(const QuantizerSites& sites, c10::Device device);

} // namespace bitloom::bayesian_bits
