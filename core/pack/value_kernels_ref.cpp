// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/value_kernels.h"

#include <bit>

namespace bitloom::detail {
namespace {

float floatOfHalf(std::uint16_t half)
{
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1FU;
    const std::uint32_t fraction = half & 0x3FFU;
    if (exponent == 0x1F) { // infinite or NaN
        return std::bit_cast<float>(sign | 0x7F800000U | (fraction << 13));
    }
    if (exponent == 0) { // subnormal: a multiple of 2^-24
        const float size = static_cast<float>(fraction) * 0x1p-24F;
        return sign != 0 ? -size : size;
    }
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

std::uint16_t halfOfInteger(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if (value == 0.0F) {
        return static_cast<std::uint16_t>(bits >> 16);
    }
    return static_cast<std::uint16_t>(((bits >> 16) & 0x8000U) |
                                      ((((bits >> 23) & 0xFFU) - 112) << 10) |
                                      ((bits >> 13) & 0x3FFU));
}

void floatsOfHalves(const std::uint16_t* halves, std::size_t count, float* floats)
{
    for (std::size_t i = 0; i < count; ++i) {
        floats[i] = floatOfHalf(halves[i]);
    }
}

void halvesOfFloats(const float* floats, std::size_t count, std::uint16_t* halves)
{
    for (std::size_t i = 0; i < count; ++i) {
        halves[i] = halfOfInteger(floats[i]);
    }
}

#include "core/pack/value_kernels-inl.h" // NOLINT(bugprone-suspicious-include): one per instruction set

} // namespace

const ValueKernelTable kScalarValueKernels = valueKernels();

} // namespace bitloom::detail
