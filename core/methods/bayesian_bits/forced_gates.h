// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/gates.h"

#include <cstddef>

namespace bitloom::bayesian_bits {

/// Gives a quantizer one of the widths 2, 4, 8, 16 and 32: its level gates are open or closed from
/// here on, whatever is drawn. Call it without gradients.
void forceWidth(const at::Tensor& logits, const GateLayout& layout, std::size_t quantizer,
                int bits);

} // namespace bitloom::bayesian_bits
