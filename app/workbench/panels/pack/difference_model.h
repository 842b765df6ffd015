// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/verify_report.h"
#include "widgets/models/row_model.h"

namespace bitloom::workbench {

enum class DifferenceColumn { Tensor, Part, Index, Expected, Found };

/// The places in which a packed file is not what its model gives. GUI thread only.
class DifferenceModel final
    : public ui::ReportModel<&VerifyReport::differences, DifferenceColumn, 5> {
    Q_OBJECT
public:
    using ReportModel::ReportModel;

protected:
    QVariant cell(const PackDifference& row, DifferenceColumn column, int role) const override;
    ui::ColumnHeader header(DifferenceColumn column) const override;
    bool isNumber(DifferenceColumn column) const override;
};

} // namespace bitloom::workbench
