// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_rows.h"
#include "widgets/models/roles.h"

#include <QAbstractItemModel>
#include <QStringList>

#include <memory>

namespace bitloom::test {

inline ui::LayerRow layerRow(const QString& name, std::int64_t macs, int weightBits,
                             int activationBits)
{
    ui::LayerRow row;
    row.name = name;
    row.scope = name.left(std::max<qsizetype>(name.lastIndexOf(u'.'), 0));
    row.op = QStringLiteral("aten::conv2d");
    row.weightShape = {16, 16, 3, 3};
    row.outputShape = {1, 16, 8, 8};
    row.macs = macs;
    row.parameters = 2304;
    row.weight.bits = weightBits;
    row.activation.bits = activationBits;
    row.bytes = 2304 * weightBits / 8;
    row.bops = macs * weightBits * activationBits;
    return row;
}

inline void fillShares(ui::LayerRows& rows)
{
    double total = 0;
    for (const ui::LayerRow& row : rows) {
        total += static_cast<double>(row.bops);
    }
    for (ui::LayerRow& row : rows) {
        row.bopsShare = static_cast<double>(row.bops) / total;
    }
}

/// A small residual network: two scopes, one joined scope, a classifier.
inline ui::LayerRows residualRows()
{
    ui::LayerRows rows{layerRow(QStringLiteral("conv1"), 1'000'000, 8, 32),
                       layerRow(QStringLiteral("layer1.0.conv1"), 2'000'000, 4, 8),
                       layerRow(QStringLiteral("layer1.0.conv2"), 2'000'000, 2, 8),
                       layerRow(QStringLiteral("layer1.0.downsample.0"), 500'000, 4, 4),
                       layerRow(QStringLiteral("layer1.1.conv1"), 2'000'000, 4, 4),
                       layerRow(QStringLiteral("layer1.1.conv2"), 2'000'000, 4, 4),
                       layerRow(QStringLiteral("fc"), 640, 8, 8)};
    rows.back().kind = LayerKind::Linear;
    rows.back().op = QStringLiteral("aten::linear");
    fillShares(rows);
    return rows;
}

/// Scopes of ten blocks with ten layers each.
inline ui::LayerRows manyRows(int count)
{
    ui::LayerRows rows;
    for (int i = 0; i < count; ++i) {
        const QString name =
            QStringLiteral("stage%1.%2.conv%3").arg(i / 100).arg(i / 10 % 10).arg(i % 10);
        rows.push_back(layerRow(name, 1000 + 37 * (i % 101), 1 + i % 8, 2 + i % 7));
        rows.back().predictedLoss = 0.001 * (i % 13);
        rows.back().sensitivity = 0.01 * (i % 17);
    }
    fillShares(rows);
    return rows;
}

inline std::shared_ptr<const ui::LayerRows> shared(ui::LayerRows rows)
{
    return std::make_shared<const ui::LayerRows>(std::move(rows));
}

/// One line per row, indented, with the columns joined by " | ".
inline QStringList printed(const QAbstractItemModel& model, const QList<int>& columns,
                           const QModelIndex& parent = {}, int depth = 0)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        QStringList cells;
        for (const int column : columns) {
            cells << model.index(row, column, parent).data().toString();
        }
        lines << QString(2 * depth, u' ') + cells.join(QStringLiteral(" | "));
        lines << printed(model, columns, model.index(row, 0, parent), depth + 1);
    }
    return lines;
}

} // namespace bitloom::test
