// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot.h"
#include "widgets/plots/plot_drawing.h"
#include "widgets/plots/scene_hits.h"
#include "widgets/util/refresh_gate.h"

#include <QPixmap>

namespace bitloom::ui {

/// State of a plot and what its events do to it; plot.cpp tells events apart.
class Plot::Private {
public:
    explicit Private(Plot* owner)
        : q(owner), drawing{{}, {}, {}, Theme(owner->palette()), captionFont(*owner)},
          gate(owner, [this] { refresh(); })
    {
    }

    static constexpr double kZoomStep = 0.8; ///< factor of the extent, per step of the wheel

    enum class Drag { None, Pressed, Pan, Guide, BrushPressed, Brush };

    Plot* q;
    PlotDrawing drawing;
    PlotAxes axes;
    PlotFrame frame;
    std::vector<SceneHit> hits;
    RefreshGate gate;
    QPixmap cache;
    bool isCacheValid = false;
    QStringList labels;
    int drawings = 0;
    std::function<QString(int)> tooltip;
    std::vector<int> selected;
    int current = -1;
    bool isLive = false;
    bool hasRanges = false;
    AxisRange dataX; // what shows everything
    AxisRange dataY;
    bool isZoomed = false;
    Drag drag = Drag::None;
    Qt::MouseButton dragButton = Qt::NoButton;
    QPointF pressed;
    QPointF last;
    bool isBrushable = false;
    bool isBrushMode = false;
    int brushStart = -1; ///< the point from which keys brush
    int hoveredGuide = -1;
    int keyGuide = -1;

    void refresh();
    void relayout();
    /// Positions are asked for before the widget was ever drawn, in tests and by keys.
    void ensureCurrent() { gate.flush(); }
    /// Into the cache, if something changed.
    void draw();
    const SceneHit* hitOf(int id) const;
    PlotGuide* guideOf(int id);
    /// The draggable guide whose line or grip is near the pixel; -1: none.
    int guideAt(QPointF pixel) const;
    void setRanges(const AxisRange& x, const AxisRange& y);
    void zoom(QPointF pixel, double factor, bool alongX, bool alongY);
    /// The frame's maps with the newest ranges, which may wait to be drawn.
    AxisMap mapX() const;
    AxisMap mapY() const;
    void pan(QPointF from, QPointF to);
    void moveGuide(int id, double value);
    void releaseGuide(int id);
    void setCurrent(int id, bool showTooltip);
    /// The next point in a direction: along x for left and right, along y for up and down.
    int nextPoint(int key) const;
    void moveGuideByKey(int key);
    void selectNextGuide();
    void brush(const std::optional<PlotBrush>& part);
    void giveUpBrush();
    /// Two corners in pixels; what lies outside of the axes is left out.
    void brushBetween(QPointF a, QPointF b);
    void brushByKey(int key);
    void paintOverlay(QPainter& painter) const;
};

} // namespace bitloom::ui
