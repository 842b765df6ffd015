// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/gate_price.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/mul.h>
#include <torch/csrc/autograd/custom_function.h>

namespace bitloom::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class GatePriceFunction : public torch::autograd::Function<GatePriceFunction> {
public:
    static variable_list forward(AutogradContext* context, const at::Tensor& /*logits*/,
                                 const std::function<GatePrice()>& price)
    {
        const at::AutoDispatchBelowADInplaceOrView guard;
        const auto [total, shares, gradient] = price();
        context->save_for_backward({gradient});
        context->mark_non_differentiable({shares});
        return {total, shares};
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        return {at::mul(gradients[0], context->get_saved_variables()[0]), {}};
    }
};

} // namespace

std::tuple<at::Tensor, at::Tensor> withKnownGradient(const at::Tensor& logits,
                                                     const std::function<GatePrice()>& price)
{
    const variable_list results = GatePriceFunction::apply(logits, price);
    return {results[0], results[1]};
}

} // namespace bitloom::ops
