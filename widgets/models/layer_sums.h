// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_rows.h"
#include "widgets/models/roles.h"

#include <optional>

namespace bitloom::ui {

/// What a row of the tree shows: one layer, or what the layers below a scope add up to.
struct LayerSums {
    int layers = 0;
    int locked = 0;
    std::int64_t macs = 0;
    std::int64_t parameters = 0;
    std::int64_t bytes = 0;
    std::int64_t bops = 0;
    double bopsShare = 0;
    std::optional<BitRange> weightBits;     ///< absent: no weight
    std::optional<BitRange> activationBits; ///< absent: no layer
    std::optional<LayerKind> kind;          ///< absent: several kinds
    std::optional<QuantSpec> weight;        ///< scheme and observer if all agree
    std::optional<double> sensitivity;      ///< the largest of the known ones
    std::optional<double> predictedLoss;    ///< the sum; absent unless all are known

    bool operator==(const LayerSums&) const = default;
};

LayerSums sumsOf(const LayerRow& row);
/// Adds the layers of another row; an empty sum takes them as they are.
void add(LayerSums& sum, const LayerSums& other);

} // namespace bitloom::ui
