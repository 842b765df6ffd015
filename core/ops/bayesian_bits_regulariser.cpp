// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_regulariser.h"

#include "core/ops/find_operator.h"
#include "core/ops/gate_checks.h"
#include "core/ops/gate_price.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

namespace bitloom::ops {
namespace {

std::tuple<at::Tensor, at::Tensor> regulariserAutograd(const at::Tensor& logits,
                                                       const at::Tensor& offsets,
                                                       const at::Tensor& levelWeights)
{
    return withKnownGradient(
        logits, [&] { return bayesianBitsRegulariserWithGradient(logits, offsets, levelWeights); });
}

std::tuple<at::Tensor, at::Tensor> regulariserWithoutGradient(const at::Tensor& logits,
                                                              const at::Tensor& offsets,
                                                              const at::Tensor& levelWeights)
{
    const auto [total, shares, gradient] =
        bayesianBitsRegulariserWithGradient(logits, offsets, levelWeights);
    return {total, shares};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
regulariserMeta(const at::Tensor& logits, const at::Tensor& offsets, const at::Tensor& levelWeights)
{
    checkRegulariserArguments(logits, offsets, levelWeights);
    return {at::empty({}, logits.options()), at::empty({levelWeights.size(0)}, logits.options()),
            at::empty_like(logits)};
}

} // namespace

std::tuple<at::Tensor, at::Tensor> bayesianBitsRegulariser(const at::Tensor& logits,
                                                           const at::Tensor& offsets,
                                                           const at::Tensor& levelWeights)
{
    static const auto handle =
        findOperator<decltype(bayesianBitsRegulariser)>("bitloom::bayesian_bits_regulariser");
    return handle.call(logits, offsets, levelWeights);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
bayesianBitsRegulariserWithGradient(const at::Tensor& logits, const at::Tensor& offsets,
                                    const at::Tensor& levelWeights)
{
    static const auto handle = findOperator<decltype(bayesianBitsRegulariserWithGradient)>(
        "bitloom::bayesian_bits_regulariser_with_gradient");
    return handle.call(logits, offsets, levelWeights);
}

TORCH_LIBRARY_FRAGMENT(bitloom, library)
{
    library.def("bayesian_bits_regulariser(Tensor logits, Tensor offsets, Tensor level_weights) -> "
                "(Tensor, Tensor)");
    library.def("bayesian_bits_regulariser_with_gradient(Tensor logits, Tensor offsets, "
                "Tensor level_weights) -> (Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(bitloom, Autograd, library)
{
    library.impl("bayesian_bits_regulariser", regulariserAutograd);
}

TORCH_LIBRARY_IMPL(bitloom, CompositeExplicitAutograd, library)
{
    library.impl("bayesian_bits_regulariser", regulariserWithoutGradient);
}

TORCH_LIBRARY_IMPL(bitloom, Meta, library)
{
    library.impl("bayesian_bits_regulariser_with_gradient", regulariserMeta);
}

} // namespace bitloom::ops
