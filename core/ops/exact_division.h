// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// nvcc compiles it for the device too.
#include "core/ops/host_device.h"

#include <cmath>

namespace bitloom::ops {

/// Divisors for which divideByReciprocal() is exact, with room for quotients whose whole part
/// matters (from 2^-2): neither the reciprocal nor a remainder leaves float32.
inline constexpr float kSmallestExactDivisor = 1.0F / 1.8446744e19F; // 2^-64
inline constexpr float kLargestExactDivisor = 1.8446744e19F;         // 2^64

/// value / divisor, correctly rounded, from reciprocal = 1 / divisor (correctly rounded too): two
/// corrections by the exact remainder. On a GPU this takes half the instructions of a division.
/// Quotients too small for their remainder to be exact may be off, but stay as small.
///
/// Source: Markstein, "Computation of elementary functions on the IBM RISC System/6000 processor",
/// IBM J. Res. Dev. 34, 1990: after one correction the quotient is within an ulp, and one more
/// then rounds it correctly.
BITLOOM_HOST_DEVICE inline float divideByReciprocal(float value, float divisor, float reciprocal)
{
    float quotient = value * reciprocal;
    quotient = std::fma(std::fma(-quotient, divisor, value), reciprocal, quotient);
    return std::fma(std::fma(-quotient, divisor, value), reciprocal, quotient);
}

} // namespace bitloom::ops
