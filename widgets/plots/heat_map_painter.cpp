// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map_painter.h"

#include "widgets/plots/axis_range.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLinearGradient>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bitloom::ui {

namespace {
constexpr double kMargin = 12;
constexpr double kMinCellWidth = 28;
constexpr double kMaxCellWidth = 92;
constexpr double kMinLabelWidth = 60;
constexpr double kLegendBar = 120;
constexpr double kMaxDecades = 12; // below, everything is equally harmless

/// What this file says; lupdate does not find the context of a function of one's own.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(HeatMap)
};

QString groupOf(const QString& name)
{
    return name.section(u'.', 0, 0);
}

/// The widest of the longest names: measuring all of 10,000 takes longer than a frame.
double widestLabel(const QStringList& rows, const QFontMetricsF& metrics)
{
    constexpr std::size_t kMeasured = 32;
    std::vector<const QString*> longest;
    longest.reserve(static_cast<std::size_t>(rows.size()));
    for (const QString& row : rows) {
        longest.push_back(&row);
    }
    const std::size_t count = std::min(longest.size(), kMeasured);
    std::partial_sort(longest.begin(), longest.begin() + static_cast<std::ptrdiff_t>(count),
                      longest.end(),
                      [](const QString* a, const QString* b) { return a->size() > b->size(); });
    double widest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        widest = std::max(widest, metrics.horizontalAdvance(*longest[i]));
    }
    return widest;
}
} // namespace

double HeatMapData::valueAt(int row, int column) const
{
    const auto index = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns.size()) +
                       static_cast<std::size_t>(column);
    return row < 0 || column < 0 || column >= columns.size() || index >= values.size()
               ? std::numeric_limits<double>::quiet_NaN()
               : values[index];
}

int HeatMapData::chosenAt(int row) const
{
    return row < 0 || static_cast<std::size_t>(row) >= chosen.size()
               ? -1
               : chosen[static_cast<std::size_t>(row)];
}

