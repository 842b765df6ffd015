// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/plan_cost.h"

#include <string>

namespace bitloom::report {

/// Stored bytes per layer, stacked: codes, scales and zero points, layers left in floating point;
/// one last row for the raw tensors (biases, normalization, buffers). The numbers stand beside the
/// bars.
std::string bytesSvg(const PlanCost& cost, SvgUse use = SvgUse::File);

} // namespace bitloom::report
