// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_header.h"

#include "widgets/plots/chart_metrics.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kHeaderGap = 16;
constexpr double kMarkRoom = 21; // of a key's entry, before its text

QPainterPath outline(MarkShape shape, double r)
{
    QPainterPath path;
    switch (shape) {
    case MarkShape::Circle:
        path.addEllipse(QPointF(0, 0), r, r);
        break;
    case MarkShape::Diamond:
        path.addPolygon(QPolygonF({{0, -r * 1.25}, {r * 1.25, 0}, {0, r * 1.25}, {-r * 1.25, 0}}));
        path.closeSubpath();
        break;
    case MarkShape::Square:
        path.addRect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8);
        break;
    case MarkShape::Triangle:
        path.addPolygon(QPolygonF({{0, -r * 1.15}, {r * 1.1, r * 0.85}, {-r * 1.1, r * 0.85}}));
        path.closeSubpath();
        break;
    case MarkShape::Cross:
        path.moveTo(-r, -r);
        path.lineTo(r, r);
        path.moveTo(-r, r);
        path.lineTo(r, -r);
        break;
    }
    return path;
}
} // namespace

QColor colourOf(PlotColour colour, const Theme& theme)
{
    switch (colour) {
    case PlotColour::Weights:
        return theme.weights();
    case PlotColour::Activations:
        return theme.activations();
    case PlotColour::Good:
        return theme.good();
    case PlotColour::Reference:
        return theme.neutral();
    case PlotColour::Text:
        return theme.text();
    case PlotColour::Accent:
        return theme.accent();
    }
    return theme.text();
}

void paintMark(QPainter& painter, QPointF centre, const PointSeries& series, const Theme& theme)
{
    const QColor colour = colourOf(series.colour, theme);
    QPen pen(colour, 1.5);
    pen.setJoinStyle(Qt::MiterJoin);
    if (series.isDashed) {
        pen.setDashPattern({2, 1.5});
    }
    painter.save();
    painter.translate(centre);
    painter.setPen(pen);
    painter.setBrush(series.shape == MarkShape::Cross ? QBrush(Qt::NoBrush)
                     : series.isFilled                ? QBrush(colour)
                                                      : QBrush(theme.base()));
    painter.drawPath(outline(series.shape, series.size / 2 - 0.75));
    painter.restore();
}

