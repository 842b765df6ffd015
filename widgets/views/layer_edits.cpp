// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/layer_edits.h"

#include "widgets/models/layer_tree_model.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>

#include <set>

namespace bitloom::ui {

namespace {
struct Words {
    Q_DECLARE_TR_FUNCTIONS(LayerEdits)
};

const LayerRow& rowOf(const LayerTreeModel& model, const QString& layer)
{
    return *model.rowAt(model.indexOf(layer));
}

QString reasonAgainst(const LayerRow& row, BitTarget target, int bits)
{
    if (row.locked) {
        return Words::tr("%1 is locked").arg(row.name);
    }
    return target == BitTarget::Weights && !row.hasWeight
               ? Words::tr("%1 has no weight").arg(row.name)
               : Words::tr("%1 cannot have this width: %2").arg(row.name, formatBits(bits));
}
} // namespace

LegalLayers layersThatTake(const LayerTreeModel& model, const QStringList& layers, BitTarget target,
                           int bits)
{
    LegalLayers legal;
    QString refused;
    for (const QString& layer : layers) {
        const LayerRow& row = rowOf(model, layer);
        if (legalBits(row, target).contains(bits)) {
            legal.layers.append(layer);
        } else if (refused.isEmpty()) {
            refused = reasonAgainst(row, target, bits);
        }
    }
    const auto left = layers.size() - legal.layers.size();
    if (left > 0) {
        legal.message = legal.layers.isEmpty() ? Words::tr("No bits were set: %1.").arg(refused)
                                               : Words::tr("%1 of %2 layers were left out: %3.")
                                                     .arg(left)
                                                     .arg(layers.size())
                                                     .arg(refused);
    }
    return legal;
}

LegalBits possibleBits(const LayerTreeModel& model, const PastedBits& pasted)
{
    LegalBits possible;
    QStringList leftOut = pasted.unknownLayers;
    for (LayerBits bits : pasted.bits) {
        const LayerRow& row = rowOf(model, bits.layer);
        const auto check = [&](std::optional<int>& width, BitTarget target) {
            if (width && !legalBits(row, target).contains(*width)) {
                width.reset();
            }
        };
        check(bits.weight, BitTarget::Weights);
        check(bits.activation, BitTarget::Activations);
        if (bits.weight || bits.activation) {
            possible.bits.append(bits);
        } else {
            leftOut.append(bits.layer);
        }
    }
    if (!leftOut.isEmpty()) {
        possible.message =
            Words::tr("Bits of %1 layers were pasted; %2 are locked, not in this model or cannot "
                      "have their width: %3.")
                .arg(possible.bits.size())
                .arg(leftOut.size())
                .arg(shortened(leftOut.mid(0, 5).join(QStringLiteral(", ")), 120));
    }
    return possible;
}

QList<int> widthsOf(const LayerTreeModel& model, const QStringList& layers, BitTarget target)
{
    std::set<int> widths;
    for (const QString& layer : layers) {
        for (const int width : legalBits(rowOf(model, layer), target)) {
            widths.insert(width);
        }
    }
    return {widths.begin(), widths.end()};
}

} // namespace bitloom::ui
