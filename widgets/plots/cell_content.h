// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>

class QFontMetricsF;
class QPainter;

namespace bitloom::ui {

/// Where the parts of a map of cells are. Rows begin at y = headerHeight - scrollY.
struct CellGrid {

    int rows = 0;
    int columns = 0;
    double width = 0;
    double line = 0;         ///< height of a line of text
    double headerHeight = 0; ///< legend and names of the columns
    double labelWidth = 0;
    double cellWidth = 0;
    double rowHeight = 0;
    int gapBefore = 0; ///< the column in front of which the gap is
    double gap = 0;
    double scrollX = 0;
    double scrollY = 0;

    QRectF cell(int row, int column) const;
    QRectF row(int row) const; ///< label and cells
    double contentWidth() const;
    double contentHeight() const; ///< of the rows
    int rowAt(double y) const;    ///< -1: none
    int columnAt(double x) const; ///< -1: none
    bool hasRoomForText() const { return rowHeight >= line; }
};

struct CellCanvas {
    QPainter& painter;
    const CellGrid& grid;
    const Theme& theme;
    const QFont& font;
};

/// What the cells of a map hold and how they look. Immutable, so that pictures can keep it.
class CellContent {
public:
    CellContent() = default;
    CellContent(const CellContent&) = delete;
    CellContent& operator=(const CellContent&) = delete;
    virtual ~CellContent() = default;

    virtual int rowCount() const = 0;
    /// Laid out for a width that the columns share; they never get narrower than can be hit.
    virtual CellGrid grid(const QFont& font, double width) const = 0;
    virtual QString summary() const = 0; ///< for those who do not see the map

    /// first..last, both included.
    void paintRows(const CellCanvas& canvas, int first, int last) const;
    void paintHeader(const CellCanvas& canvas) const;
    /// A ring around the row, as selected.
    static void paintRowRing(const CellCanvas& canvas, int row);
    /// The cell under the pointer or reached by keys.
    static void paintCellRing(const CellCanvas& canvas, int row, int column);

protected:
    virtual QString label(int row) const = 0;
    virtual bool startsGroup(int /*row*/) const { return false; }
    virtual QString columnTitle(int column) const = 0;
    virtual QString columnsTitle() const { return {}; } ///< what the columns are, left of them
    virtual void paintTitles(const CellCanvas& canvas) const;
    virtual void paintLegend(const CellCanvas& canvas, const QRectF& place) const = 0;
    /// cell: without the pixel that stays free between neighbours.
    virtual void paintCell(const CellCanvas& canvas, int row, int column,
                           const QRectF& cell) const = 0;

    double widestLabel(const QFontMetricsF& metrics) const;
    /// The ramp of Theme::magnitude().
    static void paintRamp(QPainter& painter, const QRectF& place);
    /// Elided to the place, left out where there is none; the width of the whole text, 0 if left
    /// out.
    static double write(const CellCanvas& canvas, const QRectF& place, const QString& text,
                        const QColor& colour);
};

} // namespace bitloom::ui
