// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/evaluation_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

#include <QFont>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

namespace bitloom::workbench {

void EvaluationModel::setRows(std::vector<EvaluationRow> rows)
{
    replaceRows(m_rows, std::move(rows),
                [](const EvaluationRow& a, const EvaluationRow& b) { return a.plan == b.plan; });
}

Qt::ItemFlags EvaluationModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == 0) {
        flags |= Qt::ItemIsUserCheckable;
    }
    return flags;
}

std::optional<double> EvaluationModel::number(const EvaluationRow& row,
                                              EvaluationColumn column) const
{
    switch (column) {
    case EvaluationColumn::Top1:
        return row.result ? std::optional(row.result->top1Percent()) : row.earlierTop1;
    case EvaluationColumn::Top5:
        return row.result ? std::optional(row.result->top5Percent()) : std::nullopt;
    case EvaluationColumn::Change:
        return row.changePoints;
    case EvaluationColumn::Agreement:
        return row.agreementPercent;
    case EvaluationColumn::Bytes:
        return static_cast<double>(row.bytes);
    case EvaluationColumn::Bops:
        return row.bopsPercent;
    case EvaluationColumn::Seconds:
        return row.result ? std::optional(row.result->seconds) : std::nullopt;
    case EvaluationColumn::Plan:
        break;
    }
    return std::nullopt;
}

QVariant EvaluationModel::cell(const EvaluationRow& row, EvaluationColumn column, int role) const
{
    const std::optional<double> value = number(row, column);
    const auto decimal = [](double percent) {
        return QLocale().toString(percent, 'f', 2).replace(u'-', QChar(0x2212));
    };
    switch (role) {
    case Qt::DisplayRole:
        if (column == EvaluationColumn::Plan) {
            return row.plan.isEmpty() ? tr("Without a plan (float)") : row.plan;
        }
        if (column == EvaluationColumn::Top1 && row.state != EvaluationRow::State::Idle) {
            return row.state == EvaluationRow::State::Waiting ? tr("waiting") : tr("measuring");
        }
        if (!value) {
            return ui::notKnown();
        }
        switch (column) {
        case EvaluationColumn::Bytes:
            return ui::formatBytes(row.bytes);
        case EvaluationColumn::Change:
            return ui::formatSigned(*value);
        case EvaluationColumn::Seconds:
            return ui::formatDuration(*value);
        default:
            return decimal(*value);
        }
    case Qt::WhatsThisRole:
        return headerData(static_cast<int>(column), Qt::Horizontal, role);
    case Qt::CheckStateRole:
        return column == EvaluationColumn::Plan
                   ? QVariant(static_cast<int>(row.checked ? Qt::Checked : Qt::Unchecked))
                   : QVariant();
    case Qt::ForegroundRole:
        return row.stepsBack ? QVariant(QGuiApplication::palette().placeholderText()) : QVariant();
    case Qt::FontRole:
        if (row.state != EvaluationRow::State::Idle && column == EvaluationColumn::Top1) {
            QFont italic;
            italic.setItalic(true);
            return italic;
        }
        return {};
    case Qt::ToolTipRole:
        switch (column) {
        case EvaluationColumn::Plan:
            return tr("Checked models are measured together.");
        case EvaluationColumn::Top1:
            if (row.result) {
                return tr("%1 of %2 images right")
                    .arg(ui::formatExact(row.result->correct), ui::formatExact(row.result->images));
            }
            return row.earlierTop1 ? tr("From the project. Measure it again on the chosen images "
                                        "to compare it.")
                                   : tr("Not measured on the chosen images yet.");
        case EvaluationColumn::Bytes:
            return ui::formatExactBytes(row.bytes);
        default:
            return {};
        }
    case ui::SortRole:
        return value ? QVariant(*value)
                     : (column == EvaluationColumn::Plan ? QVariant(row.plan) : QVariant());
    case ui::RawTextRole:
        return value ? QVariant(QString::number(*value, 'g', 10))
                     : (column == EvaluationColumn::Plan ? QVariant() : QVariant(QString()));
    default:
        return {};
    }
}

ui::ColumnHeader EvaluationModel::header(EvaluationColumn column) const
{
    using ui::Metric;
    switch (column) {
    case EvaluationColumn::Plan:
        return {tr("Plan"), tr("A plan of the model, or the model without one."), "plan"};
    case EvaluationColumn::Top1:
        return {tr("Top-1 %"), {}, "top1_percent", Metric::Top1};
    case EvaluationColumn::Change:
        return {tr("Change pt"), {}, "top1_change_points", Metric::Change};
    case EvaluationColumn::Agreement:
        return {tr("Same answer %"), {}, "agreement_percent", Metric::Agreement};
    case EvaluationColumn::Top5:
        return {tr("Top-5 %"), {}, "top5_percent", Metric::Top5};
    case EvaluationColumn::Bytes:
        return {tr("Size"), {}, "bytes", Metric::Size};
    case EvaluationColumn::Bops:
        return {tr("BOPs %"), {}, "bops_percent_of_fp32", Metric::Bops};
    case EvaluationColumn::Seconds:
        break;
    }
    return {tr("Time"), tr("Of the forward passes and the images they waited for."), "seconds"};
}

bool EvaluationModel::isNumber(EvaluationColumn column) const
{
    return column != EvaluationColumn::Plan;
}

bool EvaluationModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || index.column() != 0) {
        return false;
    }
    Q_EMIT checkRequested(m_rows[static_cast<std::size_t>(index.row())].plan,
                          value.toInt() == Qt::Checked);
    return true;
}

} // namespace bitloom::workbench
