// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_scene.h"
#include "widgets/util/theme.h"

#include <QFont>
#include <QStringList>

class QPainter;

namespace bitloom::ui {

/// Where the inside of the axes lies, and how values become pixels there.
struct PlotFrame {
    QRectF area; ///< inside of the axes; labels of vertical guides stand above it
    AxisMap x;
    AxisMap y;

    bool hasPlace(const PlotPoint& point) const
    {
        return x.hasPlace(point.x) && y.hasPlace(point.y);
    }
    QPointF toPixel(const PlotPoint& point) const
    {
        return {x.toPixel(point.x), y.toPixel(point.y)};
    }
};

/// Where a guide's line and its label lie.
struct GuideShape {
    QLineF line;
    QRectF label; ///< empty: no text
    QPointF grip; ///< middle of what the hand takes hold of
    QString text;
};
/// The shape at the guide's value; nothing if it lies outside of the axes.
std::optional<GuideShape> guideShape(const PlotGuide& guide, const PlotFrame& frame,
                                     const QFont& font);

/// Paints a scene into the frame of its axes. Knows no plotting library.
class ScenePainter {
public:
    ScenePainter(const PlotScene& scene, const PlotFrame& frame, const Theme& theme,
                 const QFont& font)
        : m_scene(scene), m_frame(frame), m_theme(theme), m_font(font)
    {
    }

    /// Everything inside the axes but the guides; the painter is clipped to the area.
    void paintInside(QPainter& painter);
    /// Ticks of the scene's marks under the axis: outside of the area.
    void paintMarks(QPainter& painter) const;
    void paintGuide(QPainter& painter, const PlotGuide& guide, bool isActive) const;

    const QStringList& drawnLabels() const { return m_drawnLabels; }

private:
    void paintBands(QPainter& painter) const;
    void paintBars(QPainter& painter, const BarSeries& series) const;
    void paintSpans(QPainter& painter, const SpanSeries& series) const;
    void paintStep(QPainter& painter, const StepLine& line) const;
    void paintCurve(QPainter& painter, const CurveSeries& series) const;
    void paintPoints(QPainter& painter, const PointSeries& series) const;
    void paintMarks(QPainter& painter, const PointSeries& series, QPolygonF pixels) const;
    void paintBrush(QPainter& painter) const;
    bool isFaded(const PointSeries& series, const PlotPoint& point) const;
    void paintLabels(QPainter& painter);
    void paintEndLabels(QPainter& painter); ///< of curves
    QPolygonF stepPolygon(const StepLine& line) const;

    const PlotScene& m_scene;
    const PlotFrame& m_frame;
    const Theme& m_theme;
    QFont m_font;
    QStringList m_drawnLabels;
};

} // namespace bitloom::ui
