// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plain data only: this file is compiled with AVX flags and by nvcc too.

namespace bitloom::ops {

inline constexpr int kMaxResidualLevels = 5; ///< 2, 4, 8, 16 and 32 bits

/// One decomposed quantizer: what stays the same from element to element.
///
///     x_c = clip(x),  x_0 = scale[0] * rne(x_c / scale[0]),
///     x_j = scale[j] * rne((x_c - x_0 - .. - x_(j-1)) / scale[j])
///     y   = channelGate * (x_0 + gate[0] * (x_1 + gate[1] * (x_2 + ..)))
///
/// with the clip in PACT's form, t = relu(x - low), t = relu(span - t), x_c = high - t. With one
/// level this is a plain quantizer of a single step.
struct ResidualGrid {
    float high; ///< (1 - 2^-23) * x_max
    float low;  ///< -high, or 0 if unsigned
    float span; ///< high - low
    float scale[kMaxResidualLevels];
    float gate[kMaxResidualLevels - 1]; ///< gate[j] lets level j + 1 in
    float channelGate;                  ///< 1 where there is none
    /// Added to the last level: +0 where levels beyond it are off, which makes their -0 a +0 as in
    /// x_j + gate * 0; -0, which changes nothing, where there are none.
    float tail;
    int levels; ///< 1 .. kMaxResidualLevels: those beyond are off
    bool hasChannelGate;
};

} // namespace bitloom::ops
