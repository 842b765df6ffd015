// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// nvcc compiles it for the device too.
#include "core/ops/host_device.h"

#include <cmath>

namespace bitloom::ops {

/// The hard concrete distribution of a gate z in [0, 1] with logit g. In float32 like the published
/// code: near a closed or open gate 1 - sigmoid(g) keeps few digits, and results that are to agree
/// with published ones have to lose the same digits.
///
/// Source: Louizos et al., "Learning Sparse Neural Networks through L0 Regularization", ICLR 2018;
/// van Baalen et al., "Bayesian Bits", NeurIPS 2020. Differs: nothing.
inline constexpr double kConcreteBeta = 2.0 / 3.0;
inline constexpr double kConcreteGamma = -0.1;
inline constexpr double kConcreteZeta = 1.1;
/// beta * ln(-gamma / zeta)
inline constexpr double kConcreteOffset = -1.598596848532247;
/// A gate is on in evaluation iff it is 0 with a probability under this.
inline constexpr double kGateOffThreshold = 0.34;
/// The same as a logit: kConcreteOffset - ln(0.34 / 0.66). On iff the logit lies above.
inline constexpr double kGateOnLogit = -0.9353026311219829;
/// A level's logit at or under this switches its level and all higher ones off in training. Only
/// the regulariser then moves it, and only downwards: the state is absorbing.
inline constexpr float kAbsorbingLogit = -2.0F;

/// A gate and its derivative to the logit.
struct GateValue {
    float z;
    float slope;
};

BITLOOM_HOST_DEVICE inline float sigmoid(float value)
{
    return 1.0F / (1.0F + std::exp(-value));
}

/// The probability that the gate is not 0.
BITLOOM_HOST_DEVICE inline float probabilityOn(float logit)
{
    return sigmoid(logit - static_cast<float>(kConcreteOffset));
}

/// The sigmoid s of a concrete variable, stretched to [gamma, zeta] and cut to [0, 1].
BITLOOM_HOST_DEVICE inline GateValue stretchedGate(float s)
{
    constexpr auto kSpread = static_cast<float>(kConcreteZeta - kConcreteGamma);
    const float stretched = kSpread * s + static_cast<float>(kConcreteGamma);
    if (stretched < 0.0F) {
        return {0.0F, 0.0F};
    }
    if (stretched > 1.0F) {
        return {1.0F, 0.0F};
    }
    return {stretched, kSpread * s * (1.0F - s) / static_cast<float>(kConcreteBeta)};
}

/// A sample, from u uniform in [0, 1).
BITLOOM_HOST_DEVICE inline GateValue stochasticGate(float logit, float u)
{
    const float noise = std::log(u) - std::log(1.0F - u);
    return stretchedGate(sigmoid((noise + logit) / static_cast<float>(kConcreteBeta)));
}

/// The gate without noise.
BITLOOM_HOST_DEVICE inline GateValue fixedGate(float logit)
{
    return stretchedGate(sigmoid(logit / static_cast<float>(kConcreteBeta)));
}

/// 0 or 1.
BITLOOM_HOST_DEVICE inline GateValue evaluationGate(float logit)
{
    return {static_cast<double>(logit) > kGateOnLogit ? 1.0F : 0.0F, 0.0F};
}

} // namespace bitloom::ops
