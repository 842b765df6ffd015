// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/cell_map.h"
#include "widgets/plots/gate_cells.h"

namespace bitloom::ui {

/// Probabilities of all gates at one moment: a row per layer, its weight beside the activation that
/// follows it, a column per level, and the width that evaluation would take. Moving to a cell
/// chooses its row; a click on a name does so too.
class GateMap final : public CellMap {
    Q_OBJECT
public:
    explicit GateMap(QWidget* parent = nullptr);

    /// null: nothing yet. Position and current cell stay where the rows are the same ones.
    void setData(std::shared_ptr<const GateMapData> gates);

    QString tooltipAt(int row, int column) const override;
    QString csv() const override;

    QSize sizeHint() const override { return {480, 300}; }
    QSize minimumSizeHint() const override { return {240, 120}; }

Q_SIGNALS:
    void rowActivated(int row);

protected:
    std::optional<Cell> cellAt(QPointF position) const override;

private:
    std::shared_ptr<const GateMapData> m_data;
    std::shared_ptr<const GateCells> m_cells;
};

} // namespace bitloom::ui
