// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Not for files compiled with AVX flags: it has inline code. nvcc compiles it for the device.
#include "core/ops/bayesian_bits_grid.h"
#include "core/ops/host_device.h"

namespace bitloom::ops {

/// float32(1 - 1e-7): keeps the top of the range from rounding to a level that does not exist.
inline constexpr float kRangeShrink = 0.99999988079071045F;

/// Range and step sizes, all in float32 and by successive true divisions: s2 = (x_max - x_min) / 3,
/// s4 = s2 / 5, s8 = s4 / 17, s16 = s8 / 257, s32 = s16 / 65537, so s_b = (1 + signed) * x_max /
/// (2^b - 1). No gate yet: one level, no channel gate.
BITLOOM_HOST_DEVICE inline ResidualGrid residualScales(float xMax, bool isSigned)
{
    ResidualGrid grid{};
    grid.high = kRangeShrink * xMax;
    grid.low = isSigned ? -grid.high : 0.0F;
    grid.span = grid.high - grid.low;
    const float xMin = isSigned ? -xMax : 0.0F;
    grid.scale[0] = (xMax - xMin) / 3.0F;
    grid.scale[1] = grid.scale[0] / 5.0F;
    grid.scale[2] = grid.scale[1] / 17.0F;
    grid.scale[3] = grid.scale[2] / 257.0F;
    grid.scale[4] = grid.scale[3] / 65537.0F;
    grid.channelGate = 1.0F;
    grid.levels = 1;
    return grid;
}

/// The decomposed quantizer with gates z4, z8, z16, z32; a level is off as soon as its gate or one
/// before it is exactly 0.
BITLOOM_HOST_DEVICE inline ResidualGrid decomposedGrid(float xMax, const float* gates,
                                                       bool isSigned)
{
    ResidualGrid grid = residualScales(xMax, isSigned);
    while (grid.levels < kMaxResidualLevels && gates[grid.levels - 1] != 0.0F) {
        grid.gate[grid.levels - 1] = gates[grid.levels - 1];
        ++grid.levels;
    }
    grid.tail = grid.levels < kMaxResidualLevels ? 0.0F : -0.0F;
    return grid;
}

/// The plain quantizer of one step, bits = 2, 4, 8, 16 or 32.
BITLOOM_HOST_DEVICE inline ResidualGrid singleStepGrid(float xMax, int bits, bool isSigned)
{
    ResidualGrid grid = residualScales(xMax, isSigned);
    const int level = bits == 2 ? 0 : bits == 4 ? 1 : bits == 8 ? 2 : bits == 16 ? 3 : 4;
    grid.scale[0] = grid.scale[level];
    grid.tail = -0.0F;
    return grid;
}

} // namespace bitloom::ops
