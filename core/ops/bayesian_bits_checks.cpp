// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_checks.h"

#include <c10/util/Exception.h>

namespace bitloom::ops {
namespace {

void checkSmallTensor(const char* name, const char* what, const at::Tensor& tensor,
                      std::int64_t count, const at::Tensor& x)
{
    TORCH_CHECK(tensor.scalar_type() == at::kFloat, name, ": ", what, " must be float32, not ",
                tensor.scalar_type());
    TORCH_CHECK(tensor.numel() == count, name, ": expected ", count, " element(s) in ", what,
                ", got ", tensor.numel());
    TORCH_CHECK(tensor.device() == x.device(), name, ": x is on ", x.device(), ", ", what, " on ",
                tensor.device(), "; they must be on one device");
}

void checkShared(const char* name, const at::Tensor& x, const at::Tensor& xMax,
                 const std::optional<at::Tensor>& channelGates, std::int64_t axis)
{
    TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble ||
                    x.scalar_type() == at::kHalf || x.scalar_type() == at::kBFloat16,
                name, ": x must be float32, float64, float16 or bfloat16, not ", x.scalar_type());
    checkSmallTensor(name, "x_max", xMax, 1, x);
    if (channelGates.has_value()) {
        TORCH_CHECK(axis >= 0 && axis < x.dim(), name, ": axis must be an axis of x, which has ",
                    x.dim(), " dimensions; got ", axis);
        checkSmallTensor(name, "channel_gates", *channelGates, x.size(axis), x);
    }
}

} // namespace

void checkBayesianBitsArguments(const at::Tensor& x, const at::Tensor& xMax,
                                const at::Tensor& gates,
                                const std::optional<at::Tensor>& channelGates, std::int64_t axis)
{
    constexpr const char* kName = "bayesian_bits_quantize";
    checkShared(kName, x, xMax, channelGates, axis);
    checkSmallTensor(kName, "gates", gates, 4, x);
}

void checkPactArguments(const at::Tensor& x, const at::Tensor& xMax,
                        const std::optional<at::Tensor>& channelGates, std::int64_t axis,
                        std::int64_t bits)
{
    constexpr const char* kName = "pact_quantize";
    checkShared(kName, x, xMax, channelGates, axis);
    TORCH_CHECK(bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32, kName,
                ": bits must be 2, 4, 8, 16 or 32, not ", bits);
}

void checkUpstream(const char* name, const at::Tensor& gradient, const at::Tensor& x)
{
    TORCH_CHECK(gradient.sizes() == x.sizes(), name, ": the gradient has shape ", gradient.sizes(),
                " but x has ", x.sizes());
}

} // namespace bitloom::ops
