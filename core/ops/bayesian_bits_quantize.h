// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <tuple>

namespace bitloom::ops {

/// The decomposed quantizer of Bayesian Bits in one pass over memory. In Python:
/// torch.ops.bitloom.bayesian_bits_quantize.
///
///     x_c = clip(x),  x2 = s2 * rne(x_c / s2),  x4 = s4 * rne((x_c - x2) / s4),  and so on
///     y   = z2 * (x2 + z4 * (x4 + z8 * (x8 + z16 * (x16 + z32 * x32))))
///
/// Source:   van Baalen et al., "Bayesian Bits", NeurIPS 2020. Differs: nothing.
/// Shapes:   x of any shape; xMax one element, the range; gates four: z4, z8, z16, z32;
///           channelGates, where given, one z2 per index of axis (axis is ignored without them).
/// Types:    x float32, float64, float16 or bfloat16 (y has the same type and memory order, the
///           arithmetic is float32); the rest float32; all on one device, where their values stay:
///           a CUDA launch reads them itself.
/// Grid:     signed: codes -(2^(b-1)-1) .. 2^(b-1)-1 (ternary at 2 bits); unsigned: 0 .. 2^b - 1;
///           the step is (1 + signed) * x_max / (2^b - 1), the zero point 0. The range is shrunk by
///           2^-23 and clipped in PACT's form, relu of relu, so that interior values move by up to
///           an ulp of x_max.
/// Levels:   a level is off as soon as its gate or one before it is exactly 0; it then costs
///           nothing. Unsigned: a relu before this operator may be left out, since the clip begins
///           with the same one: values and gradients keep their bits.
/// Numerics: true divisions, ties to even, no contraction: the CPU's instruction sets and CUDA give
///           the same bits as the formula in eager float32 operators. NaN stays NaN.
/// Gradient: straight-through. dL/dx = g * z2 inside the range, 0 where either relu of the clip is
///           at its zero side (both ends count as outside). dL/dx_max, dL/dz4 .. dL/dz32 and
///           dL/dz2[c] are summed in double, the same bits for any thread count. Levels that are
///           off have gradient 0. Keeps x and the small tensors only. Not differentiable twice.
/// Errors:   c10::Error for wrong types, counts or axis. The values of xMax are not inspected: 0 or
///           NaN give NaN.
at::Tensor bayesianBitsQuantize(const at::Tensor& x, const at::Tensor& xMax,
                                const at::Tensor& gates,
                                const std::optional<at::Tensor>& channelGates, std::int64_t axis,
                                bool isSigned);

/// The gradients to x, xMax, gates and channelGates (no elements where there are none), for callers
/// that run their own backward pass.
std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor>
bayesianBitsQuantizeBackward(const at::Tensor& gradient, const at::Tensor& x,
                             const at::Tensor& xMax, const at::Tensor& gates,
                             const std::optional<at::Tensor>& channelGates, std::int64_t axis,
                             bool isSigned);

/// The quantizer of one step on the same grid and with the same clip, for stage 2 and fixed widths:
/// y = z2 * (s_b * rne(x_c / s_b)). In Python: torch.ops.bitloom.pact_quantize.
///
/// bits is 2, 4, 8, 16 or 32; everything else as above. It differs from the decomposed quantizer
/// only at ties and by rounding noise.
at::Tensor pactQuantize(const at::Tensor& x, const at::Tensor& xMax,
                        const std::optional<at::Tensor>& channelGates, std::int64_t axis,
                        std::int64_t bits, bool isSigned);

/// The gradients to x, xMax and channelGates.
std::tuple<at::Tensor, at::Tensor, at::Tensor>
pactQuantizeBackward(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                     const std::optional<at::Tensor>& channelGates, std::int64_t axis,
                     std::int64_t bits, bool isSigned);

} // namespace bitloom::ops
