// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painted_chart.h"

#include "widgets/plots/plot_drawing.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom::ui {

PaintedChart::PaintedChart(QWidget* parent)
    : QWidget(parent), m_theme(palette()), m_gate(this, [this] {
          relayout();
          update();
      })
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void PaintedChart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    setAccessibleDescription(text);
    m_gate.markDirty();
}

void PaintedChart::setDrawing(Drawing drawing)
{
    m_drawing = std::move(drawing);
    m_gate.markDirty();
}

void PaintedChart::relayout()
{
    m_spots = m_drawing ? m_drawing(nullptr, size(), m_theme, captionFont(*this))
                        : std::vector<HotSpot>();
    if (spotOf(m_current) == nullptr) {
        m_current = -1;
    }
    if (spotOf(m_hovered) == nullptr) {
        m_hovered = -1;
    }
    const HotSpot* current = spotOf(m_current);
    setAccessibleDescription(m_spots.empty() ? m_emptyText
                             : current != nullptr
                                 ? current->tooltip
                                 : tr("Arrow keys move from part to part, Return chooses one."));
}

const HotSpot* PaintedChart::spotAt(QPointF position) const
{
    const auto found = std::find_if(m_spots.begin(), m_spots.end(), [&](const HotSpot& spot) {
        return spot.place.contains(position);
    });
    return found == m_spots.end() ? nullptr : &*found;
}

const HotSpot* PaintedChart::spotOf(int id) const
{
    const auto found = std::find_if(m_spots.begin(), m_spots.end(),
                                    [id](const HotSpot& spot) { return spot.id == id; });
    return found == m_spots.end() ? nullptr : &*found;
}

std::optional<QRectF> PaintedChart::spotPlace(int id) const
{
    m_gate.flush();
    const HotSpot* spot = spotOf(id);
    return spot == nullptr ? std::nullopt : std::optional(spot->place);
}

int PaintedChart::spotCount() const
{
    m_gate.flush();
    return static_cast<int>(m_spots.size());
}

int PaintedChart::currentSpot() const
{
    return m_current;
}

void PaintedChart::setCurrent(int id)
{
    m_current = id;
    if (const HotSpot* spot = spotOf(id)) {
        setAccessibleDescription(spot->tooltip);
    }
    update();
}

Picture PaintedChart::picture(const QString& name) const
{
    Picture picture;
    picture.name = name;
    picture.size = size();
    picture.paint = [drawing = m_drawing, theme = m_theme,
                     font = captionFont(*this)](QPainter& painter, QSize size) {
        painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
        painter.setRenderHint(QPainter::Antialiasing);
        if (drawing) {
            drawing(&painter, size, theme, font);
        }
    };
    picture.csv = [text = csv()] { return text; };
    return picture;
}

bool PaintedChart::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const HotSpot* spot = spotAt(help->pos())) {
            QToolTip::showText(help->globalPos(), spot->tooltip, this, spot->place.toRect());
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void PaintedChart::changeEvent(QEvent* event)
{
    if (changesLook(*event)) {
        m_theme = Theme(palette());
        m_gate.markDirty();
    }
    QWidget::changeEvent(event);
}

void PaintedChart::paintEvent(QPaintEvent* /*event*/)
{
    m_gate.flush();
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.base());
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_spots.empty()) {
        painter.setPen(m_theme.dimText());
        painter.drawText(rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         m_emptyText);
        return;
    }
    m_drawing(&painter, size(), m_theme, captionFont(*this));
    const HotSpot* spot = spotOf(m_hovered >= 0 ? m_hovered : hasFocus() ? m_current : -1);
    if (spot != nullptr) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_theme.base(), 1.5));
        painter.drawRoundedRect(spot->place.adjusted(2, 2, -2, -2), 2, 2);
        painter.setPen(QPen(m_theme.accent(), 2.5));
        painter.drawRoundedRect(spot->place, 2, 2);
    }
}

void PaintedChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    relayout();
}

void PaintedChart::mouseMoveEvent(QMouseEvent* event)
{
    m_gate.flush();
    const HotSpot* spot = spotAt(event->position());
    const int hovered = spot == nullptr ? -1 : spot->id;
    if (hovered != m_hovered) {
        m_hovered = hovered;
        update();
    }
}

void PaintedChart::mousePressEvent(QMouseEvent* event)
{
    m_gate.flush();
    const HotSpot* spot = spotAt(event->position());
    if (event->button() != Qt::LeftButton || spot == nullptr) {
        QWidget::mousePressEvent(event);
        return;
    }
    const int id = spot->id;
    setCurrent(id);
    Q_EMIT spotActivated(id);
}

void PaintedChart::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    update();
    QWidget::leaveEvent(event);
}

void PaintedChart::keyPressEvent(QKeyEvent* event)
{
    m_gate.flush();
    QPointF direction;
    switch (event->key()) {
    case Qt::Key_Left:
        direction = {-1, 0};
        break;
    case Qt::Key_Right:
        direction = {1, 0};
        break;
    case Qt::Key_Up:
        direction = {0, -1};
        break;
    case Qt::Key_Down:
        direction = {0, 1};
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0) {
            Q_EMIT spotActivated(m_current);
        }
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    m_hovered = -1;
    const HotSpot* from = spotOf(m_current);
    if (from == nullptr) {
        if (!m_spots.empty()) {
            setCurrent(m_spots.front().id); // the first key only shows where one is
        }
        return;
    }
    // Along a row only its own parts; between rows the next one, and there the nearest part.
    constexpr double kRowFirst = 1e4;
    const HotSpot* nearest = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const HotSpot& spot : m_spots) {
        const QPointF offset = spot.place.center() - from->place.center();
        const double ahead = QPointF::dotProduct(offset, direction);
        const bool isAlongRow = direction.x() != 0;
        if (ahead < 0.5 || (isAlongRow && std::abs(offset.y()) > spot.place.height() / 2)) {
            continue;
        }
        const double distance = isAlongRow ? ahead : ahead * kRowFirst + std::abs(offset.x());
        if (distance < least) {
            least = distance;
            nearest = &spot;
        }
    }
    if (nearest != nullptr) {
        setCurrent(nearest->id);
    }
}

} // namespace bitloom::ui
