// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/run_history.h"
#include "core/types/run_warning.h"

#include <vector>

namespace bitloom::bayesian_bits {

/// All warnings of a run's history (the series of run_series.h; absent ones tell nothing), by step.
/// Each comes once, when it begins, and again only after it had ended. A longer history of the same
/// run gives the same warnings and perhaps more behind them. Gates that are absorbed in the first
/// row were closed by the options: no warning.
/// Threads: any; a function of its argument.
std::vector<RunWarning> runWarnings(const RunHistory& history);

} // namespace bitloom::bayesian_bits
