// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/roles.h"

#include <QFont>
#include <QPalette>
#include <QRect>
#include <QString>

class QFontMetrics;
class QPainter;

namespace bitloom::ui {

/// Space left and right of a cell's text.
inline constexpr int kCellMargin = 6;
/// Height of a table row: the font and 8 pixels.
int rowHeight(const QFontMetrics& metrics);

/// The number on its colour, at the right end of the cell. Pruned is hatched, floating point grey;
/// several widths are outlined, with the colours of the lowest and the highest below the text.
void paintBitsChip(QPainter& painter, const QRect& cell, const BitRange& bits, const QString& text,
                   const QPalette& palette, const QFont& font);
int bitsChipWidth(const QFontMetrics& metrics, const QString& text);

/// A bar of share * (free width) left of the number, which keeps the width of "100.00 %".
void paintShareBar(QPainter& painter, const QRect& cell, double share, const QString& text,
                   const QPalette& palette, bool selected, const QFont& font);

} // namespace bitloom::ui
