// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/types/histogram.h"

#include <vector>

namespace bitloom {

/// A histogram of each layer's weights with the grid that the plan lays over them. Per-channel
/// grids show the channel with the widest range; the clipped share counts every weight against its
/// own channel's range. bins: 1..10,000. Errors: NonFinite naming the layer.
std::vector<WeightHistogram> weightHistograms(const LoadedModel& model, const BitPlan& plan,
                                              int bins);

} // namespace bitloom
