// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/hard_concrete_gates.h"

#include "core/ops/find_operator.h"
#include "core/ops/gate_checks.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <string>

namespace bitloom::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using OptionalTensor = std::optional<at::Tensor>;

class HardConcreteFunction : public torch::autograd::Function<HardConcreteFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& logits,
                              const at::Tensor& offsets, const std::string& mode,
                              const OptionalTensor& uniforms, std::int64_t seed, std::int64_t step)
    {
        const at::AutoDispatchBelowADInplaceOrView guard;
        auto [gates, slopes] =
            hardConcreteGatesWithSlopes(logits, offsets, mode, uniforms, seed, step);
        if (mode == kGatesEvaluation) {
            context->mark_non_differentiable({gates});
        } else {
            context->save_for_backward({slopes});
        }
        return gates;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor slopes = context->get_saved_variables()[0];
        return {at::mul(gradients[0], slopes), {}, {}, {}, {}, {}};
    }
};

at::Tensor gatesAutograd(const at::Tensor& logits, const at::Tensor& offsets, std::string_view mode,
                         const OptionalTensor& uniforms, std::int64_t seed, std::int64_t step)
{
    return HardConcreteFunction::apply(logits, offsets, std::string(mode), uniforms, seed, step);
}

at::Tensor gatesWithoutGradient(const at::Tensor& logits, const at::Tensor& offsets,
                                std::string_view mode, const OptionalTensor& uniforms,
                                std::int64_t seed, std::int64_t step)
{
    return std::get<0>(hardConcreteGatesWithSlopes(logits, offsets, mode, uniforms, seed, step));
}

std::tuple<at::Tensor, at::Tensor> gatesMeta(const at::Tensor& logits, const at::Tensor& offsets,
                                             std::string_view mode, const OptionalTensor& uniforms,
                                             std::int64_t /*seed*/, std::int64_t /*step*/)
{
    checkGateArguments(logits, offsets, mode, uniforms);
    return {at::empty_like(logits), at::empty_like(logits)};
}

} // namespace

at::Tensor gateOffsets(std::span<const std::int64_t> channels)
{
    at::Tensor offsets = at::empty({static_cast<std::int64_t>(channels.size()) + 1}, at::kLong);
    std::int64_t* at = offsets.mutable_data_ptr<std::int64_t>();
    std::int64_t total = 0;
    for (const std::int64_t count : channels) {
        TORCH_CHECK(count >= 0, "gate offsets: a quantizer cannot have ", count, " channels");
        *at++ = total;
        total += count + kGatesPerTensor;
    }
    *at = total;
    return offsets;
}

at::Tensor hardConcreteGates(const at::Tensor& logits, const at::Tensor& offsets,
                             std::string_view mode, const OptionalTensor& uniforms,
                             std::int64_t seed, std::int64_t step)
{
    static const auto handle =
        findOperator<decltype(hardConcreteGates)>("bitloom::hard_concrete_gates");
    return handle.call(logits, offsets, mode, uniforms, seed, step);
}

std::tuple<at::Tensor, at::Tensor> hardConcreteGatesWithSlopes(const at::Tensor& logits,
                                                               const at::Tensor& offsets,
                                                               std::string_view mode,
                                                               const OptionalTensor& uniforms,
                                                               std::int64_t seed, std::int64_t step)
{
    static const auto handle = findOperator<decltype(hardConcreteGatesWithSlopes)>(
        "bitloom::hard_concrete_gates_with_slopes");
    return handle.call(logits, offsets, mode, uniforms, seed, step);
}

TORCH_LIBRARY_FRAGMENT(bitloom, library)
{
    library.def("hard_concrete_gates(Tensor logits, Tensor offsets, str mode, "
                "Tensor? uniforms=None, int seed=0, int step=0) -> Tensor");
    library.def("hard_concrete_gates_with_slopes(Tensor logits, Tensor offsets, str mode, "
                "Tensor? uniforms=None, int seed=0, int step=0) -> (Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(bitloom, Autograd, library)
{
    library.impl("hard_concrete_gates", gatesAutograd);
}

TORCH_LIBRARY_IMPL(bitloom, CompositeExplicitAutograd, library)
{
    library.impl("hard_concrete_gates", gatesWithoutGradient);
}

TORCH_LIBRARY_IMPL(bitloom, Meta, library)
{
    library.impl("hard_concrete_gates_with_slopes", gatesMeta);
}

} // namespace bitloom::ops
