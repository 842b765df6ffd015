// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/results.h"

#include <optional>
#include <span>
#include <string>

namespace bitloom::report {

/// What the horizontal axis of a frontier counts.
enum class FrontierCost { Bytes, BopsPercent };

struct FrontierStyle {
    FrontierCost cost = FrontierCost::Bytes;
    std::optional<double> floatTop1Percent; ///< drawn as a dashed line beside the measured points
    double width = 528;                     ///< pixels
    SvgUse use = SvgUse::File;
};

/// Two panels over one logarithmic cost axis, because measured accuracy and predicted loss are
/// different quantities: above, what was measured (filled marks, higher is better); below, what was
/// predicted (hollow marks, lower is better). A panel without points is left out. A step line joins
/// the non-dominated points of the search (uniform plans are labelled anchors beside it), the
/// region that they dominate is shaded. Points without cost or with values that are not finite
/// cannot be placed; the picture says how many were left out.
std::string frontierSvg(std::span<const FrontierPoint> points, const FrontierStyle& style);

/// Whether at least two points differ in this cost, so that an axis of it shows something.
bool frontierVaries(std::span<const FrontierPoint> points, FrontierCost cost);

} // namespace bitloom::report
