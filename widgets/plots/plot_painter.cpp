// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_painter.h"

#include "widgets/plots/label_layout.h"
#include "widgets/plots/plot_header.h"

#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kContourPitch = 4; // pixels between neighbouring spans
constexpr qsizetype kManyMarks = 200;
constexpr double kFaded = 0.25; // opacity of what is not brushed

bool isRaster(const QPainter& painter)
{
    return painter.paintEngine() != nullptr &&
           painter.paintEngine()->type() == QPaintEngine::Raster;
}

QColor faded(QColor colour, double opacity)
{
    colour.setAlphaF(static_cast<float>(opacity));
    return colour;
}

QSizeF labelSize(const QString& text, const QFont& font)
{
    const QFontMetricsF metrics(font);
    return {metrics.horizontalAdvance(text), metrics.height()};
}
} // namespace

std::optional<GuideShape> guideShape(const PlotGuide& guide, const PlotFrame& frame,
                                     const QFont& font)
{
    const bool isVertical = guide.orientation == Qt::Vertical;
    const AxisMap& axis = isVertical ? frame.x : frame.y;
    const QRectF& area = frame.area;
    if (!axis.hasPlace(guide.value)) {
        return std::nullopt;
    }
    const double pixel = axis.toPixel(guide.value);
    const double low = isVertical ? area.left() : area.top();
    const double high = isVertical ? area.right() : area.bottom();
    if (pixel < low - 0.5 || pixel > high + 0.5) {
        return std::nullopt;
    }
    GuideShape shape;
    shape.line = isVertical ? QLineF(pixel, area.top(), pixel, area.bottom())
                            : QLineF(area.left(), pixel, area.right(), pixel);
    // At the end where the fewest points are.
    shape.grip =
        isVertical ? QPointF(pixel, area.bottom() - 15) : QPointF(area.right() - 15, pixel);
    if (guide.text && isVertical) { // horizontal lines are named in the key
        shape.text = guide.text(guide.value);
        const QSizeF size = labelSize(shape.text, font) + QSizeF(10, 4);
        // Above the axes, where it covers nothing.
        const double left = guide.labelSide.testFlag(Qt::AlignLeft)    ? pixel - size.width()
                            : guide.labelSide.testFlag(Qt::AlignRight) ? pixel
                                                                       : pixel - size.width() / 2;
        shape.label = {{std::clamp(left, std::min(4.0, area.left()),
                                   std::max(area.right() + 12 - size.width(), 4.0)),
                        area.top() - size.height()},
                       size};
    }
    return shape;
}

void ScenePainter::paintInside(QPainter& painter)
{
    painter.setFont(m_font);
    paintBands(painter);
    for (const StepLine& line : m_scene.steps) {
        paintStep(painter, line);
    }
    for (const BarSeries& series : m_scene.bars) {
        paintBars(painter, series);
    }
    if (m_scene.marksAreLines) {
        painter.setPen(QPen(faded(m_theme.activations(), 0.35), 1));
        for (const double mark : m_scene.marks) {
            if (m_frame.x.hasPlace(mark)) {
                const double x = m_frame.x.toPixel(mark);
                painter.drawLine(QPointF(x, m_frame.area.top()), QPointF(x, m_frame.area.bottom()));
            }
        }
    }
    for (const SpanSeries& series : m_scene.spans) {
        paintSpans(painter, series);
    }
    for (const CurveSeries& series : m_scene.curves) {
        paintCurve(painter, series);
    }
    paintBrush(painter);
    for (const PointSeries& series : m_scene.points) {
        paintPoints(painter, series);
    }
    paintLabels(painter);
}

bool ScenePainter::isFaded(const PointSeries& series, const PlotPoint& point) const
{
    return m_scene.brush && series.isBrushable && !m_scene.brush->contains(point);
}

