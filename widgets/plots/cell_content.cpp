// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/cell_content.h"

#include "widgets/plots/chart_metrics.h"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPainter>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
}

QRectF CellGrid::cell(int row, int column) const
{
    const double shift = column >= gapBefore ? gap : 0;
    return {labelWidth + column * cellWidth + shift - scrollX,
            headerHeight + row * rowHeight - scrollY, cellWidth, rowHeight};
}

QRectF CellGrid::row(int row) const
{
    const QRectF last = cell(row, columns - 1);
    return {4, last.top(), last.right() - 4, rowHeight};
}

double CellGrid::contentWidth() const
{
    return labelWidth + columns * cellWidth + gap + kMargin;
}

double CellGrid::contentHeight() const
{
    return rows * rowHeight + kMargin;
}

int CellGrid::rowAt(double y) const
{
    const double row = std::floor((y - headerHeight + scrollY) / rowHeight);
    return y >= headerHeight && row < rows ? static_cast<int>(row) : -1;
}

int CellGrid::columnAt(double x) const
{
    for (int column = 0; x >= labelWidth && column < columns; ++column) {
        const QRectF place = cell(0, column);
        if (x >= place.left() && x < place.right()) {
            return column;
        }
    }
    return -1;
}

double CellContent::widestLabel(const QFontMetricsF& metrics) const
{
    // The widest of the longest: measuring all of 10,000 takes longer than a frame.
    constexpr qsizetype kMeasured = 32;
    QStringList labels;
    labels.reserve(rowCount());
    for (int row = 0; row < rowCount(); ++row) {
        labels << label(row);
    }
    const auto end = labels.begin() + std::min(labels.size(), kMeasured);
    std::partial_sort(labels.begin(), end, labels.end(),
                      [](const QString& a, const QString& b) { return a.size() > b.size(); });
    double widest = 0;
    std::for_each(labels.begin(), end, [&](const QString& text) {
        widest = std::max(widest, metrics.horizontalAdvance(text));
    });
    return widest;
}

void CellContent::paintRamp(QPainter& painter, const QRectF& place)
{
    QLinearGradient gradient(place.topLeft(), place.topRight());
    for (int i = 0; i <= 16; ++i) {
        gradient.setColorAt(i / 16.0, Theme::magnitude(i / 16.0));
    }
    painter.fillRect(place, gradient);
}

double CellContent::write(const CellCanvas& canvas, const QRectF& place, const QString& text,
                          const QColor& colour)
{
    if (place.width() < 24) {
        return 0;
    }
    const QFontMetricsF metrics(canvas.font);
    canvas.painter.setPen(colour);
    canvas.painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                            metrics.elidedText(text, Qt::ElideRight, place.width()));
    return metrics.horizontalAdvance(text);
}

void CellContent::paintRows(const CellCanvas& canvas, int first, int last) const
{
    const auto& [painter, grid, theme, font] = canvas;
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    for (int row = first; row <= last; ++row) {
        painter.save();
        painter.setClipRect(
            QRectF(grid.labelWidth, grid.headerHeight, grid.width - grid.labelWidth, 1e6),
            Qt::IntersectClip);
        for (int column = 0; column < grid.columns; ++column) {
            const QRectF cell = grid.cell(row, column);
            if (cell.right() > grid.labelWidth && cell.left() < grid.width) {
                paintCell(canvas, row, column, cell.adjusted(0, 0, -1, -1));
            }
        }
        painter.restore();
        const double top = grid.cell(row, 0).top();
        if (grid.hasRoomForText()) {
            const QRectF place(kMargin, top, grid.labelWidth - kMargin - 8, grid.rowHeight - 1);
            painter.setPen(theme.text());
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(label(row), Qt::ElideMiddle, place.width()));
        }
        if (startsGroup(row)) {
            painter.setPen(QPen(theme.dimText(), 1));
            painter.drawLine(QPointF(kMargin, top - 0.5),
                             QPointF(grid.row(row).right(), top - 0.5));
        }
    }
}

void CellContent::paintTitles(const CellCanvas& canvas) const
{
    const auto& [painter, grid, theme, font] = canvas;
    const QFontMetricsF metrics(font);
    painter.setPen(theme.dimText());
    for (int column = 0; column < grid.columns; ++column) {
        const QRectF cell = grid.cell(0, column);
        const QRectF place(cell.left(), grid.headerHeight - grid.line - 6, cell.width() - 1,
                           grid.line);
        painter.drawText(place, Qt::AlignCenter,
                         metrics.elidedText(columnTitle(column), Qt::ElideRight, place.width()));
    }
}

void CellContent::paintHeader(const CellCanvas& canvas) const
{
    const auto& [painter, grid, theme, font] = canvas;
    painter.setFont(font);
    painter.fillRect(QRectF(0, 0, grid.width, grid.headerHeight), theme.base());
    paintLegend(canvas, {kMargin, 8, grid.width - 2 * kMargin, grid.line + 4});
    painter.save();
    painter.setClipRect(QRectF(grid.labelWidth, 0, grid.width, grid.headerHeight),
                        Qt::IntersectClip);
    paintTitles(canvas);
    painter.restore();
    painter.setPen(theme.dimText());
    painter.drawText(QRectF(kMargin, grid.headerHeight - grid.line - 6,
                            grid.labelWidth - kMargin - 8, grid.line),
                     Qt::AlignRight | Qt::AlignVCenter, columnsTitle());
    painter.setPen(QPen(theme.grid(), 1));
    painter.drawLine(QPointF(0, grid.headerHeight - 0.5),
                     QPointF(grid.width, grid.headerHeight - 0.5));
}

void CellContent::paintRowRing(const CellCanvas& canvas, int row)
{
    canvas.painter.setBrush(Qt::NoBrush);
    canvas.painter.setPen(QPen(canvas.theme.accent(), 2));
    canvas.painter.drawRoundedRect(canvas.grid.row(row).adjusted(1, -1, 3, 0), 3, 3);
}

void CellContent::paintCellRing(const CellCanvas& canvas, int row, int column)
{
    const QRectF cell = canvas.grid.cell(row, column).adjusted(0, 0, -1, -1);
    canvas.painter.setBrush(Qt::NoBrush);
    canvas.painter.setPen(QPen(canvas.theme.base(), 1.5));
    canvas.painter.drawRoundedRect(cell.adjusted(2.5, 2.5, -2.5, -2.5), 2, 2);
    canvas.painter.setPen(QPen(canvas.theme.accent(), 2.5));
    canvas.painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
}

} // namespace bitloom::ui
