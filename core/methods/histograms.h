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

/// The grid of a weight; absent where the spec leaves it in floating point or prunes it.
/// Errors: as chooseQuantParams().
std::optional<QuantParams> weightGrid(const at::Tensor& weight, const QuantSpec& spec, int axis);

/// A histogram of one weight with the grid that the spec lays over it; axis is its output
/// channels'. bins: 1..10,000. Errors: NonFinite, InvalidArgument.
WeightHistogram weightHistogram(const std::string& layer, const at::Tensor& weight,
                                const QuantSpec& spec, int axis, int bins);

/// The same for each layer under a plan. Per-channel grids show the channel with the widest range;
/// the clipped share counts every weight against its own channel's range.
/// Errors: NonFinite naming the layer, InvalidArgument.
std::vector<WeightHistogram> weightHistograms(const LoadedModel& model, const BitPlan& plan,
                                              int bins);

} // namespace bitloom
