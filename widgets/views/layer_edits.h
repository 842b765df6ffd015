// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/bits_text.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace bitloom::ui {

class LayerTreeModel;

// Which of the edits that a user asked for are possible, and what to say of the others.

struct LegalLayers {
    QStringList layers; ///< that can have the width
    QString message;    ///< one sentence; empty: all of them can
};
LegalLayers layersThatTake(const LayerTreeModel& model, const QStringList& layers, BitTarget target,
                           int bits);

struct LegalBits {
    QList<LayerBits> bits; ///< without the widths that are not possible
    QString message;       ///< one sentence; empty: all of them are
};
LegalBits possibleBits(const LayerTreeModel& model, const PastedBits& pasted);

/// All widths that at least one of the layers can have, ascending.
QList<int> widthsOf(const LayerTreeModel& model, const QStringList& layers, BitTarget target);

} // namespace bitloom::ui
