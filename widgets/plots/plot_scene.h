// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/axis_range.h"

#include <QPointF>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// Roles, not colours: the plot takes them from the theme, so that a change of theme needs no new
/// data. Reference is the grey for what is only there to compare with.
enum class PlotColour { Weights, Activations, Good, Reference, Text, Accent };

enum class MarkShape { Circle, Diamond, Square, Triangle, Cross };

/// A value that is not finite, or not positive on a logarithmic axis, has no place: it is left out
/// and counted by Plot::omittedPoints().
struct PlotPoint {
    double x = 0;
    double y = 0;
    int id = -1; ///< what hover and click report; -1: only to look at
    QString label;
};

struct PointSeries {
    QString name; ///< in the key and in exports; empty: not in the key
    PlotColour colour = PlotColour::Weights;
    MarkShape shape = MarkShape::Circle;
    double size = 8; ///< device-independent pixels
    bool isFilled = true;
    bool isDashed = false;    ///< a dashed outline: not there yet
    bool isConnected = false; ///< straight lines from point to point
    bool hasCrosshair = false;
    bool isBrushable = true; ///< a mark that always stays as it is: false
    std::vector<PlotPoint> points;
};

/// A step line through points with ascending x: each y holds until the next x, the last one to the
/// right end of the axis.
struct StepLine {
    enum class Shade { None, Above, Below };
    PlotColour colour = PlotColour::Weights;
    Shade shade = Shade::None;
    std::vector<PlotPoint> points;
};

/// A line through points with ascending x, without marks; a y that is not a number is a gap.
struct CurveSeries {
    QString name; ///< in the key and in exports; empty: not in the key
    PlotColour colour = PlotColour::Weights;
    Qt::PenStyle pen = Qt::SolidLine;
    double width = 1.5;
    bool isStepped = false; ///< each y holds until the next x
    bool hasDots = false;   ///< few points, each of them a measurement
    QString endLabel = {};  ///< beside the last point, where there is room
    std::vector<QPointF> points = {};
};

/// Values of x at which hover and keys stop, e.g. the recorded steps of curves: each is reported by
/// its id and shaded over the whole height.
struct PlotStops {
    std::vector<double> x; ///< ascending
    int firstId = 0;       ///< the others follow
};

/// Bars without gaps, standing on the low end of the y axis.
struct BarSeries {
    QString name;
    PlotColour colour = PlotColour::Weights;
    std::vector<double> edges;   ///< ascending, one more than heights
    std::vector<double> heights; ///< 0: no bar
    int firstId = -1;            ///< id of the first bar, the others follow; -1: only to look at
};

/// Thin vertical bars from low to high, one per index.
struct SpanSeries {
    QString name;
    PlotColour colour = PlotColour::Weights;
    double firstX = 0; ///< the others follow at distance 1
    std::vector<double> low;
    std::vector<double> high;
    int firstId = -1;
    /// An outline drawn over the bars of another series, instead of bars.
    bool isOutline = false;
};

/// A line across the plot that the user may be able to move.
struct PlotGuide {
    int id = 0;
    Qt::Orientation orientation = Qt::Vertical; ///< Vertical: stands at an x value
    double value = 0;
    PlotColour colour = PlotColour::Accent;
    bool isDraggable = false;
    bool isDashed = false;
    std::function<QString(double)> text; ///< its label; none: unlabelled
    /// Which side of a vertical line its label prefers; the labels of two lines then stay apart.
    Qt::Alignment labelSide = Qt::AlignHCenter;
};

/// A band that is shaded over the whole height, e.g. what lies outside a range.
struct PlotBand {
    double from = 0; ///< x; infinite: to the end of the axis
    double to = 0;
    PlotColour colour = PlotColour::Reference;
};

struct PlotAxis {
    QString title; ///< with its unit
    bool isLog = false;
    NumberStyle style = NumberStyle::Plain;
    std::optional<AxisRange> range; ///< none: from the data
    bool startsAtZero = false;      ///< linear axes of counts
};

/// A part of the plane that the user looks at: points outside of it step back.
struct PlotBrush {
    AxisRange x;
    AxisRange y;
    bool contains(const PlotPoint& point) const
    {
        return x.low <= point.x && point.x <= x.high && y.low <= point.y && point.y <= y.high;
    }
    bool operator==(const PlotBrush&) const = default;
};

/// Everything that a plot shows.
struct PlotScene {
    PlotAxis x;
    PlotAxis y;
    std::vector<PlotBand> bands;
    std::vector<BarSeries> bars;
    std::vector<SpanSeries> spans;
    std::vector<StepLine> steps;
    std::vector<CurveSeries> curves;
    PlotStops stops;
    std::vector<PointSeries> points; ///< later ones lie above earlier ones
    std::vector<PlotGuide> guides;
    std::optional<PlotBrush> brush;
    std::vector<double> marks;  ///< x values ticked under the axis
    bool marksAreLines = false; ///< also as faint lines across the plot
    QString caption;            ///< one line in words above the plot
    QString emptyText;          ///< shown instead of axes while there is nothing to draw
};

} // namespace bitloom::ui
