// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/bit_plan.h"
#include "core/types/model_info.h"

#include <string>

namespace bitloom::report {

/// Bits per layer: one row per layer with a bar and the number for its weight and for the
/// activation it reads. Length and colour both say the bits; floating point is a full grey bar, a
/// pruned tensor is hatched.
std::string bitsSvg(const ModelInfo& model, const BitPlan& plan, SvgUse use = SvgUse::File);

} // namespace bitloom::report
