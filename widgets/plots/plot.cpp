// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot.h"

#include "widgets/plots/plot_private.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

Plot::Plot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setWhatsThis(tr("Wheel: zoom along the horizontal axis, with Ctrl both, with Shift the "
                    "vertical one. Drag: move. Double-click or 0: everything. Arrows: from point "
                    "to point, Return: choose it. Shift and arrows: move the line, Page Down: take "
                    "the next line."));
    setAccessibleDescription(whatsThis()); // until a scene has something of its own to say
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
    if (d->drag == Private::Drag::Brush) {
        scene.brush = d->drawing.scene.brush; // the hand knows better than the data
    }
    d->drawing.scene = std::move(scene);
    const PlotScene& shown = d->drawing.scene;
    setAccessibleDescription(isEmpty(shown)            ? shown.emptyText
                             : shown.caption.isEmpty() ? whatsThis()
                                                       : shown.caption);
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

void Plot::setBrushable(bool brushable)
{
    d->isBrushable = brushable;
}

void Plot::setBrushMode(bool on)
{
    d->isBrushMode = on;
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
    for (const CurveSeries& series : d->drawing.scene.curves) {
        for (const QPointF& point : series.points) {
            if (std::isfinite(point.y())) {
                row(series.name, {}, point.x(), point.y());
            }
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
    const bool isBrush = d->isBrushable && isLeft &&
                         (d->isBrushMode || event->modifiers().testFlag(Qt::ControlModifier));
    const int guide = isLeft && !event->modifiers().testFlag(Qt::ControlModifier)
                          ? d->guideAt(event->position())
                          : -1;
    const bool isPoint = isLeft && hitAt(d->hits, d->frame, event->position()) != nullptr &&
                         hitAt(d->hits, d->frame, event->position())->radius > 0;
    if (guide >= 0 && !isPoint) {
        d->drag = Private::Drag::Guide;
        d->hoveredGuide = d->keyGuide = guide;
    } else {
        d->drag = isBrush  ? Private::Drag::BrushPressed
                  : isLeft ? Private::Drag::Pressed
                           : Private::Drag::Pan;
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
    case Private::Drag::Brush:
        d->brushBetween(d->pressed, position);
        return;
    case Private::Drag::Pressed:
    case Private::Drag::BrushPressed:
        if ((position - d->pressed).manhattanLength() < QApplication::startDragDistance() ||
            isEmpty(d->drawing.scene)) {
            return;
        }
        d->setCurrent(-1, false);
        if (d->drag == Private::Drag::BrushPressed) {
            d->drag = Private::Drag::Brush;
            setCursor(Qt::CrossCursor);
            d->brushBetween(d->pressed, position);
            return;
        }
        d->drag = Private::Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
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
    } else if (ended == Private::Drag::Brush) {
        Q_EMIT brushChanged();
    } else if (ended == Private::Drag::Pressed || ended == Private::Drag::BrushPressed) {
        if (const SceneHit* hit = hitAt(d->hits, d->frame, event->position())) {
            Q_EMIT pointActivated(hit->id);
        } else {
            d->giveUpBrush();
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
    d->zoom(event->position(), std::pow(Private::kZoomStep, turned / 120.0), !onlyY || both,
            onlyY || both);
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
        } else if (d->isBrushable && event->modifiers().testFlag(Qt::ControlModifier)) {
            d->brushByKey(event->key());
        } else {
            d->brushStart = -1;
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
        if (d->current >= 0 || d->drawing.scene.brush) {
            d->setCurrent(-1, false);
            d->giveUpBrush();
            return;
        }
        break;
    case Qt::Key_PageDown:
        d->selectNextGuide();
        return;
    case Qt::Key_Plus:
        d->zoom(centre, Private::kZoomStep, true, true);
        return;
    case Qt::Key_Minus:
        d->zoom(centre, 1 / Private::kZoomStep, true, true);
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