void ScenePainter::paintBrush(QPainter& painter) const
{
    if (!m_scene.brush) {
        return;
    }
    const AxisRange& x = m_scene.brush->x;
    const AxisRange& y = m_scene.brush->y;
    if (!m_frame.x.hasPlace(x.low) || !m_frame.x.hasPlace(x.high) || !m_frame.y.hasPlace(y.low) ||
        !m_frame.y.hasPlace(y.high)) {
        return;
    }
    painter.setPen(QPen(m_theme.accent(), 1));
    painter.setBrush(faded(m_theme.accent(), 0.08));
    painter.drawRect(QRectF(QPointF(m_frame.x.toPixel(x.low), m_frame.y.toPixel(y.high)),
                            QPointF(m_frame.x.toPixel(x.high), m_frame.y.toPixel(y.low))));
}

void ScenePainter::paintBands(QPainter& painter) const
{
    const QRectF& area = m_frame.area;
    for (const PlotBand& band : m_scene.bands) {
        const auto pixel = [&](double value, double otherwise) {
            return m_frame.x.hasPlace(value)
                       ? std::clamp(m_frame.x.toPixel(value), area.left(), area.right())
                       : otherwise;
        };
        const double from = pixel(band.from, area.left());
        const double to = pixel(band.to, area.right());
        painter.fillRect(QRectF(from, area.top(), to - from, area.height()),
                         faded(colourOf(band.colour, m_theme), 0.12));
    }
}

void ScenePainter::paintBars(QPainter& painter, const BarSeries& series) const
{
    const QRectF& area = m_frame.area;
    const std::size_t count = std::min(
        series.heights.size(), series.edges.empty() ? std::size_t(0) : series.edges.size() - 1);
    // One outline for all bars: neighbours share their edge without a seam at any scale.
    QPainterPath path;
    for (std::size_t i = 0; i < count; ++i) {
        if (!m_frame.y.hasPlace(series.heights[i]) || series.heights[i] <= 0 ||
            !m_frame.x.hasPlace(series.edges[i]) || !m_frame.x.hasPlace(series.edges[i + 1])) {
            continue;
        }
        const double left = m_frame.x.toPixel(series.edges[i]);
        const double right = m_frame.x.toPixel(series.edges[i + 1]);
        // A count of one must stay visible beside millions.
        const double top = std::min(m_frame.y.toPixel(series.heights[i]), area.bottom() - 1);
        path.addRect(QRectF(QPointF(left, top), QPointF(right, area.bottom() + 1)));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    painter.setBrush(faded(colourOf(series.colour, m_theme), 0.75));
    painter.drawPath(path);
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void ScenePainter::paintSpans(QPainter& painter, const SpanSeries& series) const
{
    const std::size_t count = std::min(series.low.size(), series.high.size());
    const QColor colour = colourOf(series.colour, m_theme);
    const double pitch =
        std::abs(m_frame.x.toPixel(series.firstX + 1) - m_frame.x.toPixel(series.firstX));
    QPainterPath highs;
    QPainterPath lows;
    painter.setPen(Qt::NoPen);
    painter.setBrush(faded(colour, 0.75));
    for (std::size_t i = 0; i < count; ++i) {
        const double x = series.firstX + static_cast<double>(i);
        if (!m_frame.x.hasPlace(x) || !m_frame.y.hasPlace(series.low[i]) ||
            !m_frame.y.hasPlace(series.high[i])) {
            continue;
        }
        const double centre = m_frame.x.toPixel(x);
        const double low = m_frame.y.toPixel(series.low[i]);
        const double high = m_frame.y.toPixel(series.high[i]);
        if (series.isOutline) {
            for (const auto& [path, y] : {std::pair{&highs, high}, std::pair{&lows, low}}) {
                // Too narrow for a line of its own each: a contour.
                if (pitch < kContourPitch && path->elementCount() > 0) {
                    path->lineTo(centre - pitch / 2, y);
                } else {
                    path->moveTo(centre - pitch / 2, y);
                }
                path->lineTo(centre + pitch / 2, y);
            }
            continue;
        }
        const double width = std::clamp(pitch * 0.7, 1.0, 14.0);
        painter.drawRect(QRectF(centre - width / 2, high, width, std::max(low - high, 1.0)));
    }
    if (series.isOutline) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, pitch < kContourPitch ? 1 : 2, Qt::SolidLine, Qt::FlatCap));
        painter.drawPath(highs);
        painter.drawPath(lows);
    }
}

