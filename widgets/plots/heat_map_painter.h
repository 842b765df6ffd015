// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/theme.h"

#include <QFont>
#include <QRectF>
#include <QStringList>

#include <vector>

class QPainter;

namespace bitloom::ui {

/// One matrix: a row per name in scope order, a column per choice.
struct HeatMapData {
    QStringList rows;           ///< "layer1.0.conv1": the part before the first dot is its group
    QStringList columns;        ///< "2", "3", ...
    std::vector<double> values; ///< row by row; NaN: not measured yet
    std::vector<int> chosen;    ///< column that the plan uses, one per row; -1: none of them
    QString legend;             ///< what the values are, with unit: "KL divergence, nats"

    double valueAt(int row, int column) const; ///< NaN outside
    int chosenAt(int row) const;               ///< -1 outside
};

/// Whole decades around the positive values, so that live filling changes the colours in steps.
struct HeatScale {
    double low = 1e-3;
    double high = 1;

    static HeatScale of(const HeatMapData& data);
    double shareOf(double value) const; ///< 0..1 on a logarithmic scale; 0 for zero and below
};

/// Where the parts of a heat map are. Rows begin at y = headerHeight - scroll.
struct HeatMapGeometry {
    double width = 0;
    double headerHeight = 0; ///< legend and names of the columns
    double labelWidth = 0;
    double cellWidth = 0;
    double rowHeight = 0;
    double scrollX = 0;
    double scrollY = 0;

    /// For a width that the columns share; they never get narrower than can be hit.
    static HeatMapGeometry of(const HeatMapData& data, const QFont& font, double width);
    QRectF cell(int row, int column) const;
    QRectF row(int row, const HeatMapData& data) const; ///< label and cells
    double contentWidth(const HeatMapData& data) const;
    double contentHeight(const HeatMapData& data) const; ///< of the rows
};

class HeatMapPainter {
public:
    HeatMapPainter(const HeatMapData& data, const HeatScale& scale, const HeatMapGeometry& geometry,
                   const Theme& theme, const QFont& font)
        : m_data(data), m_scale(scale), m_geometry(geometry), m_theme(theme), m_font(font)
    {
    }

    /// first..last, both included.
    void paintRows(QPainter& painter, int first, int last) const;
    void paintHeader(QPainter& painter) const;
    /// A ring around the row, as selected.
    void paintRowRing(QPainter& painter, int row) const;
    /// The cell under the pointer or reached by keys.
    void paintCellRing(QPainter& painter, int row, int column) const;

private:
    void paintCell(QPainter& painter, int row, int column) const;
    void paintLegend(QPainter& painter, const QRectF& place) const;
    QString textFor(double value) const;

    const HeatMapData& m_data;
    const HeatScale& m_scale;
    const HeatMapGeometry& m_geometry;
    const Theme& m_theme;
    QFont m_font;
};

} // namespace bitloom::ui
