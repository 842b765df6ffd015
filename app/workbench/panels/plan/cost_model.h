// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/cost_figures.h"

#include <QAbstractTableModel>
#include <QList>

#include <optional>

namespace bitloom::workbench {

/// One row per measure of a plan; columns: the measure, this plan, the plans that it is compared
/// with.
class CostModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Row { Bytes, Bops, Macs, PredictedLoss, Accuracy, RowCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setFigures(const std::optional<ui::CostFigures>& plan,
                    const QList<ui::CostReference>& references, const QString& lossUnit);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    const ui::CostFigures* figuresOf(int column) const;
    QVariant measureData(int row, int role) const;
    QVariant tooltip(int row, const ui::CostFigures& figures, bool compares) const;

    std::optional<ui::CostFigures> m_plan;
    QList<ui::CostReference> m_references;
    QString m_lossUnit;
};

} // namespace bitloom::workbench