PlotHeader::PlotHeader(const PlotScene& scene, const QFont& font, double width)
    : m_scene(scene), m_font(font), m_width(width)
{
    const QFontMetricsF metrics(m_font);
    m_line = std::ceil(metrics.height()) + 4;
    double y = 8;
    if (!scene.caption.isEmpty()) {
        const double room = std::max(width - 2 * kMargin, 1.0);
        const QRectF text =
            metrics.boundingRect({0, 0, room, 1e4}, Qt::TextWordWrap, scene.caption);
        m_caption = {kMargin, y, room, std::max(m_line, std::ceil(text.height()) + 4)};
        y += m_caption.height();
    }
    for (const BarSeries& series : scene.bars) {
        if (!series.name.isEmpty()) {
            m_entries.push_back({{}, series.name, nullptr, nullptr, nullptr, series.colour});
        }
    }
    for (const SpanSeries& series : scene.spans) {
        if (!series.name.isEmpty()) {
            m_entries.push_back({{}, series.name, nullptr, nullptr, nullptr, series.colour});
        }
    }
    // What lies on top matters most and comes first.
    for (auto series = scene.points.rbegin(); series != scene.points.rend(); ++series) {
        if (!series->name.isEmpty() && !series->points.empty()) {
            m_entries.push_back({{}, series->name, &*series, nullptr, nullptr, series->colour});
        }
    }
    for (const CurveSeries& curve : scene.curves) {
        if (!curve.name.isEmpty() && !curve.points.empty()) {
            m_entries.push_back({{}, curve.name, nullptr, nullptr, &curve, curve.colour});
        }
    }
    for (const PlotGuide& guide : scene.guides) {
        if (guide.orientation == Qt::Horizontal && guide.text) {
            m_entries.push_back(
                {{}, guide.text(guide.value), nullptr, &guide, nullptr, guide.colour});
        }
    }
    if (m_entries.size() < 2 && scene.points.empty() && scene.curves.empty()) {
        m_entries.clear(); // one kind of bars needs no key
    }
    const double titleWidth = metrics.horizontalAdvance(scene.y.title);
    m_title = {kMargin, y, std::min(titleWidth + 2, width - 2 * kMargin), m_line};
    double keyWidth = 0;
    for (Entry& entry : m_entries) {
        entry.place.setSize({kMarkRoom + metrics.horizontalAdvance(entry.text) + 1, m_line});
        keyWidth += entry.place.width() + (keyWidth > 0 ? kHeaderGap : 0);
    }
    const bool fitsBeside = m_title.right() + kHeaderGap + keyWidth <= width - kMargin;
    double x = fitsBeside ? width - kMargin - keyWidth : kMargin;
    if (!m_entries.empty() && !fitsBeside) {
        m_title.moveTop(y + m_line); // the key comes first, the title stays at its axis
    }
    for (Entry& entry : m_entries) {
        if (!fitsBeside && x > kMargin && x + entry.place.width() > width - kMargin) {
            x = kMargin;
            y += m_line;
            m_title.moveTop(y + m_line);
        }
        entry.place.moveTo(x, y);
        x += entry.place.width() + kHeaderGap;
    }
    const bool hasFlags =
        std::any_of(scene.guides.begin(), scene.guides.end(), [](const PlotGuide& guide) {
            return guide.orientation == Qt::Vertical && guide.text != nullptr;
        });
    m_height = static_cast<int>(std::ceil(m_title.bottom() + (hasFlags ? m_line + 4 : 8)));
}

void PlotHeader::paint(QPainter& painter, const Theme& theme) const
{
    painter.setFont(m_font);
    const QFontMetricsF metrics(m_font);
    const auto write = [&](const QRectF& place, const QString& text, const QColor& colour) {
        painter.setPen(colour);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideRight, place.width() + 1));
    };
    if (!m_scene.caption.isEmpty()) {
        painter.setPen(theme.text());
        painter.drawText(m_caption, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap,
                         m_scene.caption);
    }
    write(m_title, m_scene.y.title, theme.dimText());
    for (const Entry& entry : m_entries) {
        const QPointF centre(entry.place.left() + 8, entry.place.center().y());
        if (entry.series != nullptr) {
            PointSeries sample = *entry.series;
            sample.size = std::min(sample.size, 10.0);
            if (sample.isConnected) {
                painter.setPen(QPen(colourOf(sample.colour, theme), 1.5));
                painter.drawLine(centre - QPointF(8, 0), centre + QPointF(8, 0));
            }
            paintMark(painter, centre, sample, theme);
        } else if (entry.guide != nullptr) {
            painter.setPen(QPen(colourOf(entry.colour, theme), 1.5,
                                entry.guide->isDashed ? Qt::DashLine : Qt::SolidLine));
            painter.drawLine(centre - QPointF(8, 0), centre + QPointF(7, 0));
        } else if (entry.curve != nullptr) {
            painter.setPen(QPen(colourOf(entry.colour, theme), entry.curve->width, entry.curve->pen,
                                Qt::FlatCap));
            painter.drawLine(centre - QPointF(8, 0), centre + QPointF(8, 0));
        } else {
            painter.fillRect(QRectF(centre - QPointF(5, 5), QSizeF(10, 10)),
                             colourOf(entry.colour, theme));
        }
        write(entry.place.adjusted(kMarkRoom, 0, m_width, 0), entry.text, theme.text());
    }
}

} // namespace bitloom::ui
