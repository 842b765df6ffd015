// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_quantize.h"

#include "core/ops/bayesian_bits_checks.h"
#include "core/ops/find_operator.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace bitloom::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using OptionalTensor = std::optional<at::Tensor>;

OptionalTensor definedOrNone(const at::Tensor& tensor)
{
    return tensor.defined() ? OptionalTensor(tensor) : std::nullopt;
}

class BayesianBitsFunction : public torch::autograd::Function<BayesianBitsFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& xMax,
                              const at::Tensor& gates, const OptionalTensor& channelGates,
                              std::int64_t axis, bool isSigned)
    {
        const at::AutoDispatchBelowADInplaceOrView guard;
        context->save_for_backward({x, xMax, gates, channelGates.value_or(at::Tensor())});
        context->saved_data["axis"] = axis;
        context->saved_data["signed"] = isSigned;
        return bayesianBitsQuantize(x, xMax, gates, channelGates, axis, isSigned);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const OptionalTensor channelGates = definedOrNone(saved[3]);
        const auto [dx, dxMax, dgates, dchannelGates] = bayesianBitsQuantizeBackward(
            gradients[0], saved[0], saved[1], saved[2], channelGates,
            context->saved_data["axis"].toInt(), context->saved_data["signed"].toBool());
        return {dx, dxMax, dgates, channelGates ? dchannelGates : at::Tensor(), {}, {}};
    }
};

class PactFunction : public torch::autograd::Function<PactFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& xMax,
                              const OptionalTensor& channelGates, std::int64_t axis,
                              std::int64_t bits, bool isSigned)
    {
        const at::AutoDispatchBelowADInplaceOrView guard;
        context->save_for_backward({x, xMax, channelGates.value_or(at::Tensor())});
        context->saved_data["axis"] = axis;
        context->saved_data["bits"] = bits;
        context->saved_data["signed"] = isSigned;
        return pactQuantize(x, xMax, channelGates, axis, bits, isSigned);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const OptionalTensor channelGates = definedOrNone(saved[2]);
        const auto [dx, dxMax, dchannelGates] = pactQuantizeBackward(
            gradients[0], saved[0], saved[1], channelGates, context->saved_data["axis"].toInt(),
            context->saved_data["bits"].toInt(), context->saved_data["signed"].toBool());
        return {dx, dxMax, channelGates ? dchannelGates : at::Tensor(), {}, {}, {}};
    }
};

at::Tensor bayesianBitsAutograd(const at::Tensor& x, const at::Tensor& xMax,
                                const at::Tensor& gates, const OptionalTensor& channelGates,
                                std::int64_t axis, bool isSigned)
{
    return BayesianBitsFunction::apply(x, xMax, gates, channelGates, axis, isSigned);
}

at::Tensor pactAutograd(const at::Tensor& x, const at::Tensor& xMax,
                        const OptionalTensor& channelGates, std::int64_t axis, std::int64_t bits,
                        bool isSigned)
{
    return PactFunction::apply(x, xMax, channelGates, axis, bits, isSigned);
}

at::Tensor emptyLikeGates(const OptionalTensor& channelGates, const at::Tensor& xMax)
{
    return channelGates ? at::empty_like(*channelGates, at::MemoryFormat::Contiguous)
                        : at::empty({0}, xMax.options());
}

