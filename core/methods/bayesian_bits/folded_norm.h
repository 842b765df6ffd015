// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitloom::bayesian_bits {

/// Where the statistics of a folded batch normalisation come from in a training step.
enum class NormStatistics {
    Exact,         ///< of the unquantized layer: it is run beside the quantized one
    FromQuantized, ///< of the quantized layer, rescaled: half the work, not numerically equal
    Frozen,        ///< the running ones, which stay as they are
};

/// A batch normalisation that is folded into the weight of the layer before it while both train.
/// All tensors float32, one element per output channel; sigma = sqrt(variance + eps) is a constant
/// to gradients.
struct FoldedNorm {
    at::Tensor gamma;    ///< trained
    at::Tensor beta;     ///< trained
    at::Tensor mean;     ///< running, of the layer without its own bias
    at::Tensor variance; ///< running, unbiased
    double momentum = 0.1;
    double eps = 1e-5;
};

/// Output channels of a weight: along axis 0, with groups, or along axis 1 without.
struct ChannelPlace {
    std::int64_t axis = 0;
    std::int64_t groups = 1;
};

/// W * gamma / sigma.
at::Tensor foldedWeight(const at::Tensor& weight, const FoldedNorm& norm,
                        const ChannelPlace& place);
/// beta - gamma * mean / sigma.
at::Tensor foldedBias(const FoldedNorm& norm);

/// One weight that gives the quantized and the unquantized channels in one run of the layer: per
/// group first the quantized ones, then the others.
at::Tensor stackWeights(const at::Tensor& quantized, const at::Tensor& weight,
                        const ChannelPlace& place);

/// What the layer gave for stacked weights, y (batch, 2 * channels, ...), normalised:
///     out = y_q * sigma / sigma_B + (beta - gamma * mu_B / sigma_B),
/// mu_B and sigma_B = sqrt(biased variance + eps) of y_s, the unquantized half. Gradients flow to
/// y, gamma and beta, through mu_B and sigma_B too. Then the running statistics move towards
/// those of the batch, the variance unbiased.
/// Errors: InvalidArgument for a single value per channel.
at::Tensor normalizeStacked(const at::Tensor& y, FoldedNorm& norm, std::int64_t groups);

/// The same from the quantized half alone: y_s is taken for y_q * sigma / gamma. Running statistics
/// of a channel stay where its values do not vary (a pruned channel) or gamma is 0.
at::Tensor normalizeFromQuantized(const at::Tensor& quantized, FoldedNorm& norm);

} // namespace bitloom::bayesian_bits
