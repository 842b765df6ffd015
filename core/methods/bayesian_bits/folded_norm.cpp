// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/folded_norm.h"

#include "core/base/error.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/batch_norm_update_stats.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <ATen/ops/where.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

namespace bitloom::bayesian_bits {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

at::Tensor sigmaOf(const FoldedNorm& norm)
{
    return (norm.variance.detach() + norm.eps).sqrt();
}

/// One number per channel, to be combined with (batch, channels, ...).
at::Tensor alongChannels(const at::Tensor& perChannel, std::int64_t rank)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(rank), 1);
    shape[1] = -1;
    return perChannel.reshape(shape);
}

/// Every axis but that of the channels.
std::vector<std::int64_t> otherAxes(std::int64_t rank)
{
    std::vector<std::int64_t> axes{0};
    for (std::int64_t axis = 2; axis < rank; ++axis) {
        axes.push_back(axis);
    }
    return axes;
}

std::int64_t valuesPerChannel(const at::Tensor& y)
{
    const std::int64_t count = y.size(1) == 0 ? 0 : y.numel() / y.size(1);
    BITLOOM_REQUIRE(count > 1, ErrorCode::InvalidArgument,
                    "batch normalisation needs more than one value per channel to train on, found ",
                    count, "; use larger batches");
    return count;
}

/// A half of the stacked channels where it lies: (batch, groups, channels of a group, ...).
at::Tensor groupedHalfOf(const at::Tensor& y, std::int64_t groups, std::int64_t which)
{
    std::vector<std::int64_t> shape{y.size(0), groups, 2, y.size(1) / 2 / groups};
    shape.insert(shape.end(), y.sizes().begin() + 2, y.sizes().end());
    return y.view(shape).select(2, which);
}

/// The same as (batch, channels, ...), a view where there is one group.
at::Tensor halfOf(const at::Tensor& y, std::int64_t groups, std::int64_t which)
{
    std::vector<std::int64_t> shape = y.sizes().vec();
    shape[1] /= 2;
    return groupedHalfOf(y, groups, which).reshape(shape);
}

void moveRunning(FoldedNorm& norm, const at::Tensor& mean, const at::Tensor& unbiasedVariance)
{
    const at::NoGradGuard noGradients;
    norm.mean.mul_(1 - norm.momentum).add_(mean, norm.momentum);
    norm.variance.mul_(1 - norm.momentum).add_(unbiasedVariance, norm.momentum);
}

/// The normalisation of stacked channels with its gradient in closed form: autograd's own would
/// fill and add two gradients of the stacked size.
class StackedNormalization : public torch::autograd::Function<StackedNormalization> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& y,
                              const at::Tensor& gamma, const at::Tensor& beta,
                              const at::Tensor& sigma, const at::Tensor& mean,
                              const at::Tensor& biasedVariance, double eps, std::int64_t groups)
    {
        const at::Tensor inverse = (biasedVariance + eps).rsqrt();
        context->save_for_backward({y, gamma, sigma, mean, inverse});
        context->saved_data["groups"] = groups;
        return at::addcmul(alongChannels(beta - gamma * mean * inverse, y.dim()),
                           halfOf(y, groups, 0), alongChannels(sigma * inverse, y.dim()));
    }

    /// With a = sigma / sigma_B, b = beta - gamma * mu / sigma_B, r = 1 / sigma_B:
    /// dL/dr = sigma * sum(G y_q) - gamma * mu * sum(G), dL/dv = -r^3 / 2 * dL/dr,
    /// dL/dmu = -gamma * r * sum(G), and v, mu are means over the m values of y_s.
    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& y = saved[0];
        const at::Tensor& gamma = saved[1];
        const at::Tensor& sigma = saved[2];
        const at::Tensor& mean = saved[3];
        const at::Tensor& inverse = saved[4];
        const std::int64_t groups = context->saved_data["groups"].toInt();
        const at::Tensor& g = gradients[0];
        const auto axes = otherAxes(y.dim());
        const std::int64_t perChannel = g.numel() / g.size(1);
        const auto count = static_cast<double>(perChannel);

        const at::Tensor sumOfG = g.sum(axes);
        const at::Tensor sumOfGy = (g * halfOf(y, groups, 0)).sum(axes);
        const at::Tensor dInverse = sigma * sumOfGy - gamma * mean * sumOfG;
        const at::Tensor dVariance = inverse.pow(3) * dInverse * -0.5;
        const at::Tensor dMean = gamma * inverse * sumOfG * -1.0;

        at::Tensor dy = at::empty_like(y);
        at::Tensor ofQuantized = groupedHalfOf(dy, groups, 0);
        const auto grouped = [&](const at::Tensor& channels) { // to be combined with a half
            std::vector<std::int64_t> shape(static_cast<std::size_t>(ofQuantized.dim()), 1);
            shape[1] = groups;
            shape[2] = -1;
            return channels.reshape(shape);
        };
        at::mul_out(ofQuantized, g.reshape(ofQuantized.sizes()), grouped(sigma * inverse));
        const at::Tensor slope = dVariance * (2.0 / count);
        const at::Tensor offset = dMean / count - slope * mean;
        at::Tensor ofPlain = groupedHalfOf(dy, groups, 1);
        at::addcmul_out(ofPlain, grouped(offset), groupedHalfOf(y, groups, 1), grouped(slope));
        return {dy,         sumOfG * mean * inverse * -1.0,
                sumOfG,     Variable(),
                Variable(), Variable(),
                Variable(), Variable()};
    }
};

