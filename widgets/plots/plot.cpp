// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot.h"

#include "widgets/plots/plot_drawing.h"
#include "widgets/plots/scene_hits.h"
#include "widgets/util/refresh_gate.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QPixmap>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kGuideDistance = 6; // from a line, to take hold of it
constexpr double kZoomStep = 0.8;
constexpr double kMaxZoomOut = 4;   // times the extent of the data
constexpr double kMaxZoomIn = 1e-7; // of the extent of the data
constexpr double kGuideKeyStep = 0.01;

AxisRange unionOf(const AxisRange& a, const AxisRange& b)
{
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

double extentOf(const AxisRange& range, bool isLog)
{
    return isLog ? std::log(range.high) - std::log(range.low) : range.high - range.low;
}
} // namespace

class Plot::Private {
public:
    explicit Private(Plot* owner)
        : q(owner), drawing{{}, {}, {}, Theme(owner->palette()), captionFont(*owner)},
          gate(owner, [this] { refresh(); })
    {
    }

    enum class Drag { None, Pressed, Pan, Guide };

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
    int hoveredGuide = -1;
    int keyGuide = -1;

    void refresh()
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

    void relayout()
    {
        frame = drawing.layout(axes, q->size());
        hits = sceneHits(drawing.scene, frame);
        isCacheValid = false;
        q->update();
    }

    /// Positions are asked for before the widget was ever drawn, in tests and by keys.
    void ensureCurrent() { gate.flush(); }

    void draw()
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

    const SceneHit* hitOf(int id) const
    {
        const auto found = std::find_if(hits.begin(), hits.end(),
                                        [id](const SceneHit& hit) { return hit.id == id; });
        return found == hits.end() ? nullptr : &*found;
    }

    PlotGuide* guideOf(int id)
    {
        auto& guides = drawing.scene.guides;
        const auto found = std::find_if(guides.begin(), guides.end(),
                                        [id](const PlotGuide& guide) { return guide.id == id; });
        return found == guides.end() ? nullptr : &*found;
    }

    /// The draggable guide whose line or grip is near the pixel; -1: none.
    int guideAt(QPointF pixel) const
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

    void setRanges(const AxisRange& x, const AxisRange& y)
    {
        const auto isUsable = [](const AxisRange& range, const AxisRange& data, bool isLog) {
            const double extent = extentOf(range, isLog);
            const double full = extentOf(data, isLog);
            return std::isfinite(extent) && extent <= full * kMaxZoomOut &&
                   extent >= full * kMaxZoomIn && (!isLog || range.low > 0);
        };
        if (!isUsable(x, dataX, drawing.scene.x.isLog) ||
            !isUsable(y, dataY, drawing.scene.y.isLog)) {
            return;
        }
        drawing.x = x;
        drawing.y = y;
        isZoomed = !(x == dataX && y == dataY);
        // Through the gate: a wheel or a drag sends more events than anyone can see.
        gate.markDirty();
        Q_EMIT q->rangeChanged();
    }

    void zoom(QPointF pixel, double factor, bool alongX, bool alongY)
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

    /// The frame's maps with the newest ranges, which may wait to be drawn.
    AxisMap mapX() const
    {
        AxisMap map = frame.x;
        map.range = drawing.x;
        return map;
    }
    AxisMap mapY() const
    {
        AxisMap map = frame.y;
        map.range = drawing.y;
        return map;
    }

    void pan(QPointF from, QPointF to)
    {
        const AxisMap x = mapX();
        const AxisMap y = mapY();
        setRanges(panned(x.range, x.isLog, x.toValue(from.x()), x.toValue(to.x())),
                  panned(y.range, y.isLog, y.toValue(from.y()), y.toValue(to.y())));
    }

    void moveGuide(int id, double value)
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

    void releaseGuide(int id)
    {
        if (const PlotGuide* guide = guideOf(id)) {
            Q_EMIT q->guideReleased(id, guide->value);
        }
    }

