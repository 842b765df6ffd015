// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/cell_content.h"
#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>

namespace bitloom::ui {

/// A row of cells per layer. Paints only the rows in sight; names of the columns and legend stay in
/// place while scrolling.
///
/// Keys: arrows, Page Up and Down, Home and End move the current cell, Return or Space activates
/// it. A click does both.
class CellMap : public QAbstractScrollArea {
    Q_OBJECT
public:
    void setEmptyText(const QString& text);
    /// Rings a row and scrolls it into sight; -1: none.
    void setSelectedRow(int row);
    int selectedRow() const { return m_selectedRow; }

    int currentRow() const { return m_current.row; }
    int currentColumn() const { return m_current.column; }
    QRect cellRect(int row, int column) const;                ///< in coordinates of the viewport
    int paintedRows() const { return m_paintedRows; }         ///< by the last paint event
    virtual QString tooltipAt(int row, int column) const = 0; ///< empty outside

    Picture picture(const QString& name) const; ///< all rows
    virtual QString csv() const = 0;

Q_SIGNALS:
    void cellActivated(int row, int column);
    void currentCellChanged(int row, int column);

protected:
    struct Cell {
        int row = -1;
        int column = -1;
        bool operator==(const Cell&) const = default;
    };
    CellMap(const QString& name, QWidget* parent);

    /// null: nothing yet. Position, current cell and selection stay if the rows are the same ones.
    void setContent(std::shared_ptr<const CellContent> content, bool hasSameRows);
    bool isEmpty() const { return !m_content; }
    CellGrid scrolled() const; ///< as it is in the viewport now
    virtual std::optional<Cell> cellAt(QPointF position) const;

    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void relayout();
    void setCurrent(const Cell& cell);
    void scrollTo(const Cell& cell); ///< column -1: only up or down
    void paintContent(QPainter& painter);

    std::shared_ptr<const CellContent> m_content;
    CellGrid m_grid; ///< without the scrollbars' positions
    Theme m_theme;
    QString m_emptyText;
    QString m_summary;
    RefreshGate m_gate;
    int m_selectedRow = -1;
    Cell m_current;
    Cell m_hovered;
    int m_paintedRows = 0;
};

} // namespace bitloom::ui
