// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/histogram.h"
#include "core/types/model_info.h"
#include "core/types/quant_spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What one channel of a tensor holds, and what the plan's grid can represent of it.
struct ChannelRange {
    double low = 0; ///< smallest value
    double high = 0;
    double clipLow = 0; ///< lowest level of the grid; clipLow == clipHigh: no grid (float, pruned)
    double clipHigh = 0;
};

/// What a weight loses when one observer chooses its grid at one width.
struct ObserverError {
    Observer observer = Observer::MinMax;
    int bits = kFloatBits;
    double meanSquaredError = 0; ///< mean (w - quantized w)^2 over all weights
    /// 10 log10(mean w^2 / meanSquaredError); absent where either is 0.
    std::optional<double> sqnrDb;
};

/// Everything that can be seen of one layer under a plan.
struct LayerDetail {
    std::string layer; ///< LayerInfo::name
    LayerKind kind = LayerKind::Conv;
    std::string weight; ///< parameter name; empty for a matmul, which has activations only
    /// The plan's own entry first, then the same entry at each width that was asked for.
    std::vector<WeightHistogram> weightHistograms;
    std::vector<ChannelRange> channels; ///< one per output channel, under the plan's own entry
    /// Each observer at each width, scheme and granularity as the plan has them: observer by
    /// observer, widths in the order asked for.
    std::vector<ObserverError> errors;
    /// Each tensor that the layer reads, once; empty where no images were given.
    std::vector<ActivationHistogram> activations;
    /// Of each of these tensors: one per input channel, over all images; empty where a tensor has
    /// no channels.
    std::vector<std::vector<ChannelRange>> activationChannels;
    std::int64_t calibrationImages = 0; ///< that the activations were observed on
};

/// One line (docs/formats.md, "layer detail"). Errors: NonFinite, InvalidArgument (not UTF-8).
std::string toJson(const LayerDetail& detail);
/// Errors: CorruptFile, InvalidArgument with the key's path.
LayerDetail layerDetailFromJson(std::string_view text);

} // namespace bitloom
