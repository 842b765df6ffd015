// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <tuple>

namespace bitloom::ops {

/// What gates cost together, what each part of the network adds to it, and the gradient of the
/// total to the logits.
using GatePrice = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

/// Total and shares as autograd sees them: the total has the gradient that was computed with it,
/// the shares have none. price is called once, below autograd.
std::tuple<at::Tensor, at::Tensor> withKnownGradient(const at::Tensor& logits,
                                                     const std::function<GatePrice()>& price);

} // namespace bitloom::ops
