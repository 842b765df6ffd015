// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/quant_grid.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom {
namespace {

/// Zero points beyond this are not exact in the kernels' float32 arithmetic once codes are added.
constexpr double kLargestZeroPoint = 1 << 23;

double widthOf(ValueRange range)
{
    return static_cast<double>(range.high) - static_cast<double>(range.low);
}

bool isUsableScale(double scale)
{
    return scale >= static_cast<double>(std::numeric_limits<float>::min()) &&
           scale <= static_cast<double>(std::numeric_limits<float>::max());
}

double largestMagnitude(ValueRange range)
{
    return std::max(std::fabs(static_cast<double>(range.low)),
                    std::fabs(static_cast<double>(range.high)));
}

template <typename Real>
ScaleZero affineGrid(ValueRange range, int topCode)
{
    const Real low = static_cast<Real>(range.low);
    const Real high = static_cast<Real>(range.high);
    const Real scale = (high - low) / static_cast<Real>(topCode);
    if (!isUsableScale(static_cast<double>(scale))) {
        return {};
    }
    const Real zeroPoint = std::nearbyint(-low / scale);
    return {static_cast<float>(scale), static_cast<std::int32_t>(zeroPoint)};
}

} // namespace

CodeRange codeRange(int bits, QScheme scheme, bool narrow)
{
    BITLOOM_REQUIRE(bits >= 1 && bits <= kMaxIntegerBits, ErrorCode::InvalidArgument,
                    "bits = ", bits, " has no integer codes: expected 1 to ", kMaxIntegerBits);
    if (scheme == QScheme::Affine) {
        return {0, (1 << bits) - 1};
    }
    BITLOOM_REQUIRE(
        bits >= 2, ErrorCode::InvalidArgument,
        "symmetric quantization needs at least 2 bits (1 bit would leave the codes -1 and 0); "
        "use the affine scheme for 1 bit");
    const std::int32_t top = (1 << (bits - 1)) - 1;
    return {narrow ? -top : -top - 1, top};
}

ValueRange withZero(ValueRange range)
{
    return {std::min(range.low, 0.0F), std::max(range.high, 0.0F)};
}

ValueRange searchableRange(ValueRange range, int bits, QScheme scheme)
{
    if (scheme == QScheme::Symmetric) {
        return range;
    }
    const double width = widthOf(range);
    const double levels = codeRange(bits, scheme).max;
    const bool zeroPointIsExact = largestMagnitude(range) * levels <= kLargestZeroPoint * width;
    return width > 0 && zeroPointIsExact ? range : withZero(range);
}

ScaleZero gridOf(ValueRange range, int bits, QScheme scheme, RangeArithmetic arithmetic)
{
    const CodeRange codes = codeRange(bits, scheme);
    if (scheme == QScheme::Symmetric) {
        const double scale = largestMagnitude(range) / codes.max;
        return isUsableScale(scale) ? ScaleZero{static_cast<float>(scale), 0} : ScaleZero{};
    }
    const ValueRange usable = searchableRange(range, bits, scheme);
    const bool overflows = !std::isfinite(usable.high - usable.low);
    if (arithmetic == RangeArithmetic::Double || overflows) {
        return affineGrid<double>(usable, codes.max);
    }
    return affineGrid<float>(usable, codes.max);
}

std::array<float, kNumShrinks> shrinkFactors()
{
    std::array<float, kNumShrinks> factors{};
    for (std::size_t i = 0; i < factors.size(); ++i) {
        factors[i] = static_cast<float>(1.0 - static_cast<double>(i) * 0.01);
    }
    return factors;
}

} // namespace bitloom
