// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>

namespace bitloom::ui {

/// What models give beside the formatted text, so that sorting, painting and copying never parse
/// text. An invalid value is "not known".
enum Role {
    SortRole = 0x0100 + 1, ///< (Qt::UserRole + 1) raw number or text
    RawTextRole,           ///< full precision, '.' as decimal point: for copy and CSV
    BarRole,               ///< double in [0, 1]: length of a bar behind the number
    BitsRole,              ///< BitRange: painted as a chip of the bits' colour
    LegalBitsRole,         ///< QList<int>: what an editor may offer; empty: not editable
    PredictedRole,         ///< bool: computed from a table, not measured; shown italic
    LayerNameRole,         ///< QString: full name of the layer; empty on a scope
    LayerNamesRole,        ///< QStringList: the layer, or all layers of a scope
    KeyRole,               ///< QString, headers only: name of the column in filters and copied text
};

/// The widths that occur in a row: one, or several below a scope.
struct BitRange {
    int lowest = 0;
    int highest = 0;
    bool isMixed() const { return lowest != highest; }
    bool operator==(const BitRange&) const = default;
};

} // namespace bitloom::ui

Q_DECLARE_METATYPE(bitloom::ui::BitRange)
