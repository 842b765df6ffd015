// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/gate_map_painter.h"
#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>

namespace bitloom::ui {

/// Probabilities of all gates at one moment: a row per layer, its weight beside the activation that
/// follows it, a column per level, and the width that evaluation would take. Paints only the rows
/// in sight.
///
/// Keys: arrows, Page Up and Down, Home and End move the current cell and choose its row. A click
/// does the same.
class GateMap final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit GateMap(QWidget* parent = nullptr);

    /// null: nothing yet. Position and current cell stay where the rows are the same ones.
    void setData(std::shared_ptr<const GateMapData> gates);
    void setEmptyText(const QString& text);
    /// Rings a row and scrolls it into sight; -1: none.
    void setSelectedRow(int row);
    int selectedRow() const { return m_selectedRow; }

    QRect cellRect(int row, int column) const; ///< in coordinates of the viewport
    QString tooltipAt(int row, int column) const;
    int paintedRows() const { return m_paintedRows; } ///< by the last paint event

    Picture picture(const QString& name) const; ///< all rows
    QString csv() const;

    QSize sizeHint() const override { return {480, 300}; }
    QSize minimumSizeHint() const override { return {240, 120}; }

Q_SIGNALS:
    void rowActivated(int row);

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
    bool isEmpty() const { return !m_data || m_data->rows.empty(); }
    void relayout();
    GateMapGeometry scrolled() const;
    std::optional<Cell> cellAt(QPointF position) const;
    void setCurrent(const Cell& cell);
    void scrollTo(int row);

    std::shared_ptr<const GateMapData> m_data;
    GateMapGeometry m_geometry; ///< without the scrollbars' positions
    Theme m_theme;
    QString m_emptyText;
    RefreshGate m_gate;
    int m_selectedRow = -1;
    Cell m_current;
    Cell m_hovered;
    int m_paintedRows = 0;
};

} // namespace bitloom::ui
