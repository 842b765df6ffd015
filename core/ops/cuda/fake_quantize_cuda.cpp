// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/channel_layout.h"
#include "core/ops/cuda/fake_quantize.h"
#include "core/ops/fake_quantize_checks.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

namespace bitloom::ops {
namespace {

/// The tensors that a launch reads, held while it is enqueued, and the plain problem over their
/// pointers.
struct Operands {
    Operands(const at::Tensor& x, const at::Tensor& scaleIn, const at::Tensor& zeroPointIn,
             std::int64_t axis, std::int64_t quantMin, std::int64_t quantMax)
        : values(denseFloat(x)), scale(scaleIn.contiguous()), zeroPoint(zeroPointIn.contiguous())
    {
        const ChannelLayout layout = channelLayout(values, axis);
        problem = {.x = values.const_data_ptr<float>(),
                   .scale = scale.const_data_ptr<float>(),
                   .zeroPoint = zeroPoint.const_data_ptr<std::int32_t>(),
                   .outer = layout.outer,
                   .channels = layout.channels,
                   .inner = layout.inner,
                   .quantMin = static_cast<float>(quantMin),
                   .quantMax = static_cast<float>(quantMax)};
    }

    at::Tensor values;
    at::Tensor scale;
    at::Tensor zeroPoint;
    cuda::FakeQuantizeProblem problem{};
};

void checkLaunch(cuda::Status status)
{
    C10_CUDA_CHECK(static_cast<cudaError_t>(status));
}

at::Tensor fakeQuantizeCuda(const at::Tensor& x, const at::Tensor& scale,
                            const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                            std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    const c10::cuda::CUDAGuard guard(x.device());
    const Operands operands(x, scale, zeroPoint, axis, quantMin, quantMax);
    at::Tensor result = at::empty_like(operands.values);
    if (x.numel() > 0) {
        checkLaunch(cuda::launchForward(operands.problem, result.mutable_data_ptr<float>(),
                                        c10::cuda::getCurrentCUDAStream()));
    }
    return result.to(x.scalar_type());
}

std::tuple<at::Tensor, at::Tensor>
fakeQuantizeBackwardCuda(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& scale,
                         const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                         std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    TORCH_CHECK(gradient.sizes() == x.sizes(), "fake_quantize_backward: the gradient has shape ",
                gradient.sizes(), " but x has ", x.sizes());
    const c10::cuda::CUDAGuard guard(x.device());
    const Operands operands(x, scale, zeroPoint, axis, quantMin, quantMax);
    const at::Tensor upstream = inMemoryOrderOf(operands.values, gradient);
    at::Tensor dx = at::empty_like(operands.values);
    at::Tensor dscale = at::zeros_like(scale, {}, at::MemoryFormat::Contiguous);
    if (x.numel() > 0) {
        at::Tensor partial =
            at::empty({cuda::backwardSlices(operands.problem), operands.problem.channels},
                      scale.options().dtype(at::kDouble));
        checkLaunch(cuda::launchBackward(
            operands.problem, upstream.const_data_ptr<float>(), dx.mutable_data_ptr<float>(),
            dscale.mutable_data_ptr<float>(), partial.mutable_data_ptr<double>(),
            c10::cuda::getCurrentCUDAStream()));
    }
    return {dx.to(x.scalar_type()), dscale};
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CUDA, library)
{
    library.impl("fake_quantize", fakeQuantizeCuda);
    library.impl("fake_quantize_backward", fakeQuantizeBackwardCuda);
}

} // namespace bitloom::ops
