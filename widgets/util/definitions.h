// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace bitloom::ui {

/// What the window measures and counts. The same words wherever a figure is explained: tooltips
/// show the meaning, "What's this?" everything.
enum class Metric {
    Size,
    LayerSize,
    Bops,
    BopsShare,
    ExpectedBops,
    Macs,
    Parameters,
    WeightBits,
    ActivationBits,
    Sensitivity,
    LayerLoss,
    PredictedLoss,
    Top1,
    Top5,
    Change,
    Agreement,
    Sqnr,
};

struct Definition {
    QString name;
    QString meaning; ///< one or two sentences
    QString unit;
    QString formula; ///< may be empty
    QString source;  ///< where the number comes from, or who defined it
};

Definition definitionOf(Metric metric);
/// All of it as rich text, for "What's this?".
QString whatsThis(Metric metric);

} // namespace bitloom::ui
