// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_checks.h"
#include "core/ops/channel_layout.h"
#include "core/ops/cuda/bayesian_bits.h"
#include "core/ops/fake_quantize_checks.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include <optional>

namespace bitloom::ops {
namespace {

using OptionalTensor = std::optional<at::Tensor>;

/// What the quantizer rounds to: decomposed by gates, or one step of bits.
struct Levels {
    at::Tensor gates = {};
    int bits = 0;
};

/// The tensors that a launch reads, held while it is enqueued, and the plain problem over their
/// pointers.
struct Operands {
    Operands(const at::Tensor& x, const at::Tensor& xMaxIn, const Levels& levels,
             const OptionalTensor& channelGatesIn, std::int64_t axis, bool isSigned)
        : values(denseFloat(x)), xMax(xMaxIn)
    {
        const ChannelLayout layout = channelLayout(values, channelGatesIn ? axis : -1);
        problem.x = values.const_data_ptr<float>();
        problem.xMax = xMax.const_data_ptr<float>();
        if (levels.gates.defined()) {
            gates = levels.gates.contiguous();
            problem.gates = gates.const_data_ptr<float>();
        }
        if (channelGatesIn) {
            channelGates = channelGatesIn->contiguous();
            problem.channelGates = channelGates.const_data_ptr<float>();
        }
        problem.outer = layout.outer;
        problem.channels = layout.channels;
        problem.inner = layout.inner;
        problem.bits = levels.bits;
        problem.isSigned = isSigned;
    }

    at::Tensor values;
    at::Tensor xMax;
    at::Tensor gates;
    at::Tensor channelGates;
    cuda::BayesianBitsProblem problem{};
};

void checkLaunch(cuda::Status status)
{
    C10_CUDA_CHECK(static_cast<cudaError_t>(status));
}

at::Tensor quantizeForward(const at::Tensor& x, const at::Tensor& xMax, const Levels& levels,
                           const OptionalTensor& channelGates, std::int64_t axis, bool isSigned)
{
    const c10::cuda::CUDAGuard guard(x.device());
    const Operands operands(x, xMax, levels, channelGates, axis, isSigned);
    at::Tensor result = at::empty_like(operands.values);
    if (x.numel() > 0) {
        checkLaunch(cuda::launchForward(operands.problem, result.mutable_data_ptr<float>(),
                                        c10::cuda::getCurrentCUDAStream()));
    }
    return result.to(x.scalar_type());
}

struct Gradients {
    at::Tensor dx, dxMax, dgates, dchannelGates;
};

Gradients quantizeBackward(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                           const Levels& levels, const OptionalTensor& channelGates,
                           std::int64_t axis, bool isSigned)
{
    const c10::cuda::CUDAGuard guard(x.device());
    const Operands operands(x, xMax, levels, channelGates, axis, isSigned);
    const at::Tensor upstream = inMemoryOrderOf(operands.values, gradient);
    Gradients result;
    result.dx = at::empty_like(operands.values);
    if (x.numel() == 0) {
        result.dxMax = at::zeros_like(xMax, {}, at::MemoryFormat::Contiguous);
        result.dgates = at::zeros({4}, xMax.options());
        result.dchannelGates =
            at::zeros({channelGates ? channelGates->numel() : 0}, xMax.options());
    } else {
        result.dxMax = at::empty_like(xMax, at::MemoryFormat::Contiguous);
        result.dgates = at::empty({4}, xMax.options());
        result.dchannelGates =
            at::empty({channelGates ? channelGates->numel() : 0}, xMax.options());
        at::Tensor scratch =
            at::empty({cuda::scratchSize(operands.problem)}, xMax.options().dtype(at::kDouble));
        const cuda::BayesianBitsGradients gradients = {
            .dx = result.dx.mutable_data_ptr<float>(),
            .dxMax = result.dxMax.mutable_data_ptr<float>(),
            .dgates = levels.gates.defined() ? result.dgates.mutable_data_ptr<float>() : nullptr,
            .dchannelGates =
                channelGates ? result.dchannelGates.mutable_data_ptr<float>() : nullptr};
        checkLaunch(cuda::launchBackward(operands.problem, upstream.const_data_ptr<float>(),
                                         gradients, scratch.mutable_data_ptr<double>(),
                                         c10::cuda::getCurrentCUDAStream()));
    }
    if (levels.gates.defined()) {
        result.dgates = result.dgates.view(levels.gates.sizes());
    }
    if (channelGates) {
        result.dchannelGates = result.dchannelGates.view(channelGates->sizes());
    }
    result.dx = result.dx.to(x.scalar_type());
    return result;
}

at::Tensor bayesianBitsCuda(const at::Tensor& x, const at::Tensor& xMax, const at::Tensor& gates,
                            const OptionalTensor& channelGates, std::int64_t axis, bool isSigned)
{
    checkBayesianBitsArguments(x, xMax, gates, channelGates, axis);
    return quantizeForward(x, xMax, {.gates = gates}, channelGates, axis, isSigned);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor>
bayesianBitsBackwardCuda(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                         const at::Tensor& gates, const OptionalTensor& channelGates,
                         std::int64_t axis, bool isSigned)
{
    checkBayesianBitsArguments(x, xMax, gates, channelGates, axis);
    checkUpstream("bayesian_bits_quantize_backward", gradient, x);
    const Gradients result =
        quantizeBackward(gradient, x, xMax, {.gates = gates}, channelGates, axis, isSigned);
    return {result.dx, result.dxMax, result.dgates, result.dchannelGates};
}

at::Tensor pactCuda(const at::Tensor& x, const at::Tensor& xMax, const OptionalTensor& channelGates,
                    std::int64_t axis, std::int64_t bits, bool isSigned)
{
    checkPactArguments(x, xMax, channelGates, axis, bits);
    return quantizeForward(x, xMax, {.bits = static_cast<int>(bits)}, channelGates, axis, isSigned);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
pactBackwardCuda(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                 const OptionalTensor& channelGates, std::int64_t axis, std::int64_t bits,
                 bool isSigned)
{
    checkPactArguments(x, xMax, channelGates, axis, bits);
    checkUpstream("pact_quantize_backward", gradient, x);
    const Gradients result = quantizeBackward(gradient, x, xMax, {.bits = static_cast<int>(bits)},
                                              channelGates, axis, isSigned);
    return {result.dx, result.dxMax, result.dchannelGates};
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CUDA, library)
{
    library.impl("bayesian_bits_quantize", bayesianBitsCuda);
    library.impl("bayesian_bits_quantize_backward", bayesianBitsBackwardCuda);
    library.impl("pact_quantize", pactCuda);
    library.impl("pact_quantize_backward", pactBackwardCuda);
}

} // namespace bitloom::ops
