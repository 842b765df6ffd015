// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/heat_map_painter.h"
#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"

#include <QAbstractScrollArea>

#include <functional>
#include <memory>
#include <optional>

namespace bitloom::ui {

/// A matrix of magnitudes, e.g. the sensitivity of each layer at each bit width. Paints only the
/// rows in sight; names of the columns and legend stay in place while scrolling.
///
/// Keys: arrows, Page Up and Down, Home and End move the current cell, Return or Space activates
/// it. A click does both.
class HeatMap final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit HeatMap(QWidget* parent = nullptr);

    /// null: nothing yet. Position and current cell stay where the rows are the same ones.
    void setData(std::shared_ptr<const HeatMapData> matrix);
    void setEmptyText(const QString& text);
    /// The line of the tooltip that says what a click will do.
    void setClickHint(std::function<QString(int row, int column)> hint);
    /// Rings a row and scrolls it into sight; -1: none.
    void setSelectedRow(int row);
    int selectedRow() const { return m_selectedRow; }

    int currentRow() const { return m_currentRow; }
    int currentColumn() const { return m_currentColumn; }
    QRect cellRect(int row, int column) const; ///< in coordinates of the viewport
    QString tooltipAt(int row, int column) const;
    int paintedRows() const { return m_paintedRows; } ///< by the last paint event

    Picture picture(const QString& name) const; ///< all rows
    QString csv() const;

    QSize sizeHint() const override { return {480, 360}; }

Q_SIGNALS:
    void cellActivated(int row, int column);
    void currentCellChanged(int row, int column);

protected:
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Cell {
        int row = -1;
        int column = -1;
        bool operator==(const Cell&) const = default;
    };
    bool isEmpty() const;
    void relayout();
    HeatMapGeometry scrolled() const;
    std::optional<Cell> cellAt(QPointF position) const;
    void setCurrent(int row, int column);
    void scrollTo(int row, int column);
    void paintContent(QPainter& painter);

    std::shared_ptr<const HeatMapData> m_data;
    HeatScale m_scale;
    HeatMapGeometry m_geometry; ///< without the scrollbars' positions
    Theme m_theme;
    QString m_emptyText;
    std::function<QString(int, int)> m_clickHint;
    RefreshGate m_gate;
    int m_selectedRow = -1;
    int m_currentRow = -1;
    int m_currentColumn = -1;
    Cell m_hovered;
    int m_paintedRows = 0;
};

} // namespace bitloom::ui
