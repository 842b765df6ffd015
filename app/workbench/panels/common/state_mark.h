// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPixmap>
#include <QRectF>

class QPainter;
class QPalette;

namespace bitloom::workbench {

/// Small signs that differ in shape, so that colour is never the only difference.
enum class Mark { None, Waiting, Running, Paused, Done, Failed, Stopped, Warning, Command };

/// The colour that goes with it: good for Done, error for Failed, else the text's.
QColor markColour(Mark mark, const QPalette& palette);

/// Paints into the largest square in the middle of the rectangle.
void paintMark(QPainter& painter, const QRectF& rect, Mark mark, const QColor& colour);

/// For labels; size in device-independent pixels.
QPixmap markPixmap(Mark mark, int size, const QColor& colour, double devicePixelRatio);

} // namespace bitloom::workbench
