// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/pack_sheet.h"
#include "core/types/results.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// A pruned channel of a layer: it gives a number in place of features.
struct PrunedChannel {
    std::int64_t channel = 0;
    double output = 0; ///< that number, behind the activation function
    /// The next layer has it in its bias and does not read the channel; otherwise it stays.
    bool isFolded = false;
};

/// What a search decided for one layer.
struct SearchedLayer {
    std::string name;
    int weightBits = 0;
    int activationBits = 0;   ///< of what the layer reads
    double keptPercent = 100; ///< of its output channels
    /// What its gates add to the regulariser, before lambda. Absent in results of old.
    std::optional<double> regulariser = std::nullopt;
    std::vector<PrunedChannel> prunedChannels = {};
};

/// What a search came to, as the packed file that was read back holds it.
struct SearchResult {
    double top1Percent = 0; ///< of the packed file, on the test images
    std::int64_t images = 0;
    std::int64_t bops = 0;
    double relativeBopsPercent = 0;
    /// Pruned channels are taken off the layers that read them, too.
    double relativeBopsPercentCountingPrunedInputs = 0;
    std::vector<SearchedLayer> layers;
    std::vector<FrontierPoint> baseline; ///< of the sensitivity baseline, where it was asked for
    double seconds = 0;
    std::string packed;     ///< the file
    std::string checkpoint; ///< the run's file
    PackSheet sheet;        ///< the proof of the packed file
    BitPlan plan;           ///< as the packed file holds it
};

/// The result of a SearchJob. Errors: CorruptFile with the key's path.
SearchResult searchResultFromJson(std::string_view text);

/// The way back.
std::string toJson(const SearchResult& result);
/// One entry of its layers.
std::string toJson(const SearchedLayer& layer);

/// The plan under the run's name, by which projects and reports call it.
BitPlan planOf(const SearchResult& result, const std::string& run);
/// The proof together with what was measured.
PackSheet sheetOf(const SearchResult& result);
/// The measured point that a search adds to a frontier, with the plan under the run's name.
FrontierPoint pointOf(const SearchResult& result, const std::string& run);
/// That point and those of the baseline, which are called after the run.
std::vector<FrontierPoint> pointsOf(const SearchResult& result, const std::string& run);

} // namespace bitloom
