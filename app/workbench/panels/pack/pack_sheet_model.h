// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/pack_sheet.h"

#include <QAbstractTableModel>

#include <memory>

namespace bitloom::workbench {

enum class PackSheetColumn { Tensor, Kind, Shape, Bits, Packed, Padding, Scales, Crc, Verified };

/// The tensors of a packed file, in file order. GUI thread only.
class PackSheetModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kColumns = 9;

    using QAbstractTableModel::QAbstractTableModel;

    void setSheet(std::shared_ptr<const PackSheet> sheet); ///< null: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const PackSheet> m_sheet;
};

} // namespace bitloom::workbench