    void setCurrent(int id, bool showTooltip)
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

    /// The next point in a direction: along x for left and right, along y for up and down.
    int nextPoint(int key) const
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
            std::stable_sort(
                visible.begin(), visible.end(),
                [](const SceneHit* a, const SceneHit* b) { return a->pixel.y() > b->pixel.y(); });
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

    void moveGuideByKey(int key)
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

    void selectNextGuide()
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

    void paintOverlay(QPainter& painter) const
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
};

Plot::Plot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setWhatsThis(tr("Wheel: zoom along the horizontal axis, with Ctrl both, with Shift the "
                    "vertical one. Drag: move. Double-click or 0: everything. Arrows: from point "
                    "to point, Return: choose it. Shift and arrows: move the line, Page Down: take "
                    "the next line."));
    d->gate.markDirty();
}

Plot::~Plot() = default;

void Plot::setScene(PlotScene scene)
{
    const bool sameAxes =
        scene.x.isLog == d->drawing.scene.x.isLog && scene.y.isLog == d->drawing.scene.y.isLog &&
        scene.x.title == d->drawing.scene.x.title && scene.y.title == d->drawing.scene.y.title;
    if (!sameAxes) {
        d->isZoomed = false;
        d->hasRanges = false;
    }
    d->drawing.scene = std::move(scene);
    setAccessibleDescription(isEmpty(d->drawing.scene) ? d->drawing.scene.emptyText
                                                       : d->drawing.scene.caption);
    d->gate.markDirty();
}

const PlotScene& Plot::scene() const
{
    return d->drawing.scene;
}

void Plot::setTooltipProvider(std::function<QString(int)> provider)
{
    d->tooltip = std::move(provider);
}

void Plot::setSelectedPoints(std::vector<int> ids)
{
    if (d->selected != ids) {
        d->selected = std::move(ids);
        update();
    }
}

const std::vector<int>& Plot::selectedPoints() const
{
    return d->selected;
}

void Plot::setLive(bool live)
{
    d->isLive = live;
    d->gate.markDirty();
}

void Plot::resetZoom()
{
    d->isZoomed = false;
    d->gate.markDirty();
    Q_EMIT rangeChanged();
}

bool Plot::isZoomed() const
{
    return d->isZoomed;
}

AxisRange Plot::xRange() const
{
    d->ensureCurrent();
    return d->drawing.x;
}

AxisRange Plot::yRange() const
{
    d->ensureCurrent();
    return d->drawing.y;
}

QRectF Plot::plotArea() const
{
    d->ensureCurrent();
    return d->frame.area;
}

std::optional<QPointF> Plot::pixelOfPoint(int id) const
{
    d->ensureCurrent();
    const SceneHit* hit = d->hitOf(id);
    return hit == nullptr ? std::nullopt : std::optional(hit->pixel);
}

std::optional<QPointF> Plot::pixelOfGuide(int id) const
{
    d->ensureCurrent();
    const PlotGuide* guide = d->guideOf(id);
    const auto shape =
        guide == nullptr ? std::nullopt : guideShape(*guide, d->frame, d->drawing.font);
    return shape ? std::optional(shape->grip) : std::nullopt;
}

double Plot::xAtPixel(double x) const
{
    d->ensureCurrent();
    return d->frame.x.toValue(x);
}

int Plot::currentPoint() const
{
    return d->current;
}

int Plot::omittedPoints() const
{
    return countScene(d->drawing.scene).omitted;
}

int Plot::drawnPoints() const
{
    return countScene(d->drawing.scene).drawn;
}

QStringList Plot::drawnLabels() const
{
    d->ensureCurrent();
    d->draw();
    return d->labels;
}

int Plot::drawings() const
{
    return d->drawings;
}

