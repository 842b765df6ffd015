// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/meta_kernels.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace bitloom::graph {
namespace {

std::int64_t along(at::IntArrayRef values, std::size_t axis)
{
    return values.size() == 1 ? values[0] : values.at(axis);
}

/// Output size of one axis of a convolution, as in PyTorch's documentation of Conv2d and
/// ConvTranspose2d.
std::int64_t convolved(std::int64_t size, std::int64_t kernel, std::int64_t stride,
                       std::int64_t padding, std::int64_t dilation, bool transposed,
                       std::int64_t outputPadding)
{
    const std::int64_t reach = dilation * (kernel - 1) + 1;
    TORCH_CHECK(stride > 0, "stride ", stride);
    if (transposed) {
        return (size - 1) * stride - 2 * padding + reach + outputPadding;
    }
    TORCH_CHECK(size + 2 * padding >= reach, "a kernel of ", reach, " on ", size, " values");
    return (size + 2 * padding - reach) / stride + 1;
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight,
                       const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                       at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef outputPadding, std::int64_t groups)
{
    TORCH_CHECK(input.dim() == weight.dim() && input.dim() > 2 && groups > 0, "a weight of ",
                weight.dim(), " dimensions for an input of ", input.dim());
    TORCH_CHECK(input.scalar_type() == weight.scalar_type(), "an input of type ",
                input.scalar_type(), " for a weight of type ", weight.scalar_type());
    const std::int64_t inChannels = transposed ? weight.size(0) : weight.size(1) * groups;
    const std::int64_t outChannels = transposed ? weight.size(1) * groups : weight.size(0);
    TORCH_CHECK(input.size(1) == inChannels, input.size(1), " channels for a weight of ",
                inChannels);
    TORCH_CHECK(!bias || !bias->defined() || bias->numel() == outChannels, "a bias of ",
                bias->numel(), " values for ", outChannels, " channels");
    std::vector<std::int64_t> shape{input.size(0), outChannels};
    for (std::int64_t axis = 2; axis < input.dim(); ++axis) {
        const auto i = static_cast<std::size_t>(axis - 2);
        shape.push_back(convolved(input.size(axis), weight.size(axis), along(stride, i),
                                  along(padding, i), along(dilation, i), transposed,
                                  along(outputPadding, i)));
    }
    return at::empty(shape, input.options());
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
batchNorm(const at::Tensor& input, const std::optional<at::Tensor>& weight,
          const std::optional<at::Tensor>& bias, const std::optional<at::Tensor>& mean,
          const std::optional<at::Tensor>& variance, bool training, double, double)
{
    for (const auto& each : {weight, bias, mean, variance}) {
        TORCH_CHECK(!each || !each->defined() || each->numel() == input.size(1), "statistics of ",
                    each->numel(), " channels for an input of ", input.size(1));
    }
    const std::int64_t saved = training ? input.size(1) : 0;
    return {at::empty_like(input), at::empty({saved}, input.options()),
            at::empty({saved}, input.options())};
}

at::Tensor hardtanh(const at::Tensor& input, const at::Scalar&, const at::Scalar&)
{
    return at::empty_like(input);
}

at::Tensor adaptiveAveragePool(const at::Tensor& input, at::IntArrayRef outputSize)
{
    TORCH_CHECK(outputSize.size() == 2 && (input.dim() == 3 || input.dim() == 4), "an input of ",
                input.dim(), " dimensions");
    std::vector<std::int64_t> shape(input.sizes().begin(), input.sizes().end() - 2);
    shape.insert(shape.end(), outputSize.begin(), outputSize.end());
    return at::empty(shape, input.options());
}

} // namespace

void registerMetaKernels()
{
    static const torch::Library library = [] {
        torch::Library meta(torch::Library::IMPL, "aten", c10::DispatchKey::Meta, __FILE__,
                            __LINE__);
        meta.impl("convolution", TORCH_FN(convolution));
        meta.impl("native_batch_norm", TORCH_FN(batchNorm));
        meta.impl("hardtanh", TORCH_FN(hardtanh));
        meta.impl("_adaptive_avg_pool2d", TORCH_FN(adaptiveAveragePool));
        return meta;
    }();
}

} // namespace bitloom::graph
