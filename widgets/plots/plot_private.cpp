// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_private.h"

#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kGuideDistance = 6; // from a line, to take hold of it
constexpr double kMaxZoomOut = 4;    // times the extent of the data
constexpr double kMaxZoomIn = 1e-7;  // of the extent of the data
constexpr double kGuideKeyStep = 0.01;
constexpr double kBrushRoom = 8; // pixels around the points that keys brush

AxisRange unionOf(const AxisRange& a, const AxisRange& b)
{
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

double extentOf(const AxisRange& range, bool isLog)
{
    return isLog ? std::log(range.high) - std::log(range.low) : range.high - range.low;
}
} // namespace

void Plot::Private::refresh()
{
    const PlotScene& scene = drawing.scene;
    const AxisRange x = xRangeOf(scene);
    const AxisRange y = yRangeOf(scene);
    const bool grows = isLive && hasRanges;
    dataX = grows ? unionOf(dataX, x) : x;
    dataY = grows ? unionOf(dataY, y) : y;
    hasRanges = !isEmpty(scene);
    // A line that is being dragged must not move the axes under the hand.
    if (!isZoomed && drag != Drag::Guide) {
        drawing.x = dataX;
        drawing.y = dataY;
    }
    relayout();
    if (current >= 0 && hitOf(current) == nullptr) {
        current = -1;
    }
}

void Plot::Private::relayout()
{
    frame = drawing.layout(axes, q->size());
    hits = sceneHits(drawing.scene, frame);
    isCacheValid = false;
    q->update();
}

void Plot::Private::draw()
{
    const double ratio = q->devicePixelRatioF();
    if (isCacheValid && cache.devicePixelRatio() == ratio) {
        return;
    }
    cache = QPixmap((QSizeF(q->size()) * ratio).toSize());
    cache.setDevicePixelRatio(ratio);
    cache.fill(drawing.theme.base());
    QPainter painter(&cache);
    labels = drawing.paint(painter, axes, frame, q->size());
    isCacheValid = true;
    ++drawings;
}

const SceneHit* Plot::Private::hitOf(int id) const
{
    const auto found =
        std::find_if(hits.begin(), hits.end(), [id](const SceneHit& hit) { return hit.id == id; });
    return found == hits.end() ? nullptr : &*found;
}

PlotGuide* Plot::Private::guideOf(int id)
{
    auto& guides = drawing.scene.guides;
    const auto found = std::find_if(guides.begin(), guides.end(),
                                    [id](const PlotGuide& guide) { return guide.id == id; });
    return found == guides.end() ? nullptr : &*found;
}

int Plot::Private::guideAt(QPointF pixel) const
{
    int nearest = -1;
    double distance = kGuideDistance;
    for (const PlotGuide& guide : drawing.scene.guides) {
        const auto shape = guideShape(guide, frame, drawing.font);
        if (!guide.isDraggable || !shape || !frame.area.contains(pixel)) {
            continue;
        }
        const double there = guide.orientation == Qt::Vertical
                                 ? std::abs(shape->line.x1() - pixel.x())
                                 : std::abs(shape->line.y1() - pixel.y());
        if (there <= distance) {
            distance = there;
            nearest = guide.id;
        }
    }
    return nearest;
}

void Plot::Private::setRanges(const AxisRange& x, const AxisRange& y)
{
    const auto isUsable = [](const AxisRange& range, const AxisRange& data, bool isLog) {
        const double extent = extentOf(range, isLog);
        const double full = extentOf(data, isLog);
        return std::isfinite(extent) && extent <= full * kMaxZoomOut &&
               extent >= full * kMaxZoomIn && (!isLog || range.low > 0);
    };
    if (!isUsable(x, dataX, drawing.scene.x.isLog) || !isUsable(y, dataY, drawing.scene.y.isLog)) {
        return;
    }
    drawing.x = x;
    drawing.y = y;
    isZoomed = !(x == dataX && y == dataY);
    // Through the gate: a wheel or a drag sends more events than anyone can see.
    gate.markDirty();
    Q_EMIT q->rangeChanged();
}