Picture Plot::picture(const QString& name) const
{
    d->ensureCurrent();
    Picture picture;
    picture.name = name;
    picture.size = size();
    picture.paint = [drawing = d->drawing](QPainter& painter, QSize size) {
        PlotAxes axes;
        const PlotFrame frame = drawing.layout(axes, size);
        drawing.paint(painter, axes, frame, size);
        if (!isEmpty(drawing.scene)) {
            drawing.paintGuides(painter, frame, -1);
        }
    };
    picture.csv = [text = csv()] { return text; };
    return picture;
}

QString Plot::csv() const
{
    QString text = QStringLiteral("series,label,x,y\n");
    const auto row = [&text](const QString& series, const QString& label, double x, double y) {
        text += csvField(series) + u',' + csvField(label) + u',' + QString::number(x, 'g', 17) +
                u',' + QString::number(y, 'g', 17) + u'\n';
    };
    for (const PointSeries& series : d->drawing.scene.points) {
        for (const PlotPoint& point : series.points) {
            row(series.name, point.label, point.x, point.y);
        }
    }
    for (const BarSeries& series : d->drawing.scene.bars) {
        for (std::size_t i = 0; i + 1 < series.edges.size() && i < series.heights.size(); ++i) {
            row(series.name, {}, series.edges[i], series.heights[i]);
        }
    }
    return text;
}

bool Plot::event(QEvent* event)
{
    // Space of the tooltip belongs to the points; without this the widget's own would replace it.
    if (event->type() == QEvent::ToolTip) {
        event->ignore();
        return true;
    }
    return QWidget::event(event);
}

void Plot::changeEvent(QEvent* event)
{
    switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::StyleChange:
    case QEvent::FontChange:
    case QEvent::LocaleChange:
        d->drawing.theme = Theme(palette());
        d->drawing.font = captionFont(*this);
        d->gate.markDirty();
        break;
    default:
        break;
    }
    QWidget::changeEvent(event);
}

void Plot::paintEvent(QPaintEvent* /*event*/)
{
    d->gate.flush();
    d->draw();
    QPainter painter(this);
    painter.drawPixmap(0, 0, d->cache);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!isEmpty(d->drawing.scene)) {
        d->paintOverlay(painter);
    }
    // As in Qt's own styles: the ring appears once the keyboard is used to get around.
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setClipping(false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(d->drawing.theme.accent(), 2));
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void Plot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->relayout();
}

void Plot::mousePressEvent(QMouseEvent* event)
{
    d->ensureCurrent();
    const bool isLeft = event->button() == Qt::LeftButton;
    if (d->drag != Private::Drag::None || (!isLeft && event->button() != Qt::MiddleButton)) {
        QWidget::mousePressEvent(event);
        return;
    }
    d->pressed = d->last = event->position();
    d->dragButton = event->button();
    const int guide = isLeft ? d->guideAt(event->position()) : -1;
    const bool isPoint = isLeft && hitAt(d->hits, d->frame, event->position()) != nullptr &&
                         hitAt(d->hits, d->frame, event->position())->radius > 0;
    if (guide >= 0 && !isPoint) {
        d->drag = Private::Drag::Guide;
        d->hoveredGuide = d->keyGuide = guide;
    } else {
        d->drag = isLeft ? Private::Drag::Pressed : Private::Drag::Pan;
    }
}

