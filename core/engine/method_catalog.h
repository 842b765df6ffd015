// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/method_description.h"
#include "core/types/run_history.h"
#include "core/types/run_warning.h"

#include <string_view>
#include <vector>

namespace bitloom::engine {

// The methods of core/methods/registry.h for those who know nothing of tensors. Threads: any.

const std::vector<MethodDescription>& methodCatalog();
/// Errors: InvalidArgument with the names there are.
const MethodDescription& methodNamed(std::string_view name);

/// All warnings of the history of a run of a method, by step: each once, when it begins. A longer
/// history of the same run gives the same ones and perhaps more behind them. None for a method
/// that this version does not know. Cost: one pass over the history.
std::vector<RunWarning> runWarnings(std::string_view method, const RunHistory& history);

} // namespace bitloom::engine
