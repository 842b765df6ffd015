// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/expected_bit_operations.h"

#include "core/ops/find_operator.h"
#include "core/ops/gate_checks.h"
#include "core/ops/gate_price.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

namespace bitloom::ops {
namespace {

using at::Tensor;

std::tuple<Tensor, Tensor> expectedAutograd(const Tensor& logits, const Tensor& offsets,
                                            const Tensor& layers, const Tensor& scales)
{
    return withKnownGradient(
        logits, [&] { return expectedBitOperationsWithGradient(logits, offsets, layers, scales); });
}

std::tuple<Tensor, Tensor> expectedWithoutGradient(const Tensor& logits, const Tensor& offsets,
                                                   const Tensor& layers, const Tensor& scales)
{
    const auto [total, shares, gradient] =
        expectedBitOperationsWithGradient(logits, offsets, layers, scales);
    return {total, shares};
}

GatePrice expectedMeta(const Tensor& logits, const Tensor& offsets, const Tensor& layers,
                       const Tensor& scales)
{
    checkBopArguments(logits, offsets, layers, scales);
    return {at::empty({}, logits.options()), at::empty({layers.size(0)}, logits.options()),
            at::empty_like(logits)};
}

} // namespace

std::tuple<Tensor, Tensor> expectedBitOperations(const Tensor& logits, const Tensor& offsets,
                                                 const Tensor& layers, const Tensor& scales)
{
    static const auto handle =
        findOperator<decltype(expectedBitOperations)>("bitloom::expected_bit_operations");
    return handle.call(logits, offsets, layers, scales);
}

GatePrice expectedBitOperationsWithGradient(const Tensor& logits, const Tensor& offsets,
                                            const Tensor& layers, const Tensor& scales)
{
    static const auto handle = findOperator<decltype(expectedBitOperationsWithGradient)>(
        "bitloom::expected_bit_operations_with_gradient");
    return handle.call(logits, offsets, layers, scales);
}

TORCH_LIBRARY_FRAGMENT(bitloom, library)
{
    library.def("expected_bit_operations(Tensor logits, Tensor offsets, Tensor layers, "
                "Tensor scales) -> (Tensor, Tensor)");
    library.def("expected_bit_operations_with_gradient(Tensor logits, Tensor offsets, "
                "Tensor layers, Tensor scales) -> (Tensor, Tensor, Tensor)");
}

TORCH_LIBRARY_IMPL(bitloom, Autograd, library)
{
    library.impl("expected_bit_operations", expectedAutograd);
}

TORCH_LIBRARY_IMPL(bitloom, CompositeExplicitAutograd, library)
{
    library.impl("expected_bit_operations", expectedWithoutGradient);
}

TORCH_LIBRARY_IMPL(bitloom, Meta, library)
{
    library.impl("expected_bit_operations_with_gradient", expectedMeta);
}

} // namespace bitloom::ops
