// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/io/loaded_model.h"
#include "core/types/bit_plan.h"
#include "core/types/layer_detail.h"

#include <c10/core/Device.h>

#include <optional>
#include <string>
#include <vector>

namespace bitloom {

struct LayerDetailOptions {
    std::string layer;     ///< LayerInfo::name
    std::vector<int> bits; ///< widths beside the plan's own: 0..16 or 32 each, at most 20
    int bins = 100;        ///< 1..10,000
};

/// Looks closely at one layer under a plan.
///
/// The weight's grids and errors are exact, over all weights. Activations are observed on the
/// unquantized model over all images of the loader, up to three times (as calibrate(), then once
/// for the counts); images may be null: no activations then. Returns nullopt when cancelled.
/// Errors: NotFound with the nearest names; InvalidArgument for an illegal width (1-bit symmetric
/// included) or number of bins; ModelMismatch; NonFinite naming layer or tensor.
std::optional<LayerDetail> layerDetail(const LoadedModel& model, const BitPlan& plan,
                                       const LayerDetailOptions& options, BatchLoader* images,
                                       c10::Device device, RunControl& control);

} // namespace bitloom
