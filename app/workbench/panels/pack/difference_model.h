// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/verify_report.h"

#include <QAbstractTableModel>

#include <memory>

namespace bitloom::workbench {

enum class DifferenceColumn { Tensor, Part, Index, Expected, Found };

/// The places in which a packed file is not what its model gives. GUI thread only.
class DifferenceModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kColumns = 5;

    using QAbstractTableModel::QAbstractTableModel;

    void setReport(std::shared_ptr<const VerifyReport> report); ///< null: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const VerifyReport> m_report;
};

} // namespace bitloom::workbench
