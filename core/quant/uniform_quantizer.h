// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/quant_spec.h"

#include <ATen/core/Tensor.h>

namespace bitloom {

/// QuantParams of a tensor that is left in floating point: no scale at all.
QuantParams floatParams();
/// QuantParams of a pruned tensor: the single code 0, so that everything becomes 0.
QuantParams prunedParams();
inline bool isFloat(const QuantParams& params)
{
    return params.scale.empty();
}

/// QuantParams as tensors on one device, for use over many batches.
///
/// Numerics: float32; dequantize(codes(x)) equals fakeQuantize(x) bit for bit. See
/// core/ops/fake_quantize.h. Errors:   InvalidArgument for params that contradict themselves
/// (counts, order of the bounds, a scale that is not a
///           positive finite number); ShapeMismatch for a tensor whose axis has another size;
///           NonFinite where NaN would have to become a code; Unsupported for codes of a tensor
///           left in floating point.
class UniformQuantizer {
public:
    explicit UniformQuantizer(const QuantParams& params, at::Device device = at::kCPU);

    /// x rounded to the grid, same type and shape, differentiable (straight-through). Left in
    /// floating point: x itself.
    at::Tensor fakeQuantize(const at::Tensor& x) const;
    /// The codes as int32, same shape.
    at::Tensor codes(const at::Tensor& x) const;
    /// The codes of the slices [first, first + count) of x along axis, counted
    /// from 0.
    at::Tensor codesOfSlice(const at::Tensor& x, std::int64_t axis, std::int64_t first,
                            std::int64_t count) const;
    /// scale * (codes - zeroPoint), float32.
    at::Tensor dequantize(const at::Tensor& codes) const;

private:
    void checkShape(const at::Tensor& x) const;
    void requireCodes() const;
    at::Tensor alongAxis(const at::Tensor& perChannel, const at::Tensor& like) const;

    at::Tensor m_scale;     ///< float32 (1) or (channels); undefined: left in floating point
    at::Tensor m_zeroPoint; ///< int32, same shape
    int m_axis = -1;
    std::int64_t m_quantMin = 0;
    std::int64_t m_quantMax = 0;
};

/// The same for a single use.
at::Tensor fakeQuantize(const at::Tensor& x, const QuantParams& params);
at::Tensor quantizeToCodes(const at::Tensor& x, const QuantParams& params);
at::Tensor dequantize(const at::Tensor& codes, const QuantParams& params);

} // namespace bitloom
