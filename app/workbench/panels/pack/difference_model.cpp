// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/difference_model.h"

#include "widgets/models/column_header.h"
#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

namespace bitloom::workbench {

namespace {
bool isRight(DifferenceColumn column)
{
    return column == DifferenceColumn::Index || column == DifferenceColumn::Expected;
}

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

void DifferenceModel::setReport(std::shared_ptr<const VerifyReport> report)
{
    if (report == m_report) {
        return;
    }
    beginResetModel();
    m_report = std::move(report);
    endResetModel();
}

int DifferenceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->differences.size());
}

int DifferenceModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant DifferenceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.model() != this || index.row() >= rowCount()) {
        return {};
    }
    const PackDifference& row = m_report->differences[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<DifferenceColumn>(index.column());
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
                   ? data(index, Qt::DisplayRole)
                   : QVariant();
    case Qt::TextAlignmentRole:
        return ui::columnAlignment(isRight(column));
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

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) {
        return {};
    }
    const auto column = static_cast<DifferenceColumn>(section);
    const auto header = [column]() -> ui::ColumnHeader {
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
    }();
    return ui::columnHeaderData(header, isRight(column), role);
}

} // namespace bitloom::workbench
