// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace bitloom {

/// A point that a pen stroke passes through; x right, y down, both about 0 to 1.
struct StrokePoint {
    double x = 0.0;
    double y = 0.0;
    bool corner = false; ///< the pen turns here at once instead of in a curve
};

using Stroke = std::vector<StrokePoint>;

/// One way to write a digit: strokes, each drawn without lifting the pen.
using DigitShape = std::vector<Stroke>;

/// The ways we know to write a digit 0..9, the most usual first.
std::span<const DigitShape> shapesOfDigit(int digit);

/// The curve through the points as a polyline (uniform Catmull-Rom, straight at both sides of
/// corners).
void sampleStroke(std::span<const StrokePoint> points, int samplesPerSegment,
                  std::vector<StrokePoint>& out);

} // namespace bitloom
