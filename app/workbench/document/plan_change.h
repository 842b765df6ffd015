// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/bit_plan.h"

#include <cstddef>
#include <vector>

namespace bitloom::workbench {

/// The entries in which two plans of one model differ: what one undo step keeps.
struct PlanChange {
    struct Layer {
        std::size_t index = 0; ///< into BitPlan::layers
        LayerPlan before;
        LayerPlan after;
    };
    struct Tensor {
        std::size_t index = 0; ///< into BitPlan::tensors
        TensorPlan before;
        TensorPlan after;
    };
    std::vector<Layer> layers;
    std::vector<Tensor> tensors;

    bool isEmpty() const { return layers.empty() && tensors.empty(); }
    /// The same change backwards.
    PlanChange reversed() const;
    /// Writes the entries after the change into a plan that has those before it.
    void apply(BitPlan& plan) const;
};

/// Both plans must list the same layers and tensors in the same order.
PlanChange changeBetween(const BitPlan& before, const BitPlan& after);

} // namespace bitloom::workbench
