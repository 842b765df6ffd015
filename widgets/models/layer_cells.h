// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_sums.h"

#include <QString>
#include <QVariant>

namespace bitloom::ui {

enum class LayerColumn {
    Name,
    Kind,
    Shape,
    Macs,
    Parameters,
    WeightBits,
    ActivationBits,
    Scheme,
    Bytes,
    BopsShare,
    Sensitivity,
    PredictedLoss,
    Locked
};
inline constexpr int kLayerColumns = static_cast<int>(LayerColumn::Locked) + 1;

/// What a cell is made of.
struct LayerCell {
    const QString& label;
    const QString& path;
    const LayerSums& sums;
    const LayerRow* row = nullptr; ///< absent on a scope
    const QString& lossUnit;       ///< "nats", "points"; empty: not known
};

/// Text, tooltip, alignment and the roles of roles.h, but no edit flags.
QVariant layerCellData(const LayerCell& cell, LayerColumn column, int role);
/// Title (the loss's unit on a second line), definition (tooltip), alignment and KeyRole.
QVariant layerHeaderData(LayerColumn column, int role, const QString& lossUnit);

/// "affine, per channel, MSE".
QString schemeText(const QuantSpec& spec);
/// "4", "2–8", "FP32", "pruned"; pruned is 0 in a range.
QString bitRangeText(const BitRange& range);

} // namespace bitloom::ui
