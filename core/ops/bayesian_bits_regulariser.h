// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

namespace bitloom::ops {

/// The price of all open gates of a network in one launch. In Python:
/// torch.ops.bitloom.bayesian_bits_regulariser.
///
///     reg = B2 * m + m * p4 * (B4 + p8 * (B8 + p16 * (B16 + p32 * B32)))
///
/// per quantizer, with p_b the probability that gate b is not 0 and m the mean of those of the
/// channels; without prunable channels m = 1 and the first term is the constant 1.
/// Source:   van Baalen et al., "Bayesian Bits", NeurIPS 2020, section 2.4. Differs: nothing.
/// Shapes:   logits and offsets as in hardConcreteGates; levelWeights (numQuantizers, 5) float32:
///           B2, B4, B8, B16, B32. The results: the sum of all, without dimensions, and the share
///           of each quantizer (numQuantizers), both float32; only the sum is differentiable.
/// Numerics: summed in double in a fixed order.
/// Errors:   c10::Error for wrong types or counts. The values of offsets are looked at on the CPU
///           only.
std::tuple<at::Tensor, at::Tensor> bayesianBitsRegulariser(const at::Tensor& logits,
                                                           const at::Tensor& offsets,
                                                           const at::Tensor& levelWeights);

/// The same and the gradient of the sum to the logits, for callers that run their own backward
/// pass.
std::tuple<at::Tensor, at::Tensor, at::Tensor>
bayesianBitsRegulariserWithGradient(const at::Tensor& logits, const at::Tensor& offsets,
                                    const at::Tensor& levelWeights);

} // namespace bitloom::ops
