// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/plan_cost.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// Which of a layer's two widths an edit means.
enum class BitTarget { Weights, Activations };

/// One layer under the plan being edited: all that the tables of the window show of it.
struct LayerRow {
    QString name;  ///< LayerInfo::name, "layer1.0.conv1"
    QString scope; ///< "layer1.0"; empty at the top
    LayerKind kind = LayerKind::Conv;
    QString op; ///< "aten::conv2d"
    std::vector<std::int64_t> weightShape;
    std::vector<std::int64_t> outputShape; ///< at batch 1
    std::int64_t macs = 0;
    std::int64_t parameters = 0;
    bool hasWeight = true; ///< false for a matmul: only its activations have bits
    QuantSpec weight;
    QuantSpec activation;                    ///< of its input; a matmul: of its first operand
    std::optional<int> secondActivationBits; ///< a matmul's other operand
    QStringList sharedInput; ///< other layers that read the same tensor: an edit of its activation
                             ///< bits changes theirs
    std::int64_t bytes = 0;  ///< stored, with scales and zero points
    std::int64_t bops = 0;
    double bopsShare = 0; ///< of the plan's BOPs, 0..1
    /// Loss when this layer alone has the narrowest width of the sensitivity table.
    std::optional<double> sensitivity;
    /// Loss that its present widths cause according to the sensitivity table.
    std::optional<double> predictedLoss;
    bool locked = false; ///< edits and searches leave it alone

    bool operator==(const LayerRow&) const = default;
};
using LayerRows = std::vector<LayerRow>;

QString kindName(LayerKind kind); ///< "conv", "conv_transpose", "linear", "matmul": for filters
QString kindText(LayerKind kind); ///< translated, for the user

/// The part that no plan changes. Cost: once per model.
LayerRows layerRowsOf(const ModelInfo& model);
/// Writes bits, bytes and BOPs of a plan into the rows of its model; losses and locks stay.
/// Layers that plan or cost do not name keep what they have.
void applyPlan(LayerRows& rows, const ModelInfo& model, const BitPlan& plan, const PlanCost& cost);

/// The widths an editor may offer for this row: integer widths, floating point, for weights also
/// pruned; symmetric codes need 2 bits. Empty where there is nothing to edit (locked, no weight).
QList<int> legalBits(const LayerRow& row, BitTarget target);

} // namespace bitloom::ui
