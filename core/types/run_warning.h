// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace bitloom {

/// What somebody who watches a search should know.
struct RunWarning {
    /// Windows say each in their own language.
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

} // namespace bitloom
