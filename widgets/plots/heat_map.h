// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/cell_map.h"
#include "widgets/plots/heat_cells.h"

#include <functional>

namespace bitloom::ui {

/// A matrix of magnitudes, e.g. the sensitivity of each layer at each bit width.
class HeatMap final : public CellMap {
    Q_OBJECT
public:
    explicit HeatMap(QWidget* parent = nullptr);

    /// null: nothing yet. Position and current cell stay where the rows are the same ones.
    void setData(std::shared_ptr<const HeatMapData> matrix);
    /// The line of the tooltip that says what a click will do.
    void setClickHint(std::function<QString(int row, int column)> hint);

    QString tooltipAt(int row, int column) const override;
    QString csv() const override;

    QSize sizeHint() const override { return {480, 360}; }

private:
    std::shared_ptr<const HeatMapData> m_data;
    std::function<QString(int, int)> m_clickHint;
};

} // namespace bitloom::ui
