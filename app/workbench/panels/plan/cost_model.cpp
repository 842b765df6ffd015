// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/cost_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/definitions.h"
#include "widgets/util/formatting.h"

#include <QFont>

namespace bitloom::workbench {

namespace {
QString valueText(int row, const ui::CostFigures& figures)
{
    switch (row) {
    case CostModel::Bytes:
        return ui::formatBytes(figures.bytes);
    case CostModel::Bops:
        return ui::formatPercent(figures.bopsPercent());
    case CostModel::Macs:
        return ui::formatCount(figures.macs);
    case CostModel::PredictedLoss:
        return ui::formatSignificant(figures.predictedLoss);
    case CostModel::Accuracy:
        return ui::formatPercent(figures.measuredAccuracy);
    default:
        return {};
    }
}

std::optional<double> rawValue(int row, const ui::CostFigures& figures)
{
    switch (row) {
    case CostModel::Bytes:
        return static_cast<double>(figures.bytes);
    case CostModel::Bops:
        return static_cast<double>(figures.bops);
    case CostModel::Macs:
        return static_cast<double>(figures.macs);
    case CostModel::PredictedLoss:
        return figures.predictedLoss;
    case CostModel::Accuracy:
        return figures.measuredAccuracy;
    default:
        return std::nullopt;
    }
}

/// What the plan has that the reference has not: a ratio for costs, a difference for qualities.
QString comparison(int row, const ui::CostFigures& plan, const ui::CostFigures& reference)
{
    const auto mine = rawValue(row, plan);
    const auto other = rawValue(row, reference);
    if (!mine || !other) {
        return {};
    }
    if (row == CostModel::Bytes || row == CostModel::Bops) {
        return *mine > 0 ? CostModel::tr("plan is %1 smaller").arg(ui::formatRatio(*other, *mine))
                         : QString();
    }
    if (row == CostModel::Accuracy) {
        return CostModel::tr("plan %1 points").arg(ui::formatSigned(*mine - *other));
    }
    return {};
}
} // namespace

void CostModel::setFigures(const std::optional<ui::CostFigures>& plan,
                           const QList<ui::CostReference>& references, const QString& lossUnit)
{
    const bool sameColumns = references.size() == m_references.size();
    if (!sameColumns) {
        beginResetModel();
    }
    m_plan = plan;
    m_references = references;
    m_lossUnit = lossUnit;
    if (!sameColumns) {
        endResetModel();
    } else {
        Q_EMIT dataChanged(index(0, 0), index(RowCount - 1, columnCount() - 1));
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    }
}

int CostModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(RowCount);
}

int CostModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 2 + static_cast<int>(m_references.size());
}

const ui::CostFigures* CostModel::figuresOf(int column) const
{
    if (column == 1) {
        return m_plan ? &*m_plan : nullptr;
    }
    return &m_references.at(column - 2).figures;
}

QVariant CostModel::measureData(int row, int role) const
{
    struct Measure {
        QString name;
        ui::Metric metric;
        const char* key;
    };
    const QString loss =
        m_lossUnit.isEmpty() ? tr("Predicted loss") : tr("Predicted loss (%1)").arg(m_lossUnit);
    const Measure measures[RowCount] = {{tr("Stored size"), ui::Metric::Size, "bytes"},
                                        {tr("BOPs (% of FP32)"), ui::Metric::Bops, "bops"},
                                        {tr("MACs"), ui::Metric::Macs, "macs"},
                                        {loss, ui::Metric::PredictedLoss, "predicted_loss"},
                                        {tr("Top-1 accuracy"), ui::Metric::Top1, "top1_percent"}};
    switch (role) {
    case Qt::DisplayRole:
        return measures[row].name;
    case Qt::ToolTipRole:
        return ui::definitionOf(measures[row].metric).meaning;
    case Qt::WhatsThisRole:
        return ui::whatsThis(measures[row].metric);
    case ui::RawTextRole:
        return QString::fromLatin1(measures[row].key);
    default:
        return {};
    }
}

QVariant CostModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    if (index.column() == 0 || role == Qt::WhatsThisRole) {
        return measureData(index.row(), role);
    }
    const ui::CostFigures* figures = figuresOf(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return figures == nullptr ? ui::notKnown() : valueText(index.row(), *figures);
    case ui::RawTextRole: {
        const auto value = figures == nullptr ? std::nullopt : rawValue(index.row(), *figures);
        return value ? QString::number(*value, 'g', 17) : QString();
    }
    case Qt::ToolTipRole:
        return figures == nullptr ? QVariant() : tooltip(index.row(), *figures, index.column() > 1);
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::FontRole:
        if (index.row() == PredictedLoss) { // predictions are italic everywhere
            QFont font;
            font.setItalic(true);
            return font;
        }
        return {};
    default:
        return {};
    }
}

QVariant CostModel::tooltip(int row, const ui::CostFigures& figures, bool compares) const
{
    QStringList lines;
    if (row == Bytes) {
        lines << ui::formatExactBytes(figures.bytes);
    } else if (row == Bops || row == Macs) {
        lines << ui::formatExact(row == Bops ? figures.bops : figures.macs);
    }
    if (compares && m_plan) {
        lines << comparison(row, *m_plan, figures);
        lines.removeAll(QString());
    }
    return lines.isEmpty() ? QVariant() : QVariant(lines.join(u'\n'));
}

QVariant CostModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant((section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role == ui::KeyRole) {
        return section == 0   ? QStringLiteral("measure")
               : section == 1 ? QStringLiteral("plan")
                              : m_references.at(section - 2).id;
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    return section == 0   ? tr("Measure")
           : section == 1 ? tr("This plan")
                          : m_references.at(section - 2).name;
}

} // namespace bitloom::workbench
