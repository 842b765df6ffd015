// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/pack_sheet.h"
#include "widgets/models/row_model.h"

namespace bitloom::workbench {

enum class PackSheetColumn { Tensor, Kind, Shape, Bits, Packed, Padding, Scales, Crc, Verified };

/// The tensors of a packed file, in file order. GUI thread only.
class PackSheetModel final : public ui::ReportModel<&PackSheet::tensors, PackSheetColumn, 9> {
    Q_OBJECT
public:
    using ReportModel::ReportModel;

protected:
    QVariant cell(const PackSheetRow& row, PackSheetColumn column, int role) const override;
    ui::ColumnHeader header(PackSheetColumn column) const override;
    bool isNumber(PackSheetColumn column) const override;
};

} // namespace bitloom::workbench