void Plot::Private::zoom(QPointF pixel, double factor, bool alongX, bool alongY)
{
    const PlotScene& scene = drawing.scene;
    AxisRange x = drawing.x;
    AxisRange y = drawing.y;
    if (alongX) {
        x = zoomed(x, scene.x.isLog, factor, mapX().toValue(pixel.x()));
    }
    if (alongY) {
        y = zoomed(y, scene.y.isLog, factor, mapY().toValue(pixel.y()));
    }
    setRanges(x, y);
}

AxisMap Plot::Private::mapX() const
{
    AxisMap map = frame.x;
    map.range = drawing.x;
    return map;
}

AxisMap Plot::Private::mapY() const
{
    AxisMap map = frame.y;
    map.range = drawing.y;
    return map;
}

void Plot::Private::pan(QPointF from, QPointF to)
{
    const AxisMap x = mapX();
    const AxisMap y = mapY();
    setRanges(panned(x.range, x.isLog, x.toValue(from.x()), x.toValue(to.x())),
              panned(y.range, y.isLog, y.toValue(from.y()), y.toValue(to.y())));
}

void Plot::Private::moveGuide(int id, double value)
{
    PlotGuide* guide = guideOf(id);
    if (guide == nullptr) {
        return;
    }
    const AxisRange& range = guide->orientation == Qt::Vertical ? drawing.x : drawing.y;
    guide->value = std::clamp(value, range.low, range.high);
    q->update();
    Q_EMIT q->guideDragged(id, guide->value);
}

void Plot::Private::releaseGuide(int id)
{
    if (const PlotGuide* guide = guideOf(id)) {
        Q_EMIT q->guideReleased(id, guide->value);
    }
}

void Plot::Private::setCurrent(int id, bool showTooltip)
{
    if (id == current) {
        return;
    }
    current = id;
    q->update();
    const SceneHit* hit = hitOf(id);
    const QString text = hit != nullptr && tooltip ? tooltip(id) : QString();
    q->setAccessibleDescription(text.isEmpty() ? drawing.scene.caption : text);
    if (showTooltip && !text.isEmpty()) {
        QToolTip::showText(q->mapToGlobal(hit->pixel.toPoint() + QPoint(12, 8)), text, q);
    } else {
        QToolTip::hideText();
    }
    Q_EMIT q->pointHovered(id);
}

int Plot::Private::nextPoint(int key) const
{
    std::vector<const SceneHit*> visible;
    for (const SceneHit& hit : hits) {
        if (frame.area.adjusted(-1, -1, 1, 1).contains(hit.pixel) || hit.radius == 0) {
            visible.push_back(&hit);
        }
    }
    if (visible.empty()) {
        return -1;
    }
    const bool isForward = key == Qt::Key_Right || key == Qt::Key_Up;
    if (key == Qt::Key_Up || key == Qt::Key_Down) {
        std::stable_sort(visible.begin(), visible.end(), [](const SceneHit* a, const SceneHit* b) {
            return a->pixel.y() > b->pixel.y();
        });
    }
    const auto found = std::find_if(visible.begin(), visible.end(),
                                    [this](const SceneHit* hit) { return hit->id == current; });
    if (found == visible.end()) {
        return isForward ? visible.front()->id : visible.back()->id;
    }
    if (isForward) {
        return std::next(found) == visible.end() ? current : (*std::next(found))->id;
    }
    return found == visible.begin() ? current : (*std::prev(found))->id;
}

void Plot::Private::moveGuideByKey(int key)
{
    const PlotGuide* guide = guideOf(keyGuide);
    if (guide == nullptr || !guide->isDraggable) {
        selectNextGuide();
        guide = guideOf(keyGuide);
    }
    if (guide == nullptr) {
        return;
    }
    const bool isVertical = guide->orientation == Qt::Vertical;
    const AxisMap& map = isVertical ? frame.x : frame.y;
    const bool isForward = key == Qt::Key_Right || key == Qt::Key_Up;
    const double step = (map.pixelHigh - map.pixelLow) * kGuideKeyStep * (isForward ? 1 : -1);
    if (isVertical == (key == Qt::Key_Left || key == Qt::Key_Right)) {
        moveGuide(guide->id, map.toValue(map.toPixel(guide->value) + step));
        releaseGuide(keyGuide);
    }
}

