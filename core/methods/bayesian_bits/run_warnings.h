// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/run_history.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom::bayesian_bits {

/// What somebody who watches a search should know.
struct RunWarning {
    enum class Kind {
        LayerPruned,    ///< no channel of a weight is left
        AccuracySwings, ///< top-1 goes up and down though the bits stay
        RangeAtFloor,   ///< a range fell as far as it may
        GateAbsorbed,   ///< a gate that only the regulariser moves now, and only downwards
    };
    Kind kind = Kind::LayerPruned;
    std::int64_t step = 0; ///< at which it began, as far as the history tells
    std::string quantizer; ///< name of the weight or value; empty: about the whole run
    std::string sentence;  ///< what happened, and what it means or what to do; no full stop
    bool operator==(const RunWarning&) const = default;
};

/// All warnings of a run's history (the series of run_series.h; absent ones tell nothing), by step.
/// Each comes once, when it begins, and again only after it had ended. A longer history of the same
/// run gives the same warnings and perhaps more behind them. Gates that are absorbed in the first
/// row were closed by the options: no warning.
/// Threads: any; a function of its argument.
std::vector<RunWarning> runWarnings(const RunHistory& history);

} // namespace bitloom::bayesian_bits