QPolygonF ScenePainter::stepPolygon(const StepLine& line) const
{
    QPolygonF polygon;
    for (const PlotPoint& point : line.points) {
        if (!m_frame.hasPlace(point)) {
            continue;
        }
        const QPointF pixel = m_frame.toPixel(point);
        if (!polygon.isEmpty()) {
            polygon << QPointF(pixel.x(), polygon.last().y());
        }
        polygon << pixel;
    }
    if (!polygon.isEmpty()) {
        polygon << QPointF(std::max(m_frame.area.right() + 2, polygon.last().x()),
                           polygon.last().y());
    }
    return polygon;
}

void ScenePainter::paintStep(QPainter& painter, const StepLine& line) const
{
    QPolygonF polygon = stepPolygon(line);
    if (polygon.isEmpty()) {
        return;
    }
    const QColor colour = colourOf(line.colour, m_theme);
    if (line.shade != StepLine::Shade::None) {
        const double end = line.shade == StepLine::Shade::Above ? m_frame.area.top() - 2
                                                                : m_frame.area.bottom() + 2;
        QPolygonF region = polygon;
        region << QPointF(polygon.last().x(), end) << QPointF(polygon.first().x(), end);
        painter.setPen(Qt::NoPen);
        painter.setBrush(faded(colour, 0.08));
        painter.drawPolygon(region);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPolyline(polygon);
}

void ScenePainter::paintCurve(QPainter& painter, const CurveSeries& series) const
{
    const QColor colour = colourOf(series.colour, m_theme);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, series.width, series.pen, Qt::FlatCap, Qt::RoundJoin));
    QPolygonF run;
    QPolygonF dots;
    const auto finish = [&] {
        if (run.size() > 1) {
            painter.drawPolyline(run);
        } else if (run.size() == 1 && !series.hasDots) {
            dots << run.front(); // one value between two gaps would not be seen
        }
        run.clear();
    };
    for (const QPointF& point : series.points) {
        if (!m_frame.x.hasPlace(point.x()) || !m_frame.y.hasPlace(point.y())) {
            finish();
            continue;
        }
        const QPointF pixel(m_frame.x.toPixel(point.x()), m_frame.y.toPixel(point.y()));
        if (series.isStepped && !run.isEmpty()) {
            run << QPointF(pixel.x(), run.last().y());
        }
        run << pixel;
        if (series.hasDots) {
            dots << pixel;
        }
    }
    finish();
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (const QPointF& dot : std::as_const(dots)) {
        painter.drawEllipse(dot, 2.5, 2.5);
    }
}

void ScenePainter::paintPoints(QPainter& painter, const PointSeries& series) const
{
    QPolygonF pixels;
    QPolygonF shown;
    QPolygonF outside;
    for (const PlotPoint& point : series.points) {
        if (m_frame.hasPlace(point)) {
            pixels << m_frame.toPixel(point);
            (isFaded(series, point) ? outside : shown) << pixels.back();
        }
    }
    if (series.isConnected) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colourOf(series.colour, m_theme), 1.5));
        painter.drawPolyline(pixels);
    }
    if (series.hasCrosshair) {
        painter.setPen(QPen(faded(colourOf(series.colour, m_theme), 0.6), 1, Qt::DashLine));
        for (const QPointF& pixel : pixels) {
            painter.drawLine(QPointF(m_frame.area.left(), pixel.y()),
                             QPointF(m_frame.area.right(), pixel.y()));
            painter.drawLine(QPointF(pixel.x(), m_frame.area.top()),
                             QPointF(pixel.x(), m_frame.area.bottom()));
        }
    }
    painter.setOpacity(kFaded);
    paintMarks(painter, series, std::move(outside));
    painter.setOpacity(1);
    paintMarks(painter, series, std::move(shown));
}

