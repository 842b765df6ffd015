// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/channel_layout.h"
#include "core/ops/cpu/item_loops.h"
#include "core/ops/cpu/kernels.h"
#include "core/ops/fake_quantize_checks.h"

#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <vector>

namespace bitloom::ops {
namespace {

/// Scales and zero points as float arrays, and the grids they stand for.
class Grids {
public:
    Grids(const at::Tensor& scale, const at::Tensor& zeroPoint, std::int64_t quantMin,
          std::int64_t quantMax)
        : m_scale(scale.contiguous().view(-1)),
          m_zeroPoint(zeroPoint.to(at::kFloat).contiguous().view(-1)),
          m_quantMin(static_cast<float>(quantMin)), m_quantMax(static_cast<float>(quantMax))
    {
    }

    Grid at(std::int64_t channel) const
    {
        return {m_scale.const_data_ptr<float>()[channel],
                m_zeroPoint.const_data_ptr<float>()[channel], m_quantMin, m_quantMax};
    }
    GridColumns columns(std::int64_t firstChannel) const
    {
        return {m_scale.const_data_ptr<float>() + firstChannel,
                m_zeroPoint.const_data_ptr<float>() + firstChannel, m_quantMin, m_quantMax};
    }

private:
    at::Tensor m_scale;
    at::Tensor m_zeroPoint;
    float m_quantMin;
    float m_quantMax;
};

at::Tensor fakeQuantizeCpu(const at::Tensor& x, const at::Tensor& scale,
                           const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                           std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    const at::Tensor values = denseFloat(x);
    at::Tensor result = at::empty_like(values);
    const ChannelLayout layout = channelLayout(values, axis);
    const Grids grids(scale, zeroPoint, quantMin, quantMax);
    const Kernels& kernel = kernels();
    const float* in = values.const_data_ptr<float>();
    float* out = result.mutable_data_ptr<float>();
    forEachItem(WorkItems(layout), [&](const WorkItems::Item& item) {
        if (layout.inner == 1) {
            for (std::int64_t row = item.rowBegin; row < item.rowEnd; ++row) {
                const std::int64_t offset = row * layout.channels + item.channelBegin;
                kernel.forwardColumns(in + offset, out + offset,
                                      item.channelEnd - item.channelBegin,
                                      grids.columns(item.channelBegin));
            }
            return;
        }
        forEachRun(item, layout,
                   [&](std::int64_t offset, std::int64_t count, std::int64_t channel) {
                       kernel.forwardRun(in + offset, out + offset, count, grids.at(channel));
                   });
    });
    return result.to(x.scalar_type());
}

std::tuple<at::Tensor, at::Tensor>
fakeQuantizeBackwardCpu(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& scale,
                        const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                        std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    TORCH_CHECK(gradient.sizes() == x.sizes(), "fake_quantize_backward: the gradient has shape ",
                gradient.sizes(), " but x has ", x.sizes());
    const at::Tensor values = denseFloat(x);
    const at::Tensor upstream = inMemoryOrderOf(values, gradient);
    at::Tensor dx = at::empty_like(values);
    at::Tensor dscale = at::empty_like(scale, at::MemoryFormat::Contiguous);
    const ChannelLayout layout = channelLayout(values, axis);
    const Grids grids(scale, zeroPoint, quantMin, quantMax);
    const Kernels& kernel = kernels();
    const float* g = upstream.const_data_ptr<float>();
    const float* in = values.const_data_ptr<float>();
    float* out = dx.mutable_data_ptr<float>();
    const WorkItems items(layout);
    // One partial sum per slice and channel, added in slice order below: the same bits for any
    // thread count.
    std::vector<double> partial(static_cast<std::size_t>(items.slices() * layout.channels), 0.0);
    forEachItem(items, [&](const WorkItems::Item& item) {
        double* sums = partial.data() + item.slice * layout.channels;
        if (layout.inner == 1) {
            for (std::int64_t row = item.rowBegin; row < item.rowEnd; ++row) {
                const std::int64_t offset = row * layout.channels + item.channelBegin;
                kernel.backwardColumns(g + offset, in + offset, out + offset,
                                       item.channelEnd - item.channelBegin,
                                       grids.columns(item.channelBegin), sums + item.channelBegin);
            }
            return;
        }
        forEachRun(item, layout,
                   [&](std::int64_t offset, std::int64_t count, std::int64_t channel) {
                       sums[channel] += kernel.backwardRun(g + offset, in + offset, out + offset,
                                                           count, grids.at(channel));
                   });
    });
    float* total = dscale.mutable_data_ptr<float>();
    for (std::int64_t channel = 0; channel < dscale.numel(); ++channel) {
        double sum = 0;
        for (std::int64_t slice = 0; slice < items.slices(); ++slice) {
            sum += partial[static_cast<std::size_t>(slice * layout.channels + channel)];
        }
        total[channel] = static_cast<float>(sum);
    }
    return {dx.to(x.scalar_type()), dscale};
}

at::Tensor quantizeCodesCpu(const at::Tensor& x, const at::Tensor& scale,
                            const at::Tensor& zeroPoint, std::int64_t axis, std::int64_t quantMin,
                            std::int64_t quantMax)
{
    checkFakeQuantizeArguments(x, scale, zeroPoint, axis, quantMin, quantMax);
    const at::Tensor values = denseFloat(x);
    at::Tensor result = at::empty_like(values, at::kInt);
    const ChannelLayout layout = channelLayout(values, axis);
    const Grids grids(scale, zeroPoint, quantMin, quantMax);
    const Kernels& kernel = kernels();
    const float* in = values.const_data_ptr<float>();
    std::int32_t* out = result.mutable_data_ptr<std::int32_t>();
    forEachItem(WorkItems(layout), [&](const WorkItems::Item& item) {
        forEachRun(item, layout,
                   [&](std::int64_t offset, std::int64_t count, std::int64_t channel) {
                       kernel.codesRun(in + offset, out + offset, count, grids.at(channel));
                   });
    });
    return result;
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CPU, library)
{
    library.impl("fake_quantize", fakeQuantizeCpu);
    library.impl("fake_quantize_backward", fakeQuantizeBackwardCpu);
    library.impl("quantize_codes", quantizeCodesCpu);
}

} // namespace bitloom::ops
