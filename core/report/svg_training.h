// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/results.h"

#include <span>
#include <string>

namespace bitloom::report {

/// Training loss and, beside it because it is another quantity, training and test accuracy over the
/// epochs. Values that are not finite leave a gap in the line.
std::string trainingSvg(std::span<const EpochResult> epochs, SvgUse use = SvgUse::File);

} // namespace bitloom::report
