// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

namespace bitloom::ops {

/// The bit operations that a network is expected to cost, all gates independent, in one launch. In
/// Python: torch.ops.bitloom.expected_bit_operations.
///
///     total = sum over layers of scale * E[weight bits] * E[activation bits] * kept connections
///     E[bits] = 2 + p4 * (2 + p8 * (4 + p16 * (8 + p32 * 16)))
///
/// with p_b the probability that gate b is not 0. The kept connections of a layer are the mean over
/// its groups of the mean probability of the group's output channels times that of its inputs.
/// Once every p is 0 or 1, the total is the count of the network's bit operations.
/// Source:   van Baalen et al., "Bayesian Bits", NeurIPS 2020, appendix B.2 (the count). Differs:
///           its expectation, differentiable.
/// Shapes:   logits and offsets as in hardConcreteGates; layers (numLayers, 6) int64, contiguous:
///           0: the quantizer whose levels give the weight bits (or those of the second operand),
///           1: the same for the activation; -1: 8 bits, not to be chosen (the network's input);
///           2: the quantizer whose channel gates are the layer's outputs, 3: the one whose channel
///           gates are its inputs; -1, or one without channel gates: all are kept;
///           4: groups; 5: input channels, all groups together, a whole multiple of the gates of 3,
///           each of which stands for as many of them in turn (0 where 3 is -1).
///           scales (numLayers) float64, contiguous: what one bit operation of the whole layer
///           costs, MACs times a unit of the caller's. The results: the sum, without dimensions,
///           and the share of each layer (numLayers), both float32; only the sum is differentiable.
/// Numerics: in double from probabilities in float32, summed in a fixed order.
/// Errors:   c10::Error for wrong types or counts. The values of offsets and layers are looked at
///           on the CPU only; CUDA skips a layer that does not fit.
std::tuple<at::Tensor, at::Tensor> expectedBitOperations(const at::Tensor& logits,
                                                         const at::Tensor& offsets,
                                                         const at::Tensor& layers,
                                                         const at::Tensor& scales);

/// The same and the gradient of the sum to the logits, for callers that run their own backward
/// pass.
std::tuple<at::Tensor, at::Tensor, at::Tensor>
expectedBitOperationsWithGradient(const at::Tensor& logits, const at::Tensor& offsets,
                                  const at::Tensor& layers, const at::Tensor& scales);

} // namespace bitloom::ops
