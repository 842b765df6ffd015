// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/layer_lock.h"

#include <vector>

namespace bitloom::engine {

/// What is changed about a search while it runs. It is taken between two steps, kept with the run's
/// state, and so part of what a run that is continued repeats.
struct SearchOrders {
    std::vector<LayerLock> locks; ///< in addition to those in force; a free one ends the layer's
    /// What the gates say now is decided: the fine-tuning with fixed gates begins, or, where none
    /// was asked for, the search ends.
    bool freezeGates = false;

    bool operator==(const SearchOrders&) const = default;
};

} // namespace bitloom::engine
