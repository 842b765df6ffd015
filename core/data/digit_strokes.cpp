// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/digit_strokes.h"

#include "core/base/error.h"

#include <array>

namespace bitloom {

namespace {
StrokePoint corner(double x, double y)
{
    return {x, y, true};
}

// Drawn by hand for this program.
const std::array<std::vector<DigitShape>, 10> kShapes{{
    // 0: round; narrow, closing with an overlap; begun on the right
    {{{{.55, .02},
       {.2, .13},
       {.04, .5},
       {.18, .88},
       {.5, 1.},
       {.82, .86},
       {.96, .48},
       {.82, .13},
       {.5, .02}}},
     {{{.62, .06},
       {.35, .05},
       {.15, .35},
       {.17, .75},
       {.45, 1.},
       {.75, .8},
       {.86, .42},
       {.7, .1},
       {.45, .0},
       {.3, .1}}},
     {{{.8, .1},
       {.45, .0},
       {.12, .25},
       {.05, .65},
       {.3, .98},
       {.7, .93},
       {.95, .6},
       {.9, .2},
       {.66, .04}}}},
    // 1: a bar; with a lead-in; with lead-in and foot
    {{{{.5, .0}, {.5, .5}, {.49, 1.}}},
     {{{.3, .2}, corner(.52, .0), {.51, .5}, {.5, 1.}}},
     {{{.28, .22}, corner(.5, .0), {.5, .5}, {.5, 1.}}, {{.25, 1.}, {.5, .99}, {.76, 1.}}}},
    // 2: with a corner below; with a loop below; tall, with a wavy foot
    {{{{.08, .26},
       {.25, .06},
       {.6, .0},
       {.88, .2},
       {.77, .5},
       {.42, .78},
       corner(.05, .99),
       {.5, .97},
       {.98, .98}}},
     {{{.1, .22},
       {.35, .02},
       {.75, .05},
       {.86, .33},
       {.62, .68},
       {.28, .95},
       {.06, .92},
       {.14, .77},
       {.42, .85},
       {.72, .99},
       {1., .9}}},
     {{{.18, .14},
       {.48, .0},
       {.78, .14},
       {.74, .42},
       {.45, .75},
       corner(.12, 1.),
       {.35, .9},
       {.65, .98},
       {.92, .9}}}},
    // 3: two bows; flat top; bows that run into each other
    {{{{.1, .12},
       {.42, .0},
       {.8, .1},
       {.78, .34},
       corner(.4, .47),
       {.82, .58},
       {.92, .8},
       {.6, 1.},
       {.25, .98},
       {.02, .84}}},
     {{{.1, .04},
       {.5, .03},
       corner(.85, .02),
       {.62, .22},
       corner(.42, .42),
       {.8, .5},
       {.92, .76},
       {.6, .99},
       {.25, .98},
       {.05, .86}}},
     {{{.12, .16},
       {.38, .0},
       {.72, .08},
       {.72, .33},
       {.46, .46},
       {.5, .5},
       {.86, .62},
       {.85, .88},
       {.5, 1.},
       {.1, .9}}}},
    // 4: open; closed, in one go; open with a round left side
    {{{{.2, .0}, {.12, .3}, corner(.05, .56), {.5, .55}, {.97, .52}},
      {{.76, .06}, {.74, .5}, {.7, 1.}}},
     {{{.72, .64}, {.4, .65}, corner(.04, .66), {.38, .3}, corner(.72, .0), {.72, .5}, {.7, 1.}},
      {{.7, .64}, {.97, .62}}},
     {{{.14, .04}, {.07, .35}, {.22, .55}, {.55, .5}, {.84, .36}},
      {{.9, .0}, {.84, .45}, {.78, 1.}}}},
    // 5: stem, bow, then the roof; in one go from the roof; slack
    {{{{.24, .04},
       {.21, .22},
       corner(.17, .44),
       {.5, .36},
       {.86, .5},
       {.88, .78},
       {.58, .99},
       {.28, .99},
       {.03, .87}},
      {{.24, .04}, {.55, .03}, {.9, .01}}},
     {{{.9, .02},
       {.55, .02},
       corner(.26, .05),
       {.22, .25},
       corner(.16, .43),
       {.52, .37},
       {.85, .53},
       {.84, .82},
       {.5, 1.},
       {.05, .9}}},
     {{{.95, .0},
       {.6, .04},
       {.33, .1},
       {.28, .34},
       {.55, .45},
       {.76, .62},
       {.68, .88},
       {.36, 1.},
       {.05, .9}}}},
    // 6: slanted stem; upright stem with a small loop; wide loop
    {{{{.76, .02},
       {.42, .2},
       {.14, .55},
       {.12, .83},
       {.38, 1.},
       {.74, .94},
       {.88, .72},
       {.66, .54},
       {.32, .6},
       {.14, .8}}},
     {{{.42, .0},
       {.22, .3},
       {.13, .65},
       {.25, .95},
       {.55, .99},
       {.76, .82},
       {.66, .62},
       {.4, .62},
       {.2, .8}}},
     {{{.62, .0},
       {.24, .22},
       {.04, .6},
       {.16, .92},
       {.52, 1.},
       {.9, .88},
       {.94, .6},
       {.66, .45},
       {.3, .52},
       {.1, .7}}}},
    // 7: plain; with a bar; with a hook at the left and a bent stem
    {{{{.05, .07}, {.5, .05}, corner(.93, .03), {.68, .45}, {.42, 1.}}},
     {{{.05, .06}, {.5, .06}, corner(.93, .03), {.65, .45}, {.4, 1.}},
      {{.28, .53}, {.55, .5}, {.85, .48}}},
     {{{.04, .24}, corner(.07, .05), {.5, .06}, {.85, .03}, {.88, .14}, {.62, .5}, {.52, 1.}}}},
    // 8: in one go; begun in the middle; two rings
    {{{{.8, .14},
       {.5, .0},
       {.2, .14},
       {.28, .37},
       {.56, .51},
       {.86, .72},
       {.74, .95},
       {.45, 1.},
       {.15, .88},
       {.2, .66},
       {.5, .47},
       {.76, .3},
       {.82, .12}}},
     {{{.86, .06},
       {.55, .0},
       {.22, .12},
       {.26, .34},
       {.55, .5},
       {.76, .7},
       {.68, .95},
       {.36, 1.},
       {.14, .86},
       {.3, .62},
       {.62, .4},
       {.88, .16}}},
     {{{.5, .46}, {.22, .35}, {.25, .1}, {.52, .0}, {.78, .12}, {.76, .36}, {.5, .46}},
      {{.5, .46}, {.16, .62}, {.14, .88}, {.48, 1.}, {.84, .88}, {.84, .6}, {.5, .46}}}},
    // 9: straight stem; stem with a hook; round back
    {{{{.84, .16},
       {.55, .0},
       {.2, .1},
       {.12, .34},
       {.36, .5},
       {.68, .42},
       corner(.85, .14),
       {.82, .55},
       {.76, 1.}}},
     {{{.82, .2},
       {.55, .02},
       {.2, .12},
       {.16, .38},
       {.42, .5},
       {.7, .4},
       corner(.84, .12),
       {.88, .55},
       {.74, .92},
       {.42, 1.},
       {.14, .9}}},
     {{{.78, .3},
       {.72, .06},
       {.38, .0},
       {.12, .2},
       {.22, .45},
       {.56, .46},
       {.8, .24},
       {.82, .5},
       {.6, .8},
       {.42, 1.}}}},
}};

StrokePoint catmullRom(const StrokePoint& a, const StrokePoint& b, const StrokePoint& c,
                       const StrokePoint& d, double t)
{
    const auto blend = [t](double p, double q, double r, double s) {
        return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
    };
    return {blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y), false};
}
} // namespace

std::span<const DigitShape> shapesOfDigit(int digit)
{
    BITLOOM_ASSERT(digit >= 0 && digit < 10);
    return kShapes[static_cast<std::size_t>(digit)];
}

void sampleStroke(std::span<const StrokePoint> points, int samplesPerSegment,
                  std::vector<StrokePoint>& out)
{
    out.clear();
    if (points.empty()) {
        return;
    }
    out.push_back(points.front());
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const StrokePoint& from = points[i];
        const StrokePoint& to = points[i + 1];
        // At ends and corners the end point stands in for its neighbour: the curve does not look
        // beyond.
        const StrokePoint& before = i == 0 || from.corner ? from : points[i - 1];
        const StrokePoint& after = i + 2 >= points.size() || to.corner ? to : points[i + 2];
        for (int s = 1; s <= samplesPerSegment; ++s) {
            out.push_back(
                catmullRom(before, from, to, after, static_cast<double>(s) / samplesPerSegment));
        }
    }
}

} // namespace bitloom