void Plot::Private::selectNextGuide()
{
    std::vector<int> ids;
    for (const PlotGuide& guide : drawing.scene.guides) {
        if (guide.isDraggable) {
            ids.push_back(guide.id);
        }
    }
    const auto found = std::find(ids.begin(), ids.end(), keyGuide);
    if (ids.empty()) {
        keyGuide = -1;
    } else if (found == ids.end() || std::next(found) == ids.end()) {
        keyGuide = ids.front();
    } else {
        keyGuide = *std::next(found);
    }
    q->update();
}

void Plot::Private::brush(const std::optional<PlotBrush>& part)
{
    if (drawing.scene.brush == part) {
        return;
    }
    drawing.scene.brush = part;
    gate.markDirty();
    // While the hand draws it, only the points tell: words would move the axes under the hand.
    if (drag != Drag::Brush) {
        Q_EMIT q->brushChanged();
    }
}

void Plot::Private::giveUpBrush()
{
    brushStart = -1;
    if (drag == Drag::Brush) {
        drag = Drag::None;
        q->unsetCursor();
    }
    brush(std::nullopt);
}

void Plot::Private::brushBetween(QPointF a, QPointF b)
{
    const QRectF part = QRectF(a, b).normalized() & frame.area;
    if (!part.isEmpty()) {
        brush(PlotBrush{{frame.x.toValue(part.left()), frame.x.toValue(part.right())},
                        {frame.y.toValue(part.bottom()), frame.y.toValue(part.top())}});
    }
}

void Plot::Private::brushByKey(int key)
{
    if (hitOf(brushStart) == nullptr) {
        brushStart = current >= 0 ? current : nextPoint(key);
    }
    if (current >= 0 || brushStart < 0) {
        setCurrent(nextPoint(key), true);
    } else {
        setCurrent(brushStart, true);
    }
    const SceneHit* first = hitOf(brushStart);
    const SceneHit* end = hitOf(current);
    if (first != nullptr && end != nullptr) {
        const QRectF part = QRectF(first->pixel, end->pixel).normalized();
        const QMarginsF room(kBrushRoom, kBrushRoom, kBrushRoom, kBrushRoom);
        brushBetween(part.marginsAdded(room).topLeft(), part.marginsAdded(room).bottomRight());
    }
}

void Plot::Private::paintOverlay(QPainter& painter) const
{
    const int guide = hoveredGuide >= 0 ? hoveredGuide : q->hasFocus() ? keyGuide : -1;
    drawing.paintGuides(painter, frame, guide);
    const auto ring = [&](const SceneHit& hit, double width, double room) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(drawing.theme.accent(), width));
        if (hit.radius > 0) {
            painter.drawEllipse(hit.pixel, hit.radius + room, hit.radius + room);
        } else {
            QColor shade = drawing.theme.accent();
            shade.setAlphaF(0.18F);
            painter.fillRect(hit.column, shade);
        }
    };
    if (isZoomed) {
        painter.setFont(drawing.font);
        painter.setPen(drawing.theme.dimText());
        painter.drawText(QRectF(q->rect()).adjusted(12, 0, -16, -8),
                         Qt::AlignRight | Qt::AlignBottom, tr("zoomed, double-click resets"));
    }
    painter.setClipRect(frame.area.adjusted(-12, -12, 12, 12));
    for (const int id : selected) {
        if (const SceneHit* hit = hitOf(id)) {
            ring(*hit, 2.5, 0.5);
        }
    }
    if (const SceneHit* hit = hitOf(current)) {
        ring(*hit, 1.5, -1.5);
    }
}

} // namespace bitloom::ui
