// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bitloom::report {

struct Rgb {
    int red = 0;
    int green = 0;
    int blue = 0;
};

/// "#rrggbb".
std::string toHex(const Rgb& colour);
/// WCAG 2 relative luminance in [0, 1], and the contrast ratio of two colours in [1, 21].
double relativeLuminance(const Rgb& colour);
double contrastRatio(const Rgb& a, const Rgb& b);

/// The colour of a bit width, the same in every picture and table: viridis from light = 1 bit to
/// dark = 16 bits, neutral grey for floating point. A pruned tensor (0) is hatched on the page's
/// own colour and has no ramp colour.
Rgb bitsColour(int bits);
/// Cividis, reversed: share 0 = pale (harmless) to 1 = dark blue (harmful). Clamped.
Rgb magnitudeColour(double share);
/// Whether black text reads better than white on this colour; the better one always has a contrast
/// above 4.5.
bool needsBlackText(const Rgb& colour);

/// The colours that change between light and dark. Text colours keep 4.5:1 against page and panel,
/// marks 3:1.
struct Theme {
    Rgb page;
    Rgb panel;       ///< table heads, tiles, code
    Rgb ink;         ///< text, lines
    Rgb dim;         ///< secondary text, axes, outlines
    Rgb rule;        ///< grid lines and separators (decoration: no contrast asked)
    Rgb weights;     ///< category: weights, measured (Okabe-Ito blue)
    Rgb activations; ///< category: activations, uniform anchors (Okabe-Ito vermillion or orange)
    Rgb neutral;     ///< raw or floating-point parts
    Rgb good;        ///< the words "verified", "proven"
    Rgb error;       ///< errors only
};
const Theme& lightTheme();
const Theme& darkTheme();

} // namespace bitloom::report