void ScenePainter::paintMarks(QPainter& painter, const PointSeries& series, QPolygonF pixels) const
{
    const QRectF visible = m_frame.area.adjusted(-20, -20, 20, 20);
    pixels.removeIf([&visible](const QPointF& pixel) { return !visible.contains(pixel); });
    if (pixels.size() >= kManyMarks && isRaster(painter)) {
        // Stamped: outlines of thousands of marks take longer than a frame. Only on the screen and
        // in bitmaps; other pictures stay outlines.
        const double ratio = painter.device()->devicePixelRatio();
        const int room = static_cast<int>(std::ceil(series.size * 1.25)) + 4;
        QPixmap stamp(QSize(room, room) * ratio);
        stamp.setDevicePixelRatio(ratio);
        stamp.fill(Qt::transparent);
        {
            QPainter stampPainter(&stamp);
            stampPainter.setRenderHint(QPainter::Antialiasing);
            paintMark(stampPainter, QPointF(room, room) / 2, series, m_theme);
        }
        for (const QPointF& pixel : pixels) {
            const QPointF corner = (pixel - QPointF(room, room) / 2) * ratio;
            painter.drawPixmap(QPointF(std::round(corner.x()), std::round(corner.y())) / ratio,
                               stamp);
        }
        return;
    }
    for (const QPointF& pixel : pixels) {
        paintMark(painter, pixel, series, m_theme);
    }
}

