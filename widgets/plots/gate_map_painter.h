// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/gate_rows.h"
#include "widgets/util/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

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

/// Where the parts of the map are. Rows begin at y = headerHeight - scroll.
struct GateMapGeometry {
    std::vector<GateColumn> columns; ///< weights, then activations
    double width = 0;
    double headerHeight = 0; ///< legend, names of the blocks, names of the columns
    double line = 0;         ///< height of a line of text
    double labelWidth = 0;
    double cellWidth = 0;
    double gap = 0; ///< between the two blocks
    double rowHeight = 0;
    double scrollX = 0;
    double scrollY = 0;

    static GateMapGeometry of(const GateMapData& data, const QFont& font, double width);
    QRectF cell(int row, int column) const;
    QRectF row(int row) const; ///< label and cells
    double contentWidth() const;
    double contentHeight(const GateMapData& data) const; ///< of the rows
    /// Columns of one block: first, and one past the last.
    std::pair<int, int> block(bool isWeight) const;
};

/// Cells tell their state by shape too: a dot where the gate is open in evaluation, hatching where
/// it is shut for good; gates above a shut one are pale, because they do not count.
class GateMapPainter {
public:
    GateMapPainter(const GateMapData& data, const GateMapGeometry& geometry, const Theme& theme,
                   const QFont& font)
        : m_data(data), m_geometry(geometry), m_theme(theme), m_font(font)
    {
    }

    /// first..last, both included.
    void paintRows(QPainter& painter, int first, int last) const;
    void paintHeader(QPainter& painter) const;
    void paintRowRing(QPainter& painter, int row) const;
    void paintCellRing(QPainter& painter, int row, int column) const;

private:
    const GateReading* reading(int row, const GateColumn& column) const; ///< null: no quantizer
    void paintCell(QPainter& painter, int row, int column) const;
    void paintProbability(QPainter& painter, const QRectF& cell, double probability, bool isLevel,
                          bool counts) const;
    void paintLegend(QPainter& painter, const QRectF& place) const;

    const GateMapData& m_data;
    const GateMapGeometry& m_geometry;
    const Theme& m_theme;
    QFont m_font;
};

} // namespace bitloom::ui
