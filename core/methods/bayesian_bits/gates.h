// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/bit_operations.h"
#include "core/methods/bayesian_bits/quantizer_sites.h"
#include "core/methods/bayesian_bits/regulariser_weights.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace bitloom::bayesian_bits {

/// How open gates are while training.
enum class Gating {
    Stochastic,    ///< sampled from the hard concrete distribution, anew in each step
    Deterministic, ///< the distribution's value without noise
};

/// A logit at or below it is cut while training: its gate and all higher ones are exactly 0, and
/// only the regulariser still touches it, which pushes down. So it never comes back.
inline constexpr double kAbsorbingLogit = -2;
/// K = 2/3 * ln(0.1 / 1.1): a gate is nonzero with probability sigmoid(logit - K).
inline constexpr double kHardConcreteOffset = -1.598596848532247;
/// A gate is open in evaluation if the probability of being nonzero is above 1 - 0.34.
inline constexpr double kOpenProbability = 0.66;

/// All gates of a network, one tensor per kind, so that a step handles them in a few operators.
struct Gates {
    at::Tensor levels;   ///< (quantizers, 4): 4, 8, 16 and 32 bits
    at::Tensor channels; ///< (all prunable channels), quantizer by quantizer
};

/// Which channel gates belong to which quantizer.
class GateLayout {
public:
    GateLayout(const QuantizerSites& sites, c10::Device device);

    std::int64_t quantizers() const { return static_cast<std::int64_t>(m_channels.size()); }
    std::int64_t channels() const { return m_totalChannels; }
    /// Channels of each quantizer, 0 for those without.
    const std::vector<std::int64_t>& channelsOf() const { return m_channels; }

    /// Mean over the channels of each quantizer, 1 without channels: (quantizers).
    at::Tensor channelMeans(const at::Tensor& perChannel) const;

private:
    std::vector<std::int64_t> m_channels;
    std::int64_t m_totalChannels = 0;
    at::Tensor m_owner;     ///< (channels) int64: the quantizer
    at::Tensor m_share;     ///< (channels): 1 / channels of the owner
    at::Tensor m_constants; ///< (quantizers): 1 without channels
};

/// The gates of one training step: z = clamp(1.2 * sigmoid((ln u - ln(1 - u) + logit) / (2/3)) -
/// 0.1, 0, 1), without the logarithms if deterministic; cut levels are 0. uniform holds numbers in
/// [0, 1) of the same shapes; it is not read if deterministic. Differentiable in the logits.
Gates trainingGates(const Gates& logits, const Gates& uniform, Gating gating);

/// The gates in evaluation, each 0 or 1: open if nonzero with a probability above kOpenProbability.
Gates evaluationGates(const Gates& logits);

/// Probabilities of being nonzero.
Gates openProbabilities(const Gates& logits);

/// sum over quantizers of B2 m + B4 m p4 + B8 m p4 p8 + ..., m the mean probability of the
/// channels; the first term is 1 and m is 1 for a quantizer without channel gates. weights:
/// (quantizers, 5). A scalar, differentiable in the logits.
at::Tensor gateRegulariser(const Gates& logits, const at::Tensor& weights,
                           const GateLayout& layout);

/// sum over quantizers of prices (quantizers) times their channels' mean probability, for widths
/// that are given: prices are 0 for quantizers without channel gates.
at::Tensor channelRegulariser(const Gates& logits, const at::Tensor& prices,
                              const GateLayout& layout);

/// The regulariser's weights as a tensor (quantizers, 5), float32.
at::Tensor weightsTensor(const std::vector<LevelWeights>& weights, const GateLayout& layout,
                         c10::Device device);

/// Widths and kept channels of gates that are 0 or 1: a level counts only if all lower ones are
/// open. On the CPU.
std::vector<QuantizerWidth> widthsOf(const Gates& gates, const GateLayout& layout);

/// The same for probabilities.
std::vector<GateProbabilities> probabilitiesOf(const Gates& probabilities,
                                               const GateLayout& layout);

} // namespace bitloom::bayesian_bits