void ScenePainter::paintEndLabels(QPainter& painter)
{
    struct EndLabel {
        const CurveSeries* series;
        double y;
    };
    std::vector<EndLabel> labels;
    double right = m_frame.area.left();
    for (const CurveSeries& series : m_scene.curves) {
        const auto last = std::find_if(
            series.points.rbegin(), series.points.rend(), [this](const QPointF& point) {
                return m_frame.x.hasPlace(point.x()) && m_frame.y.hasPlace(point.y());
            });
        if (!series.endLabel.isEmpty() && last != series.points.rend()) {
            labels.push_back({&series, m_frame.y.toPixel(last->y())});
            right = std::max(right, m_frame.x.toPixel(last->x()));
        }
    }
    const QFontMetricsF metrics(m_font);
    const double line = metrics.height();
    std::stable_sort(labels.begin(), labels.end(),
                     [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
    // From the lowest one upwards, each as near to its curve as those below leave room.
    double floor = m_frame.area.bottom();
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        const double bottom = std::min(label->y + line / 2, floor);
        // Too far from its curve it would name another one: the key has the names, too.
        if (bottom - line < m_frame.area.top() || label->y + line / 2 - bottom > 0.7 * line) {
            continue;
        }
        floor = bottom - line;
        const double width = metrics.horizontalAdvance(label->series->endLabel) + 6;
        const double left = std::min(right + 4, m_frame.area.right() - width);
        const QRectF place(left, bottom - line, width, line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(faded(m_theme.base(), 0.8));
        painter.drawRect(place);
        painter.setPen(m_theme.text());
        painter.drawText(place, Qt::AlignCenter, label->series->endLabel);
        m_drawnLabels << label->series->endLabel;
    }
}

void ScenePainter::paintLabels(QPainter& painter)
{
    const auto isLabelled = [](const PointSeries& series) {
        return std::any_of(series.points.begin(), series.points.end(),
                           [](const PlotPoint& point) { return !point.label.isEmpty(); });
    };
    paintEndLabels(painter);
    if (std::none_of(m_scene.points.begin(), m_scene.points.end(), isLabelled)) {
        return;
    }
    LabelLayout layout(m_frame.area.adjusted(2, 2, -2, -2));
    for (const PointSeries& series : m_scene.points) {
        const double r = series.size / 2 + 1;
        QPointF previous;
        bool hasPrevious = false;
        for (const PlotPoint& point : series.points) {
            if (!m_frame.hasPlace(point)) {
                continue;
            }
            const QPointF pixel = m_frame.toPixel(point);
            layout.block({pixel.x() - r, pixel.y() - r, 2 * r, 2 * r});
            if (series.isConnected && hasPrevious) {
                layout.blockLine(previous, pixel);
            }
            if (series.hasCrosshair) {
                layout.blockLine({m_frame.area.left(), pixel.y()},
                                 {m_frame.area.right(), pixel.y()});
                layout.blockLine({pixel.x(), m_frame.area.top()},
                                 {pixel.x(), m_frame.area.bottom()});
            }
            previous = pixel;
            hasPrevious = true;
        }
    }
    for (const StepLine& line : m_scene.steps) {
        const QPolygonF polygon = stepPolygon(line);
        for (qsizetype i = 0; i + 1 < polygon.size(); ++i) {
            layout.blockLine(polygon[i], polygon[i + 1]);
        }
    }
    for (const PlotGuide& guide : m_scene.guides) {
        if (const auto shape = guideShape(guide, m_frame, m_font)) {
            layout.blockLine(shape->line.p1(), shape->line.p2());
            layout.block(shape->label);
        }
    }
    // The last series lie on top and are the ones that matter most: they choose first.
    for (auto series = m_scene.points.rbegin(); series != m_scene.points.rend(); ++series) {
        for (const PlotPoint& point : series->points) {
            if (point.label.isEmpty() || !m_frame.hasPlace(point) ||
                !m_frame.area.contains(m_frame.toPixel(point))) {
                continue;
            }
            const auto place = layout.place(m_frame.toPixel(point), series->size / 2,
                                            labelSize(point.label, m_font));
            if (place) {
                painter.setPen(isFaded(*series, point) ? m_theme.dimText() : m_theme.text());
                painter.drawText(place->adjusted(0, 0, 2, 0), Qt::AlignLeft | Qt::AlignVCenter,
                                 point.label);
                m_drawnLabels << point.label;
            }
        }
    }
}

void ScenePainter::paintMarks(QPainter& painter) const
{
    painter.setPen(QPen(m_theme.activations(), 1));
    const QRectF& area = m_frame.area;
    for (const double mark : m_scene.marks) {
        if (!m_frame.x.hasPlace(mark)) {
            continue;
        }
        const double x = m_frame.x.toPixel(mark);
        if (x >= area.left() && x <= area.right()) {
            painter.drawLine(QPointF(x, area.bottom() + 2), QPointF(x, area.bottom() + 8));
        }
    }
}

void ScenePainter::paintGuide(QPainter& painter, const PlotGuide& guide, bool isActive) const
{
    const auto shape = guideShape(guide, m_frame, m_font);
    if (!shape) {
        return;
    }
    const QColor colour = colourOf(guide.colour, m_theme);
    painter.setFont(m_font);
    painter.setPen(QPen(colour, isActive ? 2.5 : 1.5, guide.isDashed ? Qt::DashLine : Qt::SolidLine,
                        Qt::FlatCap));
    painter.drawLine(shape->line);
    if (guide.isDraggable) {
        // A grip says that the line can be moved.
        const QPointF centre = shape->grip;
        const bool isVertical = guide.orientation == Qt::Vertical;
        const QSizeF size = isVertical ? QSizeF(8, 22) : QSizeF(22, 8);
        const QRectF grip(centre - QPointF(size.width() / 2, size.height() / 2), size);
        painter.setPen(QPen(colour, 1.5));
        painter.setBrush(isActive ? colour : m_theme.base());
        painter.drawRoundedRect(grip, 3, 3);
    }
    if (!shape->text.isEmpty()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(faded(m_theme.base(), 0.88));
        painter.drawRoundedRect(shape->label, 3, 3);
        painter.setPen(m_theme.text());
        painter.drawText(shape->label, Qt::AlignCenter, shape->text);
    }
}

} // namespace bitloom::ui
