// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/histogram.h"
#include "core/types/model_info.h"
#include "core/types/pack_sheet.h"
#include "core/types/results.h"

#include <string_view>

namespace bitloom {

// The way back from json_output.h. Errors: CorruptFile with the key's path.

ModelInfo modelInfoFromJson(std::string_view text);
FrontierPoint frontierPointFromJson(std::string_view text);
EvalResult evalResultFromJson(std::string_view text);
EpochResult epochResultFromJson(std::string_view text);
/// The list "epochs" that a job's result holds.
std::vector<EpochResult> epochResultsFromJson(std::string_view text);
WeightHistogram weightHistogramFromJson(std::string_view text);
/// The list "histograms" that a job's result holds.
std::vector<WeightHistogram> weightHistogramsFromJson(std::string_view text);
PackSheet packSheetFromJson(std::string_view text);

} // namespace bitloom
