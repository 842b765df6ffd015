// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/io/loaded_model.h"
#include "core/types/bit_plan.h"
#include "core/types/quant_state.h"

#include <c10/core/Device.h>

#include <optional>
#include <span>
#include <vector>

namespace bitloom {

/// True if an activation of the plan needs images: integer bits and no fixed range.
bool needsCalibrationImages(const BitPlan& plan);

/// The grid of a layer's weight under a spec: the one that packed weights came with where the spec
/// is that of their plan, so that their codes stay as they are; else chosen by its values. Absent
/// where the spec leaves the weight in floating point or prunes it. index: of the layer, which has
/// a weight. Errors: as chooseQuantParams().
std::optional<QuantParams> weightGrid(const LoadedModel& model, std::size_t index,
                                      const QuantSpec& spec);

/// Grids of the weights alone; no images are needed. Errors: as calibrate().
QuantState weightGrids(const LoadedModel& model, const BitPlan& plan);

/// Grids of all weights and activations of several plans of one model, at the cost of one.
///
/// Activations are observed on the unquantized model over all images of the loader: one pass for
/// ranges, a second one where an observer scores candidates. images may be null if no plan
/// needsCalibrationImages(). Returns one state per plan; nullopt when cancelled. Errors: NonFinite
/// naming the layer or tensor and the number of NaN and Inf values; InvalidArgument if images are
/// needed and null; ModelMismatch.
std::optional<std::vector<QuantState>> calibrate(const LoadedModel& model,
                                                 std::span<const BitPlan> plans,
                                                 BatchLoader* images, c10::Device device,
                                                 RunControl& control);

/// The same for one plan.
std::optional<QuantState> calibrate(const LoadedModel& model, const BitPlan& plan,
                                    BatchLoader* images, c10::Device device, RunControl& control);

} // namespace bitloom
