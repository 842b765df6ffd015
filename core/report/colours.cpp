// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/colours.h"

#include "core/types/quant_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace bitloom::report {

namespace {
/// Ten equidistant stops of two perceptually uniform maps (van der Walt and Smith; Nunez et al.),
/// both CC0.
constexpr std::array<Rgb, 10> kViridis = {{{68, 1, 84},
                                           {72, 40, 120},
                                           {62, 74, 137},
                                           {49, 104, 142},
                                           {38, 130, 142},
                                           {31, 158, 137},
                                           {53, 183, 121},
                                           {109, 205, 89},
                                           {180, 222, 44},
                                           {253, 231, 37}}};
constexpr std::array<Rgb, 10> kCividis = {{{0, 34, 78},
                                           {18, 53, 112},
                                           {59, 73, 108},
                                           {87, 93, 109},
                                           {112, 113, 115},
                                           {138, 134, 120},
                                           {165, 156, 116},
                                           {195, 179, 105},
                                           {225, 204, 85},
                                           {254, 232, 56}}};
/// Where on the ramp a bit width sits; the widths in daily use (2 to 8) get most of it.
constexpr std::array<double, kMaxIntegerBits + 1> kBitsShare = {0,    0.02, 0.13, 0.25, 0.37, 0.49,
                                                                0.60, 0.70, 0.79, 0.82, 0.85, 0.88,
                                                                0.91, 0.94, 0.96, 0.98, 1.00};

Rgb interpolate(const std::array<Rgb, 10>& stops, double share)
{
    const double position = std::clamp(share, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
    const std::size_t left = std::min(static_cast<std::size_t>(position), stops.size() - 2);
    const double weight = position - static_cast<double>(left);
    const auto mix = [weight](int a, int b) {
        return static_cast<int>(std::lround((1 - weight) * a + weight * b));
    };
    const Rgb& a = stops[left];
    const Rgb& b = stops[left + 1];
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}
} // namespace

std::string toHex(const Rgb& colour)
{
    std::array<char, 8> text{};
    std::snprintf(
        text.data(), text.size(), "#%02x%02x%02x", static_cast<unsigned>(colour.red) & 255U,
        static_cast<unsigned>(colour.green) & 255U, static_cast<unsigned>(colour.blue) & 255U);
    return text.data();
}

double relativeLuminance(const Rgb& colour)
{
    const auto linear = [](int channel) {
        const double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) +
           0.0722 * linear(colour.blue);
}

double contrastRatio(const Rgb& a, const Rgb& b)
{
    const double first = relativeLuminance(a);
    const double second = relativeLuminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

Rgb bitsColour(int bits)
{
    if (bits > kMaxIntegerBits) {
        return {140, 146, 154};
    }
    return interpolate(kViridis, 1 - kBitsShare[static_cast<std::size_t>(std::max(1, bits))]);
}

Rgb magnitudeColour(double share)
{
    return interpolate(kCividis, 1 - share);
}

bool needsBlackText(const Rgb& colour)
{
    return contrastRatio(colour, {0, 0, 0}) >= contrastRatio(colour, {255, 255, 255});
}

const Theme& lightTheme()
{
    static constexpr Theme kTheme = {.page = {255, 255, 255},
                                     .panel = {244, 245, 247},
                                     .ink = {27, 31, 36},
                                     .dim = {87, 96, 106},
                                     .rule = {222, 225, 229},
                                     .weights = {0, 98, 155},
                                     .activations = {184, 74, 0},
                                     .neutral = {140, 146, 154},
                                     .good = {0, 100, 75},
                                     .error = {180, 20, 30}};
    return kTheme;
}

const Theme& darkTheme()
{
    static constexpr Theme kTheme = {.page = {20, 23, 28},
                                     .panel = {30, 34, 41},
                                     .ink = {230, 233, 237},
                                     .dim = {160, 168, 179},
                                     .rule = {52, 58, 67},
                                     .weights = {86, 180, 233},
                                     .activations = {230, 159, 0},
                                     .neutral = {140, 146, 154},
                                     .good = {70, 200, 150},
                                     .error = {255, 120, 120}};
    return kTheme;
}

} // namespace bitloom::report
