// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_axes.h"

class QWidget;

namespace bitloom::ui {

/// Everything that decides what a plot looks like, so that a picture can outlive its widget.
struct PlotDrawing {
    PlotScene scene;
    AxisRange x;
    AxisRange y;
    Theme theme;
    QFont font;

    PlotFrame layout(PlotAxes& axes, QSize size) const;
    /// Paints into (0, 0, size); returns the labels that found room.
    QStringList paint(QPainter& painter, const PlotAxes& axes, const PlotFrame& frame,
                      QSize size) const;
    void paintGuides(QPainter& painter, const PlotFrame& frame, int activeGuide) const;
};

/// Axis numbers and labels are one step smaller than the window's text.
QFont captionFont(const QWidget& widget);

} // namespace bitloom::ui
