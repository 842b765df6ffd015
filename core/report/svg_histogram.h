// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/histogram.h"

#include <string>

namespace bitloom::report {

/// One layer's weights as bars without gaps; under them the levels of the quantization grid as
/// ticks (and faint lines while there are fewer than 40), the clip range as two handles, the
/// clipped share in words.
std::string histogramSvg(const WeightHistogram& histogram, SvgUse use = SvgUse::File);

} // namespace bitloom::report