at::Tensor bayesianBitsMeta(const at::Tensor& x, const at::Tensor& xMax, const at::Tensor& gates,
                            const OptionalTensor& channelGates, std::int64_t axis,
                            bool /*isSigned*/)
{
    checkBayesianBitsArguments(x, xMax, gates, channelGates, axis);
    return at::empty_like(x);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor>
bayesianBitsBackwardMeta(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                         const at::Tensor& gates, const OptionalTensor& channelGates,
                         std::int64_t axis, bool /*isSigned*/)
{
    checkBayesianBitsArguments(x, xMax, gates, channelGates, axis);
    checkUpstream("bayesian_bits_quantize_backward", gradient, x);
    return {at::empty_like(x), at::empty_like(xMax, at::MemoryFormat::Contiguous),
            at::empty_like(gates, at::MemoryFormat::Contiguous),
            emptyLikeGates(channelGates, xMax)};
}

at::Tensor pactMeta(const at::Tensor& x, const at::Tensor& xMax, const OptionalTensor& channelGates,
                    std::int64_t axis, std::int64_t bits, bool /*isSigned*/)
{
    checkPactArguments(x, xMax, channelGates, axis, bits);
    return at::empty_like(x);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
pactBackwardMeta(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                 const OptionalTensor& channelGates, std::int64_t axis, std::int64_t bits,
                 bool /*isSigned*/)
{
    checkPactArguments(x, xMax, channelGates, axis, bits);
    checkUpstream("pact_quantize_backward", gradient, x);
    return {at::empty_like(x), at::empty_like(xMax, at::MemoryFormat::Contiguous),
            emptyLikeGates(channelGates, xMax)};
}

} // namespace

at::Tensor bayesianBitsQuantize(const at::Tensor& x, const at::Tensor& xMax,
                                const at::Tensor& gates, const OptionalTensor& channelGates,
                                std::int64_t axis, bool isSigned)
{
    static const auto handle =
        findOperator<decltype(bayesianBitsQuantize)>("bitloom::bayesian_bits_quantize");
    return handle.call(x, xMax, gates, channelGates, axis, isSigned);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor>
bayesianBitsQuantizeBackward(const at::Tensor& gradient, const at::Tensor& x,
                             const at::Tensor& xMax, const at::Tensor& gates,
                             const OptionalTensor& channelGates, std::int64_t axis, bool isSigned)
{
    static const auto handle = findOperator<decltype(bayesianBitsQuantizeBackward)>(
        "bitloom::bayesian_bits_quantize_backward");
    return handle.call(gradient, x, xMax, gates, channelGates, axis, isSigned);
}

at::Tensor pactQuantize(const at::Tensor& x, const at::Tensor& xMax,
                        const OptionalTensor& channelGates, std::int64_t axis, std::int64_t bits,
                        bool isSigned)
{
    static const auto handle = findOperator<decltype(pactQuantize)>("bitloom::pact_quantize");
    return handle.call(x, xMax, channelGates, axis, bits, isSigned);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
pactQuantizeBackward(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                     const OptionalTensor& channelGates, std::int64_t axis, std::int64_t bits,
                     bool isSigned)
{
    static const auto handle =
        findOperator<decltype(pactQuantizeBackward)>("bitloom::pact_quantize_backward");
    return handle.call(gradient, x, xMax, channelGates, axis, bits, isSigned);
}

TORCH_LIBRARY_FRAGMENT(bitloom, library)
{
    library.def("bayesian_bits_quantize(Tensor x, Tensor x_max, Tensor gates, "
                "Tensor? channel_gates, int axis, bool signed) -> Tensor");
    library.def("bayesian_bits_quantize_backward(Tensor grad, Tensor x, Tensor x_max, "
                "Tensor gates, Tensor? channel_gates, int axis, bool signed) -> "
                "(Tensor, Tensor, Tensor, Tensor)");
    library.def("pact_quantize(Tensor x, Tensor x_max, Tensor? channel_gates, int axis, int bits, "
                "bool signed) -> Tensor");
    library.def("pact_quantize_backward(Tensor grad, Tensor x, Tensor x_max, "
                "Tensor? channel_gates, int axis, int bits, bool signed) -> "
                "(Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(bitloom, Autograd, library)
{
    library.impl("bayesian_bits_quantize", bayesianBitsAutograd);
    library.impl("pact_quantize", pactAutograd);
}

TORCH_LIBRARY_IMPL(bitloom, Meta, library)
{
    library.impl("bayesian_bits_quantize", bayesianBitsMeta);
    library.impl("bayesian_bits_quantize_backward", bayesianBitsBackwardMeta);
    library.impl("pact_quantize", pactMeta);
    library.impl("pact_quantize_backward", pactBackwardMeta);
}

} // namespace bitloom::ops