void Plot::mouseMoveEvent(QMouseEvent* event)
{
    d->ensureCurrent();
    const QPointF position = event->position();
    switch (d->drag) {
    case Private::Drag::Guide: {
        const PlotGuide* guide = d->guideOf(d->hoveredGuide);
        if (guide != nullptr) {
            d->moveGuide(guide->id, guide->orientation == Qt::Vertical
                                        ? d->frame.x.toValue(position.x())
                                        : d->frame.y.toValue(position.y()));
        }
        return;
    }
    case Private::Drag::Pressed:
        if ((position - d->pressed).manhattanLength() < QApplication::startDragDistance() ||
            isEmpty(d->drawing.scene)) {
            return;
        }
        d->drag = Private::Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
        d->setCurrent(-1, false);
        [[fallthrough]];
    case Private::Drag::Pan:
        d->pan(d->last, position);
        d->last = position;
        return;
    case Private::Drag::None:
        break;
    }
    const SceneHit* hit = hitAt(d->hits, d->frame, position);
    const int guide = hit != nullptr && hit->radius > 0 ? -1 : d->guideAt(position);
    if (guide != d->hoveredGuide) {
        d->hoveredGuide = guide;
        update();
    }
    const PlotGuide* shape = d->guideOf(guide);
    if (shape != nullptr) {
        setCursor(shape->orientation == Qt::Vertical ? Qt::SplitHCursor : Qt::SplitVCursor);
    } else if (hit != nullptr && hit->radius > 0) {
        setCursor(Qt::PointingHandCursor);
    } else {
        unsetCursor();
    }
    d->setCurrent(hit == nullptr || guide >= 0 ? -1 : hit->id, true);
}

void Plot::mouseReleaseEvent(QMouseEvent* event)
{
    if (d->drag == Private::Drag::None || event->button() != d->dragButton) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    const Private::Drag ended = std::exchange(d->drag, Private::Drag::None);
    unsetCursor();
    if (ended == Private::Drag::Guide) {
        d->releaseGuide(d->hoveredGuide);
        d->gate.markDirty(); // the axes make room for where it is now
    } else if (ended == Private::Drag::Pressed) {
        if (const SceneHit* hit = hitAt(d->hits, d->frame, event->position())) {
            Q_EMIT pointActivated(hit->id);
        }
    }
}

void Plot::mouseDoubleClickEvent(QMouseEvent* event)
{
    const SceneHit* hit = hitAt(d->hits, d->frame, event->position());
    if (event->button() == Qt::LeftButton && (hit == nullptr || hit->radius == 0) &&
        d->guideAt(event->position()) < 0) {
        resetZoom();
    } else {
        mousePressEvent(event); // two clicks on a point are two clicks
    }
}

void Plot::leaveEvent(QEvent* event)
{
    if (d->drag == Private::Drag::None) {
        d->setCurrent(-1, false);
        d->hoveredGuide = -1;
        update();
    }
    QWidget::leaveEvent(event);
}

void Plot::wheelEvent(QWheelEvent* event)
{
    d->ensureCurrent();
    const QPoint delta = event->angleDelta();
    const int turned = delta.y() != 0 ? delta.y() : delta.x(); // Shift turns the wheel's axis
    if (turned == 0 || isEmpty(d->drawing.scene) || !d->frame.area.contains(event->position())) {
        event->ignore();
        return;
    }
    const bool both = event->modifiers().testFlag(Qt::ControlModifier);
    const bool onlyY = event->modifiers().testFlag(Qt::ShiftModifier);
    d->zoom(event->position(), std::pow(kZoomStep, turned / 120.0), !onlyY || both, onlyY || both);
    event->accept();
}

void Plot::keyPressEvent(QKeyEvent* event)
{
    d->ensureCurrent();
    const QPointF centre = d->frame.area.center();
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (event->modifiers().testFlag(Qt::ShiftModifier)) {
            d->moveGuideByKey(event->key());
        } else {
            d->setCurrent(d->nextPoint(event->key()), true);
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (d->current >= 0) {
            Q_EMIT pointActivated(d->current);
            return;
        }
        break;
    case Qt::Key_Escape:
        if (d->current >= 0) {
            d->setCurrent(-1, false);
            return;
        }
        break;
    case Qt::Key_PageDown:
        d->selectNextGuide();
        return;
    case Qt::Key_Plus:
        d->zoom(centre, kZoomStep, true, true);
        return;
    case Qt::Key_Minus:
        d->zoom(centre, 1 / kZoomStep, true, true);
        return;
    case Qt::Key_0:
        resetZoom();
        return;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

} // namespace bitloom::ui
