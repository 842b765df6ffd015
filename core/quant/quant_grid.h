// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/quant_spec.h"

#include <array>
#include <cstdint>

namespace bitloom {

/// Scale and zero point of one tensor or channel.
struct ScaleZero {
    float scale = 1.0F;
    std::int32_t zeroPoint = 0;
    bool operator==(const ScaleZero&) const = default;
};

/// Smallest and largest code: affine 0 .. 2^b-1, symmetric -2^(b-1) .. 2^(b-1)-1, narrow from
/// -(2^(b-1)-1) on.
struct CodeRange {
    std::int32_t min = 0;
    std::int32_t max = 0;
};

/// Errors: InvalidArgument for bits outside 1..16 and for 1-bit symmetric, which would have the
/// single level 0 and one negative level.
CodeRange codeRange(int bits, QScheme scheme, bool narrow = false);

/// Arithmetic in which a range becomes a scale. Both exist because reference results depend on it
/// in the last bit.
enum class RangeArithmetic { Double, Float32 };

/// The grid over [low, high] as it stands ("raw").
///
/// Affine:    scale = (high - low) / (2^b - 1), zeroPoint = rne(-low / scale). Zero need not be in
/// the range, so
///            zeroPoint may lie outside the codes.
/// Symmetric: m = max(|low|, |high|), scale = m / (2^(b-1) - 1), zeroPoint = 0: +m and -m are on
/// the grid. Degenerate: where high - low is 0 or so small against |low| that zeroPoint would not
/// be exact in float32, the range
///            is first widened to include 0; where it is still empty, or the scale would not be a
///            normal float32, scale = 1 and zeroPoint = 0. So the result is always finite and 0
///            stays 0.
/// Source:    Pack-PTQ (arXiv 2505.00259), uniform quantizer. Differs: the degenerate cases,
/// undefined there.
ScaleZero gridOf(ValueRange range, int bits, QScheme scheme, RangeArithmetic arithmetic);

/// range widened so that 0 is inside.
ValueRange withZero(ValueRange range);

/// The range that the scale search starts from: range itself, or widened to include 0 where gridOf
/// would widen it.
ValueRange searchableRange(ValueRange range, int bits, QScheme scheme);

/// The shrink factors 1.00, 0.99, ... 0.21 of the scale search, computed in double and cast.
inline constexpr int kNumShrinks = 80;
std::array<float, kNumShrinks> shrinkFactors();

} // namespace bitloom
