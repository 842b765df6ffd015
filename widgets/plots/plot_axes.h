// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_painter.h"

#include <QSize>

#include <memory>

namespace bitloom::ui {

/// Grid, axes, tick labels and titles, and the room that they need: the only class that knows the
/// plotting library (QCustomPlot). It is used as an engine that paints vectors: it has no widget of
/// its own on the screen, so neither pixel ratios nor event handling of the library matter.
class PlotAxes {
public:
    PlotAxes();
    ~PlotAxes();
    PlotAxes(const PlotAxes&) = delete;
    PlotAxes& operator=(const PlotAxes&) = delete;

    void setAxes(const PlotAxis& x, const PlotAxis& y, const AxisRange& xRange,
                 const AxisRange& yRange);
    void setLook(const Theme& theme, const QFont& font);
    /// headerHeight: kept free above; hasMarks: room for ticks of the scene under the x axis.
    PlotFrame layout(QSize size, int headerHeight, bool hasMarks);
    /// Paints for the last layout.
    void paint(QPainter& painter) const;

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
    QSize m_size;
    bool m_isXLog = false;
    bool m_isXIndex = false;
    bool m_isYLog = false;
};

} // namespace bitloom::ui
