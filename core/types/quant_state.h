// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/quant_spec.h"

#include <map>
#include <string>

namespace bitloom {

/// The heavy companion of a BitPlan: the grids that its entries became on one model with one set of
/// images.
struct QuantState {
    std::map<std::string, QuantParams> weights; ///< by layer name; layers with integer bits only
    std::map<std::string, QuantParams>
        activations; ///< by tensor name; tensors with integer bits only
    /// Smallest and largest value seen while calibrating, by tensor name.
    std::map<std::string, ValueRange> activationRanges;
};

} // namespace bitloom
