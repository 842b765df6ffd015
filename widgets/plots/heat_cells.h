// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/cell_content.h"

#include <QStringList>

#include <memory>
#include <vector>

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
    bool isEmpty() const { return rows.isEmpty() || columns.isEmpty(); }
};

/// Whole decades around the positive values, so that live filling changes the colours in steps.
struct HeatScale {
    double low = 1e-3;
    double high = 1;

    static HeatScale of(const HeatMapData& data);
    double shareOf(double value) const; ///< 0..1 on a logarithmic scale; 0 for zero and below
};

/// The magnitudes of a matrix, which is not empty; the plan's choices are outlined.
class HeatCells final : public CellContent {
public:
    explicit HeatCells(std::shared_ptr<const HeatMapData> data);

    int rowCount() const override { return static_cast<int>(m_data->rows.size()); }
    CellGrid grid(const QFont& font, double width) const override;
    QString summary() const override { return m_data->legend; }

protected:
    QString label(int row) const override { return m_data->rows.at(row); }
    bool startsGroup(int row) const override;
    QString columnTitle(int column) const override { return m_data->columns.at(column); }
    QString columnsTitle() const override;
    void paintLegend(const CellCanvas& canvas, const QRectF& place) const override;
    void paintCell(const CellCanvas& canvas, int row, int column,
                   const QRectF& cell) const override;

private:
    std::shared_ptr<const HeatMapData> m_data;
    HeatScale m_scale;
};

} // namespace bitloom::ui
