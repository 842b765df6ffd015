// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/fake_quantize.h"

#include "core/ops/fake_quantize_checks.h"
#include "core/ops/find_operator.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/add.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/div.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/round.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <vector>

namespace bitloom::ops {
namespace {

using Forward = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, std::int64_t,
                           std::int64_t, std::int64_t);
using Backward = std::tuple<at::Tensor, at::Tensor>(const at::Tensor&, const at::Tensor&,
                                                    const at::Tensor&, const at::Tensor&,
                                                    std::int64_t, std::int64_t, std::int64_t);

/// Float levels are exact up to here; wider grids would round silently.
constexpr std::int64_t kLargestLevel = std::int64_t{1} << 24;

class FakeQuantizeFunction : public torch::autograd::Function<FakeQuantizeFunction> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                              const at::Tensor& scale, const at::Tensor& zeroPoint,
                              std::int64_t axis, std::int64_t quantMin, std::int64_t quantMax)
    {
        const at::AutoDispatchBelowADInplaceOrView guard;
        context->save_for_backward({x, scale, zeroPoint});
        context->saved_data["axis"] = axis;
        context->saved_data["quant_min"] = quantMin;
        context->saved_data["quant_max"] = quantMax;
        return fakeQuantize(x, scale, zeroPoint, axis, quantMin, quantMax);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto [dx, dscale] = fakeQuantizeBackward(
            gradients[0], saved[0], saved[1], saved[2], context->saved_data["axis"].toInt(),
            context->saved_data["quant_min"].toInt(), context->saved_data["quant_max"].toInt());
        return {dx, dscale, {}, {}, {}, {}};
    }
};

at::Tensor fakeQuantizeAutograd(const at::Tensor& x, const at::Tensor& scale,
                                const at::Tensor& zeroPoint, std::int64_t axis,
                                std::int64_t quantMin, std::int64_t quantMax)
{
    return FakeQuantizeFunction::apply(x, scale, zeroPoint, axis, quantMin, quantMax);
}

at::Tensor fakeQuantizeMeta(const at::Tensor& x, const at::Tensor& scale,
                            const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                            std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    return at::empty_like(x);
}

std::tuple<at::Tensor, at::Tensor>
fakeQuantizeBackwardMeta(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& scale,
                         const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                         std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    TORCH_CHECK(gradient.sizes() == x.sizes(), "fake_quantize_backward: the gradient has shape ",
                gradient.sizes(), " but x has ", x.sizes());
    return {at::empty_like(x), at::empty_like(scale)};
}

/// For devices without an own kernel: the definition in ATen operators.
at::Tensor quantizeCodesComposite(const at::Tensor& x, const at::Tensor& scale,
                                  const at::Tensor& zeroPoint, std::int64_t axis,
                                  std::int64_t quantMin, std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    if (axis >= 0) {
        shape[static_cast<std::size_t>(axis)] = x.size(axis);
    }
    const at::Tensor ratio = at::div(x.to(at::kFloat), scale.reshape(shape));
    const at::Tensor level = at::add(at::round(ratio), zeroPoint.reshape(shape).to(at::kFloat));
    return at::clamp(level, quantMin, quantMax).to(at::kInt);
}

} // namespace

void checkFakeQuantizeArguments(const at::Tensor& x, const at::Tensor& scale,
                                const at::Tensor& zeroPoint, std::int64_t axis,
                                std::int64_t quantMin, std::int64_t quantMax)
{
    TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble ||
                    x.scalar_type() == at::kHalf || x.scalar_type() == at::kBFloat16,
                "fake_quantize: x must be float32, float64, float16 or bfloat16, not ",
                x.scalar_type());
    TORCH_CHECK(scale.scalar_type() == at::kFloat, "fake_quantize: scale must be float32, not ",
                scale.scalar_type());
    TORCH_CHECK(zeroPoint.scalar_type() == at::kInt,
                "fake_quantize: zero_point must be int32, not ", zeroPoint.scalar_type());
    TORCH_CHECK(scale.device() == x.device() && zeroPoint.device() == x.device(),
                "fake_quantize: x is on ", x.device(), ", scale on ", scale.device(),
                ", zero_point on ", zeroPoint.device(), "; they must be on one device");
    TORCH_CHECK(axis >= -1 && axis < x.dim(),
                "fake_quantize: axis must be -1 (per tensor) or an axis of x, which has ", x.dim(),
                " dimensions; got ", axis);
    const std::int64_t expected = axis < 0 ? 1 : x.size(axis);
    TORCH_CHECK(scale.numel() == expected && zeroPoint.numel() == expected,
                "fake_quantize: expected ", expected, " scale(s) and zero point(s), got ",
                scale.numel(), " and ", zeroPoint.numel());
    TORCH_CHECK(quantMin <= quantMax && quantMin >= -kLargestLevel && quantMax <= kLargestLevel,
                "fake_quantize: expected quant_min <= quant_max within +-2^24, got ", quantMin,
                " and ", quantMax);
}

at::Tensor denseFloat(const at::Tensor& x)
{
    const at::Tensor values = x.to(at::kFloat);
    return values.is_non_overlapping_and_dense() ? values : values.contiguous();
}

at::Tensor inMemoryOrderOf(const at::Tensor& like, const at::Tensor& other)
{
    if (other.scalar_type() == at::kFloat && other.strides() == like.strides()) {
        return other;
    }
    return at::empty_like(like).copy_(other);
}

at::Tensor fakeQuantize(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& zeroPoint,
                        std::int64_t axis, std::int64_t quantMin, std::int64_t quantMax)
{
    static const auto handle = findOperator<Forward>("bitloom::fake_quantize");
    return handle.call(x, scale, zeroPoint, axis, quantMin, quantMax);
}

std::tuple<at::Tensor, at::Tensor>
fakeQuantizeBackward(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& scale,
                     const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                     std::int64_t quantMax)
{
    static const auto handle = findOperator<Backward>("bitloom::fake_quantize_backward");
    return handle.call(gradient, x, scale, zeroPoint, axis, quantMin, quantMax);
}

at::Tensor quantizeCodes(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& zeroPoint,
                         std::int64_t axis, std::int64_t quantMin, std::int64_t quantMax)
{
    static const auto handle = findOperator<Forward>("bitloom::quantize_codes");
    return handle.call(x, scale, zeroPoint, axis, quantMin, quantMax);
}

TORCH_LIBRARY(bitloom, library)
{
    library.def("fake_quantize(Tensor x, Tensor scale, Tensor zero_point, int axis, int quant_min, "
                "int quant_max) -> Tensor");
    library.def(
        "fake_quantize_backward(Tensor grad, Tensor x, Tensor scale, Tensor zero_point, int axis, "
        "int quant_min, int quant_max) -> (Tensor, Tensor)");
    library.def(
        "quantize_codes(Tensor x, Tensor scale, Tensor zero_point, int axis, int quant_min, "
        "int quant_max) -> Tensor");
}

TORCH_LIBRARY_IMPL(bitloom, Autograd, library)
{
    library.impl("fake_quantize", fakeQuantizeAutograd);
}

TORCH_LIBRARY_IMPL(bitloom, Meta, library)
{
    library.impl("fake_quantize", fakeQuantizeMeta);
    library.impl("fake_quantize_backward", fakeQuantizeBackwardMeta);
}

TORCH_LIBRARY_IMPL(bitloom, CompositeExplicitAutograd, library)
{
    library.impl("quantize_codes", quantizeCodesComposite);
}

} // namespace bitloom::ops