HeatScale HeatScale::of(const HeatMapData& data)
{
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    for (const double value : data.values) {
        if (std::isfinite(value) && value > std::numeric_limits<double>::min()) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (high <= 0) {
        return {};
    }
    const double top = std::ceil(std::log10(high) - 1e-9);
    const double bottom = std::max(std::floor(std::log10(low) + 1e-9), top - kMaxDecades);
    return {std::pow(10, std::min(bottom, top - 1)), std::pow(10, top)};
}

double HeatScale::shareOf(double value) const
{
    if (!(value > 0)) {
        return 0;
    }
    return std::clamp((std::log(value) - std::log(low)) / (std::log(high) - std::log(low)), 0.0,
                      1.0);
}

HeatMapGeometry HeatMapGeometry::of(const HeatMapData& data, const QFont& font, double width)
{
    const QFontMetricsF metrics(font);
    const double line = std::ceil(metrics.height());
    const auto columns = static_cast<double>(std::max<qsizetype>(data.columns.size(), 1));
    HeatMapGeometry geometry;
    geometry.width = width;
    geometry.rowHeight = line + 8;
    geometry.headerHeight = 8 + (line + 8) + (line + 10);
    const double wanted = std::ceil(widestLabel(data.rows, metrics)) + kMargin + 12;
    const double most = std::max(width * 0.45, kMinLabelWidth);
    geometry.labelWidth = std::clamp(wanted, kMinLabelWidth, most);
    geometry.cellWidth =
        std::clamp((width - geometry.labelWidth - kMargin) / columns, kMinCellWidth, kMaxCellWidth);
    return geometry;
}

QRectF HeatMapGeometry::cell(int row, int column) const
{
    return {labelWidth + column * cellWidth - scrollX, headerHeight + row * rowHeight - scrollY,
            cellWidth, rowHeight};
}

QRectF HeatMapGeometry::row(int row, const HeatMapData& data) const
{
    const double right =
        labelWidth + static_cast<double>(data.columns.size()) * cellWidth - scrollX;
    return {4, headerHeight + row * rowHeight - scrollY, right - 4, rowHeight};
}

double HeatMapGeometry::contentWidth(const HeatMapData& data) const
{
    return labelWidth + static_cast<double>(data.columns.size()) * cellWidth + kMargin;
}

double HeatMapGeometry::contentHeight(const HeatMapData& data) const
{
    return static_cast<double>(data.rows.size()) * rowHeight + kMargin;
}

QString HeatMapPainter::textFor(double value) const
{
    // One way of writing for all cells: three digits where those of every value fit.
    const QFontMetricsF metrics(m_font);
    const auto fits = [&](const QString& widest) {
        return metrics.horizontalAdvance(widest) + 6 <= m_geometry.cellWidth;
    };
    if (fits(formatSignificant(8.88e-8)) && fits(formatSignificant(0.00888))) {
        return formatSignificant(value);
    }
    if (!(value > 0) || !fits(QStringLiteral("8e−8"))) {
        return {};
    }
    // One digit still tells the order of magnitude.
    double exponent = std::floor(std::log10(value) + 1e-9);
    double leading = std::round(value / std::pow(10, exponent));
    if (leading >= 10) {
        leading = 1;
        exponent += 1;
    }
    const QString plain = tickTexts({leading * std::pow(10, exponent)}, NumberStyle::Plain).front();
    if (exponent >= -3 && fits(plain)) {
        return plain;
    }
    return QLocale().toString(static_cast<int>(leading)) + u'e' +
           (exponent < 0 ? QString(QChar(0x2212)) : QString()) +
           QString::number(static_cast<int>(std::abs(exponent)));
}

void HeatMapPainter::paintCell(QPainter& painter, int row, int column) const
{
    // One pixel stays free between neighbours.
    const QRectF cell = m_geometry.cell(row, column).adjusted(0, 0, -1, -1);
    const double value = m_data.valueAt(row, column);
    const bool isKnown = std::isfinite(value);
    const bool hasText = m_geometry.rowHeight >= QFontMetricsF(m_font).height();
    if (isKnown) {
        const QColor colour = Theme::magnitude(m_scale.shareOf(value));
        painter.fillRect(cell, colour);
        if (hasText) {
            painter.setPen(Theme::textOn(colour));
            painter.drawText(cell, Qt::AlignCenter, textFor(value));
        }
    } else {
        painter.fillRect(cell, QBrush(m_theme.grid(), Qt::BDiagPattern));
        if (hasText) {
            painter.setPen(m_theme.dimText());
            painter.drawText(cell, Qt::AlignCenter, notKnown());
        }
    }
    if (m_data.chosenAt(row) == column) {
        // Two lines, so that the outline is seen on pale and on dark cells.
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_theme.base(), 1.5, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(cell.adjusted(2.25, 2.25, -2.25, -2.25));
        painter.setPen(QPen(m_theme.text(), 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void HeatMapPainter::paintRows(QPainter& painter, int first, int last) const
{
    const QFontMetricsF metrics(m_font);
    painter.setFont(m_font);
    const double right = m_geometry.row(first, m_data).right();
    for (int row = first; row <= last; ++row) {
        painter.save();
        painter.setClipRect(QRectF(m_geometry.labelWidth, m_geometry.headerHeight,
                                   m_geometry.width - m_geometry.labelWidth, 1e6),
                            Qt::IntersectClip);
        for (int column = 0; column < m_data.columns.size(); ++column) {
            const QRectF cell = m_geometry.cell(row, column);
            if (cell.right() > m_geometry.labelWidth && cell.left() < m_geometry.width) {
                paintCell(painter, row, column);
            }
        }
        painter.restore();
        const QRectF cell = m_geometry.cell(row, 0);
        if (m_geometry.rowHeight >= metrics.height()) {
            const QRectF label(kMargin, cell.top(), m_geometry.labelWidth - kMargin - 8,
                               m_geometry.rowHeight - 1);
            painter.setPen(m_theme.text());
            painter.drawText(
                label, Qt::AlignLeft | Qt::AlignVCenter,
                metrics.elidedText(m_data.rows.at(row), Qt::ElideMiddle, label.width()));
        }
        if (row > 0 && groupOf(m_data.rows.at(row)) != groupOf(m_data.rows.at(row - 1))) {
            painter.setPen(QPen(m_theme.dimText(), 1));
            painter.drawLine(QPointF(kMargin, cell.top() - 0.5), QPointF(right, cell.top() - 0.5));
        }
    }
}

void HeatMapPainter::paintLegend(QPainter& painter, const QRectF& place) const
{
    const QFontMetricsF metrics(m_font);
    const std::vector<QString> ends =
        tickTexts({m_scale.low, m_scale.high, m_scale.high * 10}, NumberStyle::Plain);
    const double lowWidth = metrics.horizontalAdvance(ends[0]);
    const double highWidth = metrics.horizontalAdvance(ends[1]);
    // From the right: upper end, ramp, lower end; what is left belongs to the words.
    double x = place.right() - highWidth;
    painter.setPen(m_theme.dimText());
    painter.drawText(QRectF(x, place.top(), highWidth + 2, place.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, ends[1]);
    const double bar = std::clamp(place.width() * 0.25, 40.0, kLegendBar);
    x -= 8 + bar;
    const QRectF ramp(x, place.center().y() - 5, bar, 10);
    QLinearGradient gradient(ramp.topLeft(), ramp.topRight());
    for (int i = 0; i <= 16; ++i) {
        gradient.setColorAt(i / 16.0, Theme::magnitude(i / 16.0));
    }
    painter.fillRect(ramp, gradient);
    x -= 8 + lowWidth;
    painter.drawText(QRectF(x, place.top(), lowWidth + 2, place.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, ends[0]);
    double left = place.left();
    const auto word = [&](const QString& text, const QColor& colour) {
        const double room = x - 12 - left;
        if (room < 24) {
            return;
        }
        painter.setPen(colour);
        painter.drawText(QRectF(left, place.top(), room, place.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideRight, room));
        left += metrics.horizontalAdvance(text) + 20;
    };
    word(m_data.legend, m_theme.text());
    const QString plan = Words::tr("in the plan");
    const bool hasChosen = std::any_of(m_data.chosen.begin(), m_data.chosen.end(),
                                       [](int column) { return column >= 0; });
    if (hasChosen && left + 20 + metrics.horizontalAdvance(plan) < x - 12) {
        painter.setPen(QPen(m_theme.text(), 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(left, place.center().y() - 6, 16, 11));
        left += 24;
        word(plan, m_theme.dimText());
    }
}

void HeatMapPainter::paintHeader(QPainter& painter) const
{
    const QFontMetricsF metrics(m_font);
    const double line = std::ceil(metrics.height());
    painter.setFont(m_font);
    painter.fillRect(QRectF(0, 0, m_geometry.width, m_geometry.headerHeight), m_theme.base());
    paintLegend(painter, {kMargin, 8, m_geometry.width - 2 * kMargin, line + 4});
    const double top = m_geometry.headerHeight - line - 6;
    painter.setPen(m_theme.dimText());
    painter.save();
    painter.setClipRect(QRectF(m_geometry.labelWidth, 0, m_geometry.width, m_geometry.headerHeight),
                        Qt::IntersectClip);
    for (int column = 0; column < m_data.columns.size(); ++column) {
        const QRectF cell = m_geometry.cell(0, column);
        painter.drawText(QRectF(cell.left(), top, cell.width() - 1, line), Qt::AlignCenter,
                         m_data.columns.at(column));
    }
    painter.restore();
    painter.drawText(QRectF(kMargin, top, m_geometry.labelWidth - kMargin - 8, line),
                     Qt::AlignRight | Qt::AlignVCenter, Words::tr("Bits"));
    painter.setPen(QPen(m_theme.grid(), 1));
    painter.drawLine(QPointF(0, m_geometry.headerHeight - 0.5),
                     QPointF(m_geometry.width, m_geometry.headerHeight - 0.5));
}

void HeatMapPainter::paintRowRing(QPainter& painter, int row) const
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.accent(), 2));
    painter.drawRoundedRect(m_geometry.row(row, m_data).adjusted(1, -1, 3, 0), 3, 3);
}

void HeatMapPainter::paintCellRing(QPainter& painter, int row, int column) const
{
    const QRectF cell = m_geometry.cell(row, column).adjusted(0, 0, -1, -1);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.base(), 1.5));
    painter.drawRoundedRect(cell.adjusted(2.5, 2.5, -2.5, -2.5), 2, 2);
    painter.setPen(QPen(m_theme.accent(), 2.5));
    painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
}

} // namespace bitloom::ui
