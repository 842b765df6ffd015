// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/predictions.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace bitloom::workbench {

/// How each class fared under several plans against the model without one: a row per class, a
/// column per plan. GUI thread only.
class ClassChangeModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kFixedColumns = 3; ///< class, images, right without a plan
    enum ClassRole {
        ChangeRole = Qt::UserRole + 500, ///< double in [-1, 1]: share of the largest change
    };

    struct Plan {
        QString name;
        std::shared_ptr<const PredictionChanges> changes;
        bool operator==(const Plan&) const = default;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setPlans(const std::vector<Plan>& plans);
    bool isEmpty() const { return m_rows.empty(); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Row {
        ClassChange parent;
        std::vector<double> points; ///< per plan, change in percentage points
    };

    std::vector<Plan> m_plans;
    std::vector<Row> m_rows;
    double m_largest = 0; ///< of the changes, in points
};

} // namespace bitloom::workbench
