// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/class_change_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bitloom::workbench {

namespace {
double percent(std::int64_t part, std::int64_t whole)
{
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

QString nameOf(const ClassChange& change)
{
    return change.name.empty() ? QString::number(change.label)
                               : QString::fromStdString(change.name);
}
} // namespace

void ClassChangeModel::setPlans(const std::vector<Plan>& plans)
{
    if (plans == m_plans) {
        return;
    }
    beginResetModel();
    m_plans = plans;
    m_rows.clear();
    m_largest = 0;
    // All plans were measured on the same images, so they list the same classes.
    for (const Plan& plan : m_plans) {
        for (std::size_t i = 0; i < plan.changes->classes.size(); ++i) {
            const ClassChange& change = plan.changes->classes[i];
            if (i == m_rows.size()) {
                m_rows.push_back({change, {}});
            }
            const double points =
                percent(change.otherCorrect - change.parentCorrect, change.images);
            m_rows[i].points.push_back(points);
            m_largest = std::max(m_largest, std::abs(points));
        }
    }
    endResetModel();
}

int ClassChangeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ClassChangeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kFixedColumns + static_cast<int>(m_plans.size());
}

QVariant ClassChangeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.model() != this || index.row() >= rowCount() ||
        index.column() >= columnCount()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int plan = index.column() - kFixedColumns;
    const double parent = percent(row.parent.parentCorrect, row.parent.images);
    if (role == Qt::TextAlignmentRole) {
        return int((index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (plan >= 0) {
        const double points = row.points.at(static_cast<std::size_t>(plan));
        switch (role) {
        case Qt::DisplayRole:
            return ui::formatSigned(points);
        case Qt::ToolTipRole:
            return tr("%1: %2 % right without a plan, %3 % with %4")
                .arg(nameOf(row.parent), QLocale().toString(parent, 'f', 2),
                     QLocale().toString(parent + points, 'f', 2),
                     m_plans[static_cast<std::size_t>(plan)].name);
        case ChangeRole:
            return m_largest > 0 ? points / m_largest : 0.0;
        case ui::SortRole:
            return points;
        case ui::RawTextRole:
            return QString::number(points, 'g', 10);
        default:
            return {};
        }
    }
    switch (index.column()) {
    case 0:
        if (role == Qt::DisplayRole) {
            return nameOf(row.parent);
        }
        return role == ui::SortRole ? QVariant(static_cast<qlonglong>(row.parent.label))
                                    : QVariant();
    case 1:
        if (role == Qt::DisplayRole) {
            return ui::formatExact(row.parent.images);
        }
        return role == ui::SortRole || role == ui::RawTextRole
                   ? QVariant(static_cast<qlonglong>(row.parent.images))
                   : QVariant();
    default:
        if (role == Qt::DisplayRole) {
            return QLocale().toString(parent, 'f', 2);
        }
        return role == ui::SortRole || role == ui::RawTextRole ? QVariant(parent) : QVariant();
    }
}

QVariant ClassChangeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int((section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    const int plan = section - kFixedColumns;
    if (plan >= 0) {
        const QString& name = m_plans[static_cast<std::size_t>(plan)].name;
        if (role == Qt::ToolTipRole) {
            return tr("Images right under %1, in points against the model without a plan.")
                .arg(name);
        }
        return role == Qt::DisplayRole ? QVariant(tr("%1 pt").arg(name)) : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    return section == 0 ? tr("Class") : section == 1 ? tr("Images") : tr("Float %");
}

} // namespace bitloom::workbench
