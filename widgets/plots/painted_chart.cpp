// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painted_chart.h"

#include "widgets/plots/plot_drawing.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom::ui {

PaintedChart::PaintedChart(QWidget* parent) : PartChart(parent)
{
}

void PaintedChart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    setAccessibleDescription(text);
    contentChanged();
}

void PaintedChart::setDrawing(Drawing drawing)
{
    m_drawing = std::move(drawing);
    contentChanged();
}

void PaintedChart::layOut()
{
    m_spots = m_drawing ? m_drawing(nullptr, size(), theme(), captionFont(*this))
                        : std::vector<HotSpot>();
}

QString PaintedChart::idleText() const
{
    return m_spots.empty() ? m_emptyText
                           : tr("Arrow keys move from part to part, Return chooses one.");
}

std::optional<PartChart::Part> PaintedChart::partAt(QPointF position) const
{
    const auto found = std::find_if(m_spots.begin(), m_spots.end(), [&](const HotSpot& spot) {
        return spot.place.contains(position);
    });
    return found == m_spots.end() ? std::nullopt : std::optional(Part{found->id, found->place});
}

const HotSpot* PaintedChart::spotOf(int id) const
{
    const auto found = std::find_if(m_spots.begin(), m_spots.end(),
                                    [id](const HotSpot& spot) { return spot.id == id; });
    return found == m_spots.end() ? nullptr : &*found;
}

QString PaintedChart::textOf(int part) const
{
    const HotSpot* spot = spotOf(part);
    return spot == nullptr ? QString() : spot->tooltip;
}

std::optional<QRectF> PaintedChart::spotPlace(int id) const
{
    flush();
    const HotSpot* spot = spotOf(id);
    return spot == nullptr ? std::nullopt : std::optional(spot->place);
}

int PaintedChart::spotCount() const
{
    flush();
    return static_cast<int>(m_spots.size());
}

PartChart::Painting PaintedChart::painting() const
{
    return [drawing = m_drawing, look = theme(), font = captionFont(*this)](QPainter& painter,
                                                                            QSize size) {
        painter.setRenderHint(QPainter::Antialiasing);
        if (drawing) {
            drawing(&painter, size, look, font);
        }
    };
}

void PaintedChart::paintChart(QPainter& painter, int pointed)
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_spots.empty()) {
        painter.setPen(theme().dimText());
        painter.drawText(rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         m_emptyText);
        return;
    }
    m_drawing(&painter, size(), theme(), captionFont(*this));
    if (const HotSpot* spot = spotOf(pointed)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme().base(), 1.5));
        painter.drawRoundedRect(spot->place.adjusted(2, 2, -2, -2), 2, 2);
        painter.setPen(QPen(theme().accent(), 2.5));
        painter.drawRoundedRect(spot->place, 2, 2);
    }
}

std::optional<int> PaintedChart::partTowards(int key) const
{
    switch (key) {
    case Qt::Key_Left:
        return spotTowards({-1, 0});
    case Qt::Key_Right:
        return spotTowards({1, 0});
    case Qt::Key_Up:
        return spotTowards({0, -1});
    case Qt::Key_Down:
        return spotTowards({0, 1});
    default:
        return std::nullopt;
    }
}

int PaintedChart::spotTowards(QPointF direction) const
{
    const HotSpot* from = spotOf(currentPart());
    if (from == nullptr) { // the first key only shows where one is
        return m_spots.empty() ? -1 : m_spots.front().id;
    }
    // Along a row only its own parts; between rows the next one, and there the nearest part.
    constexpr double kRowFirst = 1e4;
    const HotSpot* nearest = from;
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
    return nearest->id;
}

} // namespace bitloom::ui
