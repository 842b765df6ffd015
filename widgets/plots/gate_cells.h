// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/gate_rows.h"
#include "widgets/plots/cell_content.h"

#include <memory>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// The gates of a whole network at one moment.
struct GateMapData {
    struct Row {
        QString name;
        QString weight;     ///< the quantizer's own name; empty: none
        QString activation; ///< as above
        GateReading weightGates;
        GateReading activationGates;
        bool operator==(const Row&) const = default;
    };
    std::vector<Row> rows;
    bool hasPruning = false; ///< a column for the channels that are kept
    bool operator==(const GateMapData&) const = default;
};

/// The gates at the last recorded step up to this one; no rows before the first. The rows are those
/// of gateRows() for the same history.
GateMapData gateMapData(const RunHistory& history, const std::vector<GateRow>& rows,
                        std::optional<std::int64_t> step);

/// What a column shows.
struct GateColumn {
    enum class Kind { Kept, Level, Bits };
    Kind kind = Kind::Level;
    bool isWeight = true;
    int level = 0; ///< index into GateReading::kLevels
};

/// Cells tell their state by shape too: a bar where the gate is open in evaluation, hatching where
/// it is shut for good; gates above a shut one are pale, because they do not count.
class GateCells final : public CellContent {
public:
    /// data: with rows.
    explicit GateCells(std::shared_ptr<const GateMapData> data);

    const std::vector<GateColumn>& columns() const { return m_columns; }
    /// null: the layer has no such quantizer.
    const GateReading* reading(int row, const GateColumn& column) const;

    int rowCount() const override { return static_cast<int>(m_data->rows.size()); }
    CellGrid grid(const QFont& font, double width) const override;
    QString summary() const override;

protected:
    QString label(int row) const override;
    QString columnTitle(int column) const override;
    void paintTitles(const CellCanvas& canvas) const override;
    void paintLegend(const CellCanvas& canvas, const QRectF& place) const override;
    void paintCell(const CellCanvas& canvas, int row, int column,
                   const QRectF& cell) const override;

private:
    std::shared_ptr<const GateMapData> m_data;
    std::vector<GateColumn> m_columns; ///< weights, then activations
    int m_firstActivation = 0;         ///< the column
};

} // namespace bitloom::ui
