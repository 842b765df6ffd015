// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_rows.h"

#include <functional>
#include <variant>

namespace bitloom::ui {

/// New widths for one layer; absent: stays as it is.
struct LayerBits {
    QString layer;
    std::optional<int> weight;
    std::optional<int> activation;
    bool operator==(const LayerBits&) const = default;
};

struct PastedBits {
    QList<LayerBits> bits;
    QStringList unknownLayers; ///< names in the text that the model does not have
};

/// Reads widths from text of the clipboard, one row per line, columns separated by tabs:
///   name, weight bits, activation bits (the last may be absent);
///   any columns under a header line with "name" and "wbits" or "abits", as the table copies them;
///   one column of numbers: for the selected layers in their order, or a single one for all.
/// A width is 0..16, 32, FP32 or pruned; an empty cell, a dash or a range leaves the width.
/// Error (QString): one sentence that names the line; then nothing is taken.
std::variant<PastedBits, QString>
bitsFromText(const QString& text, const QStringList& selectedLayers, BitTarget target,
             const std::function<bool(const QString& layer)>& isLayer);

} // namespace bitloom::ui
