// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/sensitivity_table.h"

#include <string>

namespace bitloom::report {

/// The sensitivity table as a heat map: a row per layer in execution order, weights and the
/// activation that the layer reads side by side, a column per bit width. Cells hold the KL
/// divergence (two digits; everything in the tooltip) on a logarithmic colour scale, pale =
/// harmless. The widths of the plan, if given, are outlined. An entry that was not measured is a
/// dash; a value of zero or less takes the palest colour.
std::string sensitivitySvg(const SensitivityTable& table, const ModelInfo& model,
                           const BitPlan* plan = nullptr, SvgUse use = SvgUse::File);

} // namespace bitloom::report
