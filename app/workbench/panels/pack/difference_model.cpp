// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/difference_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

namespace bitloom::workbench {

namespace {
QString partText(const std::string& part)
{
    if (part == "code") {
        return DifferenceModel::tr("code");
    }
    if (part == "scale") {
        return DifferenceModel::tr("scale");
    }
    if (part == "zero_point") {
        return DifferenceModel::tr("zero point");
    }
    return part == "value" ? DifferenceModel::tr("value") : QString();
}
} // namespace

QVariant DifferenceModel::cell(const PackDifference& row, DifferenceColumn column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case DifferenceColumn::Tensor:
            return row.tensor.empty() ? tr("the whole file") : QString::fromStdString(row.tensor);
        case DifferenceColumn::Part:
            return partText(row.part);
        case DifferenceColumn::Index:
            return row.index < 0 ? QString() : ui::formatExact(row.index);
        case DifferenceColumn::Expected:
            return QString::fromStdString(row.expected);
        case DifferenceColumn::Found:
            return QString::fromStdString(row.found);
        }
        return {};
    case Qt::ToolTipRole:
        return column == DifferenceColumn::Tensor || column == DifferenceColumn::Found
                   ? cell(row, column, Qt::DisplayRole)
                   : QVariant();
    case ui::RawTextRole:
        switch (column) {
        case DifferenceColumn::Tensor:
            return QString::fromStdString(row.tensor);
        case DifferenceColumn::Part:
            return QString::fromStdString(row.part);
        case DifferenceColumn::Index:
            return row.index < 0 ? QString() : QString::number(row.index);
        default:
            return {};
        }
    default:
        return {};
    }
}

ui::ColumnHeader DifferenceModel::header(DifferenceColumn column) const
{
    switch (column) {
    case DifferenceColumn::Tensor:
        return {tr("Tensor"), tr("Parameter or buffer of the model."), "tensor"};
    case DifferenceColumn::Part:
        return {tr("Part"), tr("Which of its numbers: codes, scales, zero points or values."),
                "part"};
    case DifferenceColumn::Index:
        return {tr("Index"), tr("Place among these numbers, counted from 0."), "index"};
    case DifferenceColumn::Expected:
        return {tr("Expected"), tr("What the model gives under the file's plan."), "expected"};
    case DifferenceColumn::Found:
        return {tr("Found"), tr("What the file holds."), "found"};
    }
    return {};
}

bool DifferenceModel::isNumber(DifferenceColumn column) const
{
    return column == DifferenceColumn::Index || column == DifferenceColumn::Expected;
}

} // namespace bitloom::workbench
