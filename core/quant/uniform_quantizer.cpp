// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/uniform_quantizer.h"

#include "core/base/error.h"
#include "core/ops/fake_quantize.h"
#include "core/ops/torch_errors.h"

#include <ATen/ops/aminmax.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <vector>

namespace bitloom {
namespace {

void checkParams(const QuantParams& params)
{
    const std::size_t count = params.scale.size();
    BITLOOM_REQUIRE(params.zeroPoint.size() == count, ErrorCode::InvalidArgument,
                    "quantization parameters hold ", count, " scales but ", params.zeroPoint.size(),
                    " zero points");
    BITLOOM_REQUIRE(params.axis >= 0 || count == 1, ErrorCode::InvalidArgument,
                    "per-tensor quantization parameters hold ", count, " scales, expected 1");
    BITLOOM_REQUIRE(params.quantMin <= params.quantMax, ErrorCode::InvalidArgument,
                    "the smallest code ", params.quantMin, " is above the largest ",
                    params.quantMax);
    for (std::size_t i = 0; i < count; ++i) {
        BITLOOM_REQUIRE(std::isfinite(params.scale[i]) && params.scale[i] > 0,
                        ErrorCode::InvalidArgument, "scale ", i, " is ", params.scale[i],
                        ", expected a positive finite number");
    }
}

void requireNoNan(const at::Tensor& x)
{
    // Smallest and largest value are NaN if any is: one pass without a tensor of flags.
    if (x.numel() == 0 || !std::isnan(std::get<0>(at::aminmax(x)).item<double>())) {
        return;
    }
    fail(ErrorCode::NonFinite, at::isnan(x).sum().item<std::int64_t>(), " of ", x.numel(),
         " values are NaN and have no code");
}

} // namespace

QuantParams floatParams()
{
    return {};
}

QuantParams prunedParams()
{
    return {.scale = {1.0F}, .zeroPoint = {0}, .quantMin = 0, .quantMax = 0, .axis = -1};
}

UniformQuantizer::UniformQuantizer(const QuantParams& params, at::Device device)
{
    if (isFloat(params)) {
        return;
    }
    checkParams(params);
    withTorchErrors([&] {
        m_scale = at::tensor(params.scale, at::kFloat).to(device);
        m_zeroPoint = at::tensor(params.zeroPoint, at::kInt).to(device);
    });
    m_axis = params.axis;
    m_quantMin = params.quantMin;
    m_quantMax = params.quantMax;
}

void UniformQuantizer::checkShape(const at::Tensor& x) const
{
    if (m_axis < 0) {
        return;
    }
    BITLOOM_REQUIRE(m_axis < x.dim(), ErrorCode::ShapeMismatch, "channel axis ", m_axis,
                    " does not exist in a tensor of ", x.dim(), " dimensions");
    BITLOOM_REQUIRE(x.size(m_axis) == m_scale.numel(), ErrorCode::ShapeMismatch, "axis ", m_axis,
                    " has ", x.size(m_axis), " channels, but there are ", m_scale.numel(),
                    " scales");
}

at::Tensor UniformQuantizer::alongAxis(const at::Tensor& perChannel, const at::Tensor& like) const
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
    if (m_axis >= 0) {
        shape[static_cast<std::size_t>(m_axis)] = like.size(m_axis);
    }
    return perChannel.view(shape);
}

at::Tensor UniformQuantizer::fakeQuantize(const at::Tensor& x) const
{
    if (!m_scale.defined()) {
        return x;
    }
    checkShape(x);
    return withTorchErrors(
        [&] { return ops::fakeQuantize(x, m_scale, m_zeroPoint, m_axis, m_quantMin, m_quantMax); });
}

void UniformQuantizer::requireCodes() const
{
    BITLOOM_REQUIRE(m_scale.defined(), ErrorCode::Unsupported,
                    "a tensor that is left in floating point has no codes");
}

at::Tensor UniformQuantizer::codes(const at::Tensor& x) const
{
    requireCodes();
    checkShape(x);
    return withTorchErrors([&] {
        requireNoNan(x);
        return ops::quantizeCodes(x, m_scale, m_zeroPoint, m_axis, m_quantMin, m_quantMax);
    });
}

at::Tensor UniformQuantizer::codesOfSlice(const at::Tensor& x, std::int64_t axis,
                                          std::int64_t first, std::int64_t count) const
{
    requireCodes();
    checkShape(x);
    return withTorchErrors([&] {
        const at::Tensor part = x.narrow(axis, first, count);
        requireNoNan(part);
        const auto grid = [&](const at::Tensor& perChannel) {
            return m_axis == axis ? perChannel.narrow(0, first, count) : perChannel;
        };
        return ops::quantizeCodes(part, grid(m_scale), grid(m_zeroPoint), m_axis, m_quantMin,
                                  m_quantMax);
    });
}

at::Tensor UniformQuantizer::dequantize(const at::Tensor& codes) const
{
    requireCodes();
    checkShape(codes);
    return withTorchErrors([&] {
        const at::Tensor zeroPoint = alongAxis(m_zeroPoint, codes).to(at::kFloat);
        return at::mul(at::sub(codes.to(at::kFloat), zeroPoint), alongAxis(m_scale, codes));
    });
}

at::Tensor fakeQuantize(const at::Tensor& x, const QuantParams& params)
{
    return UniformQuantizer(params, x.device()).fakeQuantize(x);
}

at::Tensor quantizeToCodes(const at::Tensor& x, const QuantParams& params)
{
    return UniformQuantizer(params, x.device()).codes(x);
}

at::Tensor dequantize(const at::Tensor& codes, const QuantParams& params)
{
    return UniformQuantizer(params, codes.device()).dequantize(codes);
}

} // namespace bitloom
