// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// nvcc compiles it for the device too.
#include "core/ops/hard_concrete.h"

namespace bitloom::ops {

/// The regulariser of one quantizer and its derivatives, in double from probabilities in float32.
struct LevelPrices {
    double price;
    double levelSlope[4]; ///< to the logits of 4, 8, 16 and 32 bits
    double meanSlope;     ///< to the mean probability of the channels
};

/// levelLogits: those of 4, 8, 16 and 32 bits; weights: B2 .. B32; mean: of the probabilities of
/// the channels, not looked at where there are none.
BITLOOM_HOST_DEVICE inline LevelPrices levelPrices(const float* levelLogits, const float* weights,
                                                   bool hasChannels, double mean)
{
    constexpr int kLevels = 4;
    double p[kLevels];
    for (int j = 0; j < kLevels; ++j) {
        p[j] = static_cast<double>(probabilityOn(levelLogits[j]));
    }
    // From the highest level down: what an open gate costs together with all that it lets in.
    double open[kLevels];
    open[kLevels - 1] = static_cast<double>(weights[kLevels]);
    for (int j = kLevels - 2; j >= 0; --j) {
        open[j] = static_cast<double>(weights[j + 1]) + p[j + 1] * open[j + 1];
    }
    const double m = hasChannels ? mean : 1.0;
    const double base = hasChannels ? static_cast<double>(weights[0]) : 1.0;
    LevelPrices prices{};
    prices.meanSlope = hasChannels ? base + p[0] * open[0] : 0.0;
    prices.price = base * m + m * p[0] * open[0];
    double before = m;
    for (int j = 0; j < kLevels; ++j) {
        prices.levelSlope[j] = before * open[j] * p[j] * (1.0 - p[j]);
        before *= p[j];
    }
    return prices;
}

} // namespace bitloom::ops
