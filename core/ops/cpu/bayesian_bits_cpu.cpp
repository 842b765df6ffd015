// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_checks.h"
#include "core/ops/bayesian_bits_scales.h"
#include "core/ops/channel_layout.h"
#include "core/ops/cpu/bayesian_bits_kernels.h"
#include "core/ops/cpu/item_loops.h"
#include "core/ops/fake_quantize_checks.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <optional>
#include <vector>

namespace bitloom::ops {
namespace {

using OptionalTensor = std::optional<at::Tensor>;

/// Runs of one channel shorter than this are gathered first: a register should be filled.
constexpr std::int64_t kShortestRun = 8;

/// The grid of a tensor, with each channel's own gate.
class ChannelGrids {
public:
    ChannelGrids(const ResidualGrid& grid, const OptionalTensor& channelGates) : m_grid(grid)
    {
        if (channelGates) {
            m_channelGates = channelGates->contiguous().view(-1);
            m_grid.hasChannelGate = true;
        }
    }

    ResidualGrid at(std::int64_t channel) const
    {
        ResidualGrid grid = m_grid;
        if (m_channelGates.defined()) {
            grid.channelGate = m_channelGates.const_data_ptr<float>()[channel];
        }
        return grid;
    }

private:
    ResidualGrid m_grid;
    at::Tensor m_channelGates;
};

ResidualGrid decomposedGridOf(const at::Tensor& xMax, const at::Tensor& gates, bool isSigned)
{
    const at::Tensor values = gates.contiguous();
    return decomposedGrid(*xMax.const_data_ptr<float>(), values.const_data_ptr<float>(), isSigned);
}

/// Puts the channels first where their elements lie one by one; the axis is then 0. Returns whether
/// it did so.
bool gatherChannels(at::Tensor& values, std::int64_t& axis)
{
    const ChannelLayout layout = channelLayout(values, axis);
    if (layout.channels == 1 || layout.inner >= kShortestRun) {
        return false;
    }
    values = values.movedim(axis, 0).contiguous();
    axis = 0;
    return true;
}

at::Tensor quantizeForward(const at::Tensor& x, const ResidualGrid& grid,
                           const OptionalTensor& channelGates, std::int64_t axis)
{
    at::Tensor values = denseFloat(x);
    at::Tensor result = at::empty_like(values);
    std::int64_t channelAxis = channelGates ? axis : -1;
    const bool gathered = gatherChannels(values, channelAxis);
    at::Tensor quantized = gathered ? at::empty_like(values) : result;
    const ChannelLayout layout = channelLayout(values, channelAxis);
    const ChannelGrids grids(grid, channelGates);
    const BayesianBitsKernels& kernel = bayesianBitsKernels();
    const float* in = values.const_data_ptr<float>();
    float* out = quantized.mutable_data_ptr<float>();
    forEachItem(WorkItems(layout), [&](const WorkItems::Item& item) {
        forEachRun(item, layout,
                   [&](std::int64_t offset, std::int64_t count, std::int64_t channel) {
                       kernel.forwardRun(in + offset, out + offset, count, grids.at(channel));
                   });
    });
    if (gathered) {
        result.copy_(quantized.movedim(0, axis));
    }
    return result.to(x.scalar_type());
}

/// dx, and the sums of each channel.
struct ResidualGradients {
    at::Tensor dx;
    std::vector<ResidualSums> channels;
};

void add(ResidualSums& total, const ResidualSums& part)
{
    total.range += part.range;
    total.value += part.value;
    for (int j = 0; j + 1 < kMaxResidualLevels; ++j) {
        total.level[j] += part.level[j];
    }
}

ResidualGradients quantizeBackward(const at::Tensor& gradient, const at::Tensor& x,
                                   const ResidualGrid& grid, const OptionalTensor& channelGates,
                                   std::int64_t axis)
{
    at::Tensor values = denseFloat(x);
    at::Tensor result = at::empty_like(values);
    std::int64_t channelAxis = channelGates ? axis : -1;
    const bool gathered = gatherChannels(values, channelAxis);
    const at::Tensor upstream =
        inMemoryOrderOf(values, gathered ? gradient.movedim(axis, 0) : gradient);
    at::Tensor dx = gathered ? at::empty_like(values) : result;
    const ChannelLayout layout = channelLayout(values, channelAxis);
    const ChannelGrids grids(grid, channelGates);
    const BayesianBitsKernels& kernel = bayesianBitsKernels();
    const float* g = upstream.const_data_ptr<float>();
    const float* in = values.const_data_ptr<float>();
    float* out = dx.mutable_data_ptr<float>();
    const WorkItems items(layout);
    // One partial sum per slice and channel, added in slice order below: the same bits for any
    // thread count.
    const auto numChannels = static_cast<std::size_t>(layout.channels);
    std::vector<ResidualSums> partial(static_cast<std::size_t>(items.slices()) * numChannels);
    forEachItem(items, [&](const WorkItems::Item& item) {
        ResidualSums* sums = partial.data() + item.slice * layout.channels;
        forEachRun(item, layout,
                   [&](std::int64_t offset, std::int64_t count, std::int64_t channel) {
                       kernel.backwardRun(g + offset, in + offset, out + offset, count,
                                          grids.at(channel), sums[channel]);
                   });
    });
    ResidualGradients backward;
    // Of an empty tensor the layout has no channels.
    backward.channels.resize(channelGates ? static_cast<std::size_t>(channelGates->numel()) : 1);
    for (std::size_t i = 0; i < partial.size(); ++i) {
        add(backward.channels[i % numChannels], partial[i]);
    }
    if (gathered) {
        result.copy_(dx.movedim(0, axis));
    }
    backward.dx = result.to(x.scalar_type());
    return backward;
}

/// The sums of all channels, each weighted with its gate.
ResidualSums weightedTotal(const std::vector<ResidualSums>& channels, const ChannelGrids& grids)
{
    ResidualSums total{};
    for (std::size_t channel = 0; channel < channels.size(); ++channel) {
        const double gate = grids.at(static_cast<std::int64_t>(channel)).channelGate;
        total.range += gate * channels[channel].range;
        for (int j = 0; j + 1 < kMaxResidualLevels; ++j) {
            total.level[j] += gate * channels[channel].level[j];
        }
    }
    return total;
}

at::Tensor rangeGradient(const ResidualSums& total, const at::Tensor& xMax)
{
    at::Tensor result = at::empty_like(xMax, at::MemoryFormat::Contiguous);
    const double range = *xMax.const_data_ptr<float>();
    *result.mutable_data_ptr<float>() = static_cast<float>(total.range / range);
    return result;
}

/// dL/dz_j has the gates before z_j as factors.
at::Tensor gateGradient(const ResidualSums& total, const ResidualGrid& grid,
                        const at::Tensor& gates)
{
    at::Tensor result = at::empty_like(gates, at::MemoryFormat::Contiguous);
    float* out = result.mutable_data_ptr<float>();
    double before = 1.0;
    for (int j = 0; j + 1 < kMaxResidualLevels; ++j) {
        out[j] = j + 1 < grid.levels ? static_cast<float>(before * total.level[j]) : 0.0F;
        before *= grid.gate[j];
    }
    return result;
}

at::Tensor channelGateGradient(const std::vector<ResidualSums>& channels,
                               const OptionalTensor& channelGates, const at::Tensor& xMax)
{
    if (!channelGates) {
        return at::empty({0}, xMax.options());
    }
    at::Tensor result = at::empty_like(*channelGates, at::MemoryFormat::Contiguous);
    float* out = result.mutable_data_ptr<float>();
    for (std::int64_t channel = 0; channel < result.numel(); ++channel) {
        out[channel] = static_cast<float>(channels[static_cast<std::size_t>(channel)].value);
    }
    return result;
}

at::Tensor bayesianBitsCpu(const at::Tensor& x, const at::Tensor& xMax, const at::Tensor& gates,
                           const OptionalTensor& channelGates, std::int64_t axis, bool isSigned)
{
    checkBayesianBitsArguments(x, xMax, gates, channelGates, axis);
    return quantizeForward(x, decomposedGridOf(xMax, gates, isSigned), channelGates, axis);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor>
bayesianBitsBackwardCpu(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                        const at::Tensor& gates, const OptionalTensor& channelGates,
                        std::int64_t axis, bool isSigned)
{
    checkBayesianBitsArguments(x, xMax, gates, channelGates, axis);
    checkUpstream("bayesian_bits_quantize_backward", gradient, x);
    const ResidualGrid grid = decomposedGridOf(xMax, gates, isSigned);
    const ResidualGradients backward = quantizeBackward(gradient, x, grid, channelGates, axis);
    const ResidualSums total = weightedTotal(backward.channels, ChannelGrids(grid, channelGates));
    return {backward.dx, rangeGradient(total, xMax), gateGradient(total, grid, gates),
            channelGateGradient(backward.channels, channelGates, xMax)};
}

at::Tensor pactCpu(const at::Tensor& x, const at::Tensor& xMax, const OptionalTensor& channelGates,
                   std::int64_t axis, std::int64_t bits, bool isSigned)
{
    checkPactArguments(x, xMax, channelGates, axis, bits);
    const ResidualGrid grid =
        singleStepGrid(*xMax.const_data_ptr<float>(), static_cast<int>(bits), isSigned);
    return quantizeForward(x, grid, channelGates, axis);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
pactBackwardCpu(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& xMax,
                const OptionalTensor& channelGates, std::int64_t axis, std::int64_t bits,
                bool isSigned)
{
    checkPactArguments(x, xMax, channelGates, axis, bits);
    checkUpstream("pact_quantize_backward", gradient, x);
    const ResidualGrid grid =
        singleStepGrid(*xMax.const_data_ptr<float>(), static_cast<int>(bits), isSigned);
    const ResidualGradients backward = quantizeBackward(gradient, x, grid, channelGates, axis);
    const ResidualSums total = weightedTotal(backward.channels, ChannelGrids(grid, channelGates));
    return {backward.dx, rangeGradient(total, xMax),
            channelGateGradient(backward.channels, channelGates, xMax)};
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CPU, library)
{
    library.impl("bayesian_bits_quantize", bayesianBitsCpu);
    library.impl("bayesian_bits_quantize_backward", bayesianBitsBackwardCpu);
    library.impl("pact_quantize", pactCpu);
    library.impl("pact_quantize_backward", pactBackwardCpu);
}

} // namespace bitloom::ops
