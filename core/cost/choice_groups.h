// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cost/allocation.h"
#include "core/cost/sensitivity_losses.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

// How a model becomes groups of choices. Inside core/cost only.

/// One thing whose width is chosen or fixed: a weight (with all layers that share it) or an
/// activation tensor.
struct Variable {
    bool isWeight = true;
    std::vector<std::size_t> members; ///< layer indices of a weight; the tensor's index
    std::vector<int> bits;            ///< candidates; one = fixed
    std::vector<double> losses;       ///< for each candidate, over all members
};

/// One way to set the variables of a group.
struct GroupChoice {
    std::int64_t cost = 0;
    double loss = 0;
    std::vector<std::uint8_t> picks; ///< candidate index for each variable of the group
};

struct VariableGroup {
    std::vector<std::size_t> variables;
    std::vector<GroupChoice> choices; ///< cost ascending, loss strictly descending
};

/// A model's choices: what is not in a group costs and loses a constant.
struct ChoiceSpace {
    std::vector<Variable> variables;
    std::vector<VariableGroup> groups;
    std::int64_t fixedCost = 0; ///< raw tensors (bytes)
};

/// Errors: see Allocator.
ChoiceSpace makeChoiceSpace(const ModelInfo& model, const SensitivityLosses& losses,
                            const BitPlan& base, const AllocationOptions& options);

} // namespace bitloom
