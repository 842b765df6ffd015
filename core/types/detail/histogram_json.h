// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/detail/json_support.h"
#include "core/types/histogram.h"

namespace bitloom::json {

/// Appends bits, low, high, counts, clip_low, clip_high, grid_levels, grid_channel,
/// clipped_percent. Errors: NonFinite.
void writeGridHistogram(const GridHistogram& histogram, Json& object);
/// Errors: those of Cursor.
void readGridHistogram(const Cursor& object, GridHistogram& histogram);

} // namespace bitloom::json
