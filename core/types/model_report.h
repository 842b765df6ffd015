// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/phrase.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What there is to know of a model that was opened: its layers, and the plan that it came with.
struct ModelReport {
    ModelInfo info;
    /// What the file of packed weights says of their bits, for exactly this model; absent: its
    /// weights are not packed.
    std::optional<BitPlan> plan;
    /// What the file does not say, or a plan cannot, one sentence each. Empty: the plan is whole.
    std::vector<Phrase> planGaps;
};

/// The model's document (json_output.h), with the keys `plan` and `plan_gaps` where there is one.
std::string toJson(const ModelReport& report);
/// Errors: CorruptFile, Unsupported, InvalidArgument with the key's path.
ModelReport modelReportFromJson(std::string_view text);

} // namespace bitloom
