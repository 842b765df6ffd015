// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/model_info.h"
#include "core/types/plan_cost.h"

#include <cstdint>
#include <vector>

namespace bitloom::ui {

/// How much of a model has which width.
struct PrecisionShare {
    int bits = 32;
    std::int64_t amount = 0;
    bool operator==(const PrecisionShare&) const = default;
};

/// By width of the weight, fewest bits first; widths without any amount are left out.
struct PrecisionView {
    std::vector<PrecisionShare> parameters; ///< elements of weight and bias
    std::vector<PrecisionShare> macs;
    std::vector<PrecisionShare> bytes; ///< with the raw tensors, which count as 32 bits
};

/// Layers of the cost that the model does not know have no parameters.
PrecisionView precisionView(const ModelInfo& model, const PlanCost& cost);

/// Which widths feed which: the layers by width of what they read and of their weight.
struct TransitionView {
    std::vector<int> activationBits; ///< ascending; the rows
    std::vector<int> weightBits;     ///< ascending; the columns
    struct Cell {
        int layers = 0;
        std::int64_t macs = 0;
    };
    std::vector<Cell> cells; ///< row by row

    const Cell& at(std::size_t row, std::size_t column) const
    {
        return cells[row * weightBits.size() + column];
    }
};

TransitionView transitionView(const PlanCost& cost);

} // namespace bitloom::ui
