// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/conversion.h"

#include <QAbstractTableModel>

#include <memory>

namespace bitloom::workbench {

enum class ConversionColumn { Tensor, Fate, Before, After, Bytes, Shape, What };

/// What becomes of each tensor of a file that is written, in the order of its source. GUI thread
/// only.
class ConversionModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kColumns = 7;

    using QAbstractTableModel::QAbstractTableModel;

    void setReport(std::shared_ptr<const ConversionReport> report); ///< null: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const ConversionReport> m_report;
};

} // namespace bitloom::workbench
