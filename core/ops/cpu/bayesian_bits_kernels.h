// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only plain C headers here: this file is compiled with AVX flags too (see
// core/ops/CMakeLists.txt).
#include "core/ops/bayesian_bits_grid.h"

#include <stdint.h>

namespace bitloom {
enum class Isa;
}

namespace bitloom::ops {

/// Sums over elements from which the gradients to range and gates are made; g is dL/dy, v_j what
/// stands in the parenthesis of level j: v_j = x_j + gate[j] * v_(j+1).
struct ResidualSums {
    double range;                         ///< of g * (v_0 - x_c), of g * v_0 where x is clipped
    double value;                         ///< of g * v_0; stays 0 without a channel gate
    double level[kMaxResidualLevels - 1]; ///< [j] of g * v_(j+1); stays 0 for levels that are off
};

/// Inner loops over contiguous runs, one table per instruction set; bayesian_bits_scalar.cpp is the
/// reference that says what they compute. Sums keep 8 lanes in double (element i goes to lane i %
/// 8) that are added pairwise at the end (lane j + lane j+4, then +2, +1), so every table gives the
/// same bits. A product of two floats is exact in double, so a fused multiply-add changes nothing
/// there.
struct BayesianBitsKernels {
    void (*forwardRun)(const float* x, float* y, int64_t count, const ResidualGrid& grid);
    /// dx = g * channelGate where x is inside the range, else 0; adds to sums.
    void (*backwardRun)(const float* g, const float* x, float* dx, int64_t count,
                        const ResidualGrid& grid, ResidualSums& sums);
};

/// The table of the active instruction set.
const BayesianBitsKernels& bayesianBitsKernels();
/// The table of one instruction set; isa must be available.
const BayesianBitsKernels& bayesianBitsKernelsFor(Isa isa);

extern const BayesianBitsKernels kBayesianBitsScalar;
extern const BayesianBitsKernels kBayesianBitsAvx2;
extern const BayesianBitsKernels kBayesianBitsAvx512;

} // namespace bitloom::ops
