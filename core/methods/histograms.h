// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/types/bit_plan.h"
#include "core/types/histogram.h"
#include "core/types/quant_spec.h"

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <vector>

namespace bitloom {

/// A histogram of one layer's weight with the grid that the spec lays over it (weightGrid()).
/// index: of the layer, which has a weight. bins: 1..10,000. Errors: NonFinite, InvalidArgument.
WeightHistogram weightHistogram(const LoadedModel& model, std::size_t index, const QuantSpec& spec,
                                int bins);

/// The same for each layer under a plan. Per-channel grids show the channel with the widest range;
/// the clipped share counts every weight against its own channel's range.
/// Errors: NonFinite naming the layer, InvalidArgument.
std::vector<WeightHistogram> weightHistograms(const LoadedModel& model, const BitPlan& plan,
                                              int bins);

} // namespace bitloom
