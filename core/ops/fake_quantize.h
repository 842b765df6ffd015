// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <tuple>

namespace bitloom::ops {

/// Quantizes and dequantizes in one pass: q = clamp(rne(x / scale) + zeroPoint, quantMin,
/// quantMax), y = (q - zeroPoint) * scale. In Python: torch.ops.bitloom.fake_quantize.
///
/// Shapes:   x of any shape; axis = -1: scale and zeroPoint hold one element; else one per index of
/// that axis. Types:    x float32, float64, float16 or bfloat16 (the result has the same type and
/// memory order, the arithmetic is
///           float32); scale float32; zeroPoint int32; all on one device.
/// Numerics: true division, round half to even before zeroPoint is added, as in PyTorch's eager
/// operators. The CPU's
///           instruction sets and CUDA give the same bits. NaN stays NaN, infinities go to the ends
///           of the grid.
/// Gradient: straight-through. dL/dx = g where quantMin <= rne(x/scale) + zeroPoint <= quantMax,
/// else 0;
///           dL/dscale = sum of g * (rne(x/scale) - x/scale inside, quantMin - zeroPoint below,
///           quantMax - zeroPoint above), summed in double. A NaN element has no gradient. One
///           pass; keeps x, scale and zeroPoint only. Not differentiable twice.
/// Errors:   c10::Error for wrong types, counts, axis or bounds. The values of scale are not
/// inspected. Source:   Pack-PTQ (arXiv 2505.00259), uniform quantizer. Differs: quantMin need not
/// be 0.
at::Tensor fakeQuantize(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& zeroPoint,
                        std::int64_t axis, std::int64_t quantMin, std::int64_t quantMax);

/// The gradients to x and to scale, for callers that run their own backward pass.
std::tuple<at::Tensor, at::Tensor>
fakeQuantizeBackward(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& scale,
                     const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                     std::int64_t quantMax);

/// The codes q themselves as int32, bit for bit those inside fakeQuantize. x must hold no NaN. Not
/// differentiable.
at::Tensor quantizeCodes(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& zeroPoint,
                         std::int64_t axis, std::int64_t quantMin, std::int64_t quantMax);

} // namespace bitloom::ops
