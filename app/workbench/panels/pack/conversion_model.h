// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/conversion.h"
#include "widgets/models/row_model.h"

namespace bitloom::workbench {

enum class ConversionColumn { Tensor, Fate, Before, After, Bytes, Shape, What };

/// What becomes of each tensor of a file that is written, in the order of its source. GUI thread
/// only.
class ConversionModel final
    : public ui::ReportModel<&ConversionReport::tensors, ConversionColumn, 7> {
    Q_OBJECT
public:
    using ReportModel::ReportModel;

protected:
    QVariant cell(const ConvertedTensor& row, ConversionColumn column, int role) const override;
    ui::ColumnHeader header(ConversionColumn column) const override;
    bool isNumber(ConversionColumn column) const override;
};

} // namespace bitloom::workbench