/// The normalisation of a quantized layer by its own statistics, with its gradient in closed form:
/// batch normalisation with an epsilon of each channel's own.
class QuantizedNormalization : public torch::autograd::Function<QuantizedNormalization> {
public:
    /// varies: channels that are normalised; the others are shifted by shift alone.
    static at::Tensor forward(AutogradContext* context, const at::Tensor& y,
                              const at::Tensor& gamma, const at::Tensor& beta,
                              const at::Tensor& sigma, const at::Tensor& runningMean,
                              const at::Tensor& mean, const at::Tensor& biasedVariance,
                              const at::Tensor& varies, double eps)
    {
        // sigma_B^2 = variance * (sigma / gamma)^2 + eps, so |gamma| / sqrt(variance + e) with
        const at::Tensor ownEps = eps * (gamma / sigma).square();
        const at::Tensor inverse = (at::where(varies, biasedVariance, 1) + ownEps).rsqrt();
        context->save_for_backward({y, gamma, sigma, runningMean, mean, inverse, varies});
        context->saved_data["eps"] = eps;
        const at::Tensor scale = at::where(varies, gamma.abs() * inverse, 1);
        const at::Tensor shift =
            beta - at::where(varies, mean * scale, gamma * runningMean / sigma);
        return at::addcmul(alongChannels(shift, y.dim()), y, alongChannels(scale, y.dim()));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& y = saved[0];
        const at::Tensor& gamma = saved[1];
        const at::Tensor& sigma = saved[2];
        const at::Tensor& runningMean = saved[3];
        const at::Tensor& mean = saved[4];
        const at::Tensor& inverse = saved[5];
        const at::Tensor& varies = saved[6];
        const double eps = context->saved_data["eps"].toDouble();
        const at::Tensor& g = gradients[0];
        // Of batch normalisation: its gradients need sums and 1 / sqrt(variance + e), no epsilon.
        auto [dy, sumOfGNormal, sumOfG] = at::native_batch_norm_backward(
            g.contiguous(), y, gamma.abs(), {}, {}, mean, inverse, true, 0, {true, true, true});
        // Looked at where it costs no wait for a device.
        if (y.is_cuda() || !varies.all().item<bool>()) {
            dy = at::where(alongChannels(varies, y.dim()), dy, g);
        }
        const at::Tensor ofScale =
            gamma.sign() - gamma.abs() * gamma * (inverse / sigma).square() * eps;
        const at::Tensor dGamma =
            at::where(varies, sumOfGNormal * ofScale, sumOfG * runningMean / sigma * -1.0);
        return {dy,         dGamma,     sumOfG,     Variable(), Variable(),
                Variable(), Variable(), Variable(), Variable()};
    }
};

} // namespace

at::Tensor foldedWeight(const at::Tensor& weight, const FoldedNorm& norm, const ChannelPlace& place)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
    shape[static_cast<std::size_t>(place.axis)] = -1;
    return weight * (norm.gamma / sigmaOf(norm)).reshape(shape);
}

at::Tensor foldedBias(const FoldedNorm& norm)
{
    // The quotient is a tensor of its own: the running mean moves before gradients are taken.
    return norm.beta - norm.gamma * (norm.mean.detach() / sigmaOf(norm));
}

at::Tensor stackWeights(const at::Tensor& quantized, const at::Tensor& weight,
                        const ChannelPlace& place)
{
    if (place.groups == 1) {
        return at::cat({quantized, weight}, place.axis);
    }
    BITLOOM_ASSERT(place.axis == 0);
    std::vector<std::int64_t> grouped{place.groups, weight.size(0) / place.groups};
    grouped.insert(grouped.end(), weight.sizes().begin() + 1, weight.sizes().end());
    std::vector<std::int64_t> shape = weight.sizes().vec();
    shape[0] *= 2;
    return at::cat({quantized.reshape(grouped), weight.reshape(grouped)}, 1).reshape(shape);
}

at::Tensor normalizeStacked(const at::Tensor& y, FoldedNorm& norm, std::int64_t groups)
{
    const at::Tensor plain = halfOf(y.detach(), groups, 1);
    const auto count = static_cast<double>(valuesPerChannel(plain));
    const auto [mean, variance] = at::batch_norm_update_stats(plain, {}, {}, 0);
    const at::Tensor result = StackedNormalization::apply(y, norm.gamma, norm.beta, sigmaOf(norm),
                                                          mean, variance, norm.eps, groups);
    moveRunning(norm, mean, variance * (count / (count - 1)));
    return result;
}

at::Tensor normalizeFromQuantized(const at::Tensor& quantized, FoldedNorm& norm)
{
    const auto count = static_cast<double>(valuesPerChannel(quantized));
    const at::Tensor values = quantized.detach().contiguous();
    const auto [mean, variance] = at::batch_norm_update_stats(values, {}, {}, 0);
    const at::Tensor sigma = sigmaOf(norm);
    const at::Tensor gamma = norm.gamma.detach();
    // A channel without variation is the constant that its beta and running mean make of it.
    const at::Tensor varies = (variance > 0).logical_and(gamma != 0);
    const at::Tensor result =
        QuantizedNormalization::apply(quantized, norm.gamma, norm.beta, sigma,
                                      norm.mean.detach().clone(), mean, variance, varies, norm.eps);
    const at::Tensor ratio = sigma / gamma;
    moveRunning(
        norm, at::where(varies, mean * ratio, norm.mean),
        at::where(varies, variance * ratio.square() * (count / (count - 1)), norm.variance));
    return result;
}

} // namespace bitloom::bayesian_bits
