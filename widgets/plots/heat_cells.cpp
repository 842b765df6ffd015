// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_cells.h"

#include "widgets/plots/axis_range.h"
#include "widgets/plots/chart_metrics.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom::ui {

namespace {
constexpr double kMinHeatWidth = 28;
constexpr double kMaxHeatWidth = 92;
constexpr double kMinHeatLabelWidth = 60;
constexpr double kLegendBar = 120;
constexpr double kMaxDecades = 12; // below, everything is equally harmless

/// What this file says; lupdate does not find the context of a function of one's own.
struct HeatWords {
    Q_DECLARE_TR_FUNCTIONS(HeatMap)
};

QString groupOf(const QString& name)
{
    return name.section(u'.', 0, 0);
}

/// One way of writing for all cells: three digits where those of every value fit.
QString textFor(double value, const QFont& font, double cellWidth)
{
    const QFontMetricsF metrics(font);
    const auto fits = [&](const QString& widest) {
        return metrics.horizontalAdvance(widest) + 6 <= cellWidth;
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
    QString plain = tickTexts({leading * std::pow(10, exponent)}, NumberStyle::Plain).front();
    if (exponent >= -3 && fits(plain)) {
        return plain;
    }
    return QLocale().toString(static_cast<int>(leading)) + u'e' +
           (exponent < 0 ? QString(QChar(0x2212)) : QString()) +
           QString::number(static_cast<int>(std::abs(exponent)));
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

HeatCells::HeatCells(std::shared_ptr<const HeatMapData> data)
    : m_data(std::move(data)), m_scale(HeatScale::of(*m_data))
{
}

CellGrid HeatCells::grid(const QFont& font, double width) const
{
    const QFontMetricsF metrics(font);
    CellGrid grid;
    grid.rows = rowCount();
    grid.columns = static_cast<int>(m_data->columns.size());
    grid.width = width;
    grid.line = std::ceil(metrics.height());
    grid.rowHeight = grid.line + 8;
    grid.headerHeight = 8 + (grid.line + 8) + (grid.line + 10);
    const double wanted = std::ceil(widestLabel(metrics)) + kMargin + 12;
    const double most = std::max(width * 0.45, kMinHeatLabelWidth);
    grid.labelWidth = std::clamp(wanted, kMinHeatLabelWidth, most);
    grid.cellWidth = std::clamp((width - grid.labelWidth - kMargin) / grid.columns, kMinHeatWidth,
                                kMaxHeatWidth);
    return grid;
}

bool HeatCells::startsGroup(int row) const
{
    return row > 0 && groupOf(m_data->rows.at(row)) != groupOf(m_data->rows.at(row - 1));
}

QString HeatCells::columnsTitle() const
{
    return HeatWords::tr("Bits");
}

void HeatCells::paintCell(const CellCanvas& canvas, int row, int column, const QRectF& cell) const
{
    const auto& [painter, grid, theme, font] = canvas;
    const double value = m_data->valueAt(row, column);
    if (std::isfinite(value)) {
        const QColor colour = Theme::magnitude(m_scale.shareOf(value));
        painter.fillRect(cell, colour);
        painter.setPen(Theme::textOn(colour));
    } else {
        painter.fillRect(cell, QBrush(theme.grid(), Qt::BDiagPattern));
        painter.setPen(theme.dimText());
    }
    if (grid.hasRoomForText()) {
        painter.drawText(cell, Qt::AlignCenter,
                         std::isfinite(value) ? textFor(value, font, grid.cellWidth) : notKnown());
    }
    if (m_data->chosenAt(row) == column) {
        // Two lines, so that the outline is seen on pale and on dark cells.
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.base(), 1.5, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(cell.adjusted(2.25, 2.25, -2.25, -2.25));
        painter.setPen(QPen(theme.text(), 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void HeatCells::paintLegend(const CellCanvas& canvas, const QRectF& place) const
{
    const auto& [painter, grid, theme, font] = canvas;
    const QFontMetricsF metrics(font);
    const std::vector<QString> ends =
        tickTexts({m_scale.low, m_scale.high, m_scale.high * 10}, NumberStyle::Plain);
    const double lowWidth = metrics.horizontalAdvance(ends[0]);
    const double highWidth = metrics.horizontalAdvance(ends[1]);
    // From the right: upper end, ramp, lower end; what is left belongs to the words.
    double x = place.right() - highWidth;
    painter.setPen(theme.dimText());
    painter.drawText(QRectF(x, place.top(), highWidth + 2, place.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, ends[1]);
    const double bar = std::clamp(place.width() * 0.25, 40.0, kLegendBar);
    x -= 8 + bar;
    paintRamp(painter, {x, place.center().y() - 5, bar, 10});
    x -= 8 + lowWidth;
    painter.drawText(QRectF(x, place.top(), lowWidth + 2, place.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, ends[0]);
    double left = place.left();
    const auto word = [&](const QString& text, const QColor& colour) {
        const QRectF room(left, place.top(), x - 12 - left, place.height());
        left += write(canvas, room, text, colour) + 20;
    };
    word(m_data->legend, theme.text());
    const QString plan = HeatWords::tr("in the plan");
    const bool hasChosen = std::any_of(m_data->chosen.begin(), m_data->chosen.end(),
                                       [](int column) { return column >= 0; });
    if (hasChosen && left + 20 + metrics.horizontalAdvance(plan) < x - 12) {
        painter.setPen(QPen(theme.text(), 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(left, place.center().y() - 6, 16, 11));
        left += 24;
        word(plan, theme.dimText());
    }
}

} // namespace bitloom::ui
