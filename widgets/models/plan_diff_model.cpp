// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/plan_diff_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

#include <QFont>

#include <array>

namespace bitloom::ui {

namespace {
constexpr std::array kTargets{BitTarget::Weights, BitTarget::Activations};

int rightAligned()
{
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
}

QVariant font(bool bold, bool italic)
{
    if (!bold && !italic) {
        return {};
    }
    QFont result;
    result.setWeight(bold ? QFont::DemiBold : QFont::Normal);
    result.setItalic(italic);
    return result;
}
} // namespace

PlanDiffModel::PlanDiffModel(QObject* parent)
    : QAbstractTableModel(parent), m_comparison(std::make_shared<const PlanComparison>())
{
}

void PlanDiffModel::setComparison(std::shared_ptr<const PlanComparison> comparison)
{
    beginResetModel();
    m_comparison =
        comparison != nullptr ? std::move(comparison) : std::make_shared<const PlanComparison>();
    chooseRows();
    endResetModel();
}

void PlanDiffModel::setDifferencesOnly(bool only)
{
    if (only == m_differencesOnly) {
        return;
    }
    beginResetModel();
    m_differencesOnly = only;
    chooseRows();
    endResetModel();
}

void PlanDiffModel::chooseRows()
{
    m_rows.clear();
    m_differing = 0;
    for (std::size_t layer = 0; layer < static_cast<std::size_t>(m_comparison->layers.size());
         ++layer) {
        const bool differing = differs(layer);
        m_differing += differing ? 1 : 0;
        if (differing || !m_differencesOnly) {
            m_rows.push_back(layer);
        }
    }
}

std::optional<int> PlanDiffModel::bitsAt(std::size_t plan, BitTarget target,
                                         std::size_t layer) const
{
    const ComparedPlan& entry = m_comparison->plans[plan];
    const auto& bits = target == BitTarget::Weights ? entry.weightBits : entry.activationBits;
    return layer < bits.size() ? bits[layer] : std::nullopt;
}

bool PlanDiffModel::differs(std::size_t layer) const
{
    for (std::size_t plan = 1; plan < m_comparison->plans.size(); ++plan) {
        for (const BitTarget target : kTargets) {
            if (bitsAt(plan, target, layer) != bitsAt(0, target, layer)) {
                return true;
            }
        }
    }
    return false;
}

bool PlanDiffModel::isTotal(int row) const
{
    return row >= static_cast<int>(m_rows.size()) && row < rowCount();
}

int PlanDiffModel::columnOf(int plan, BitTarget target)
{
    return 1 + 2 * plan + (target == BitTarget::Weights ? 0 : 1);
}

int PlanDiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_comparison->plans.empty()
               ? 0
               : static_cast<int>(m_rows.size()) + TotalCount;
}

int PlanDiffModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 1 + 2 * static_cast<int>(m_comparison->plans.size());
}

QVariant PlanDiffModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.model() != this) {
        return {};
    }
    const int row = index.row();
    if (role == Qt::TextAlignmentRole) {
        return index.column() == 0 ? static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter)
                                   : rightAligned();
    }
    return isTotal(row) ? totalData(static_cast<Total>(row - static_cast<int>(m_rows.size())),
                                    index.column(), role)
                        : layerData(m_rows[static_cast<std::size_t>(row)], index.column(), role);
}

QVariant PlanDiffModel::layerData(std::size_t layer, int column, int role) const
{
    const QString& name = m_comparison->layers[static_cast<qsizetype>(layer)];
    if (role == LayerNameRole) {
        return name;
    }
    if (column == 0) {
        switch (role) {
        case Qt::DisplayRole:
        case Qt::ToolTipRole:
        case RawTextRole:
        case SortRole:
            return name;
        case Qt::FontRole:
            return font(differs(layer), false);
        default:
            return {};
        }
    }
    const auto plan = static_cast<std::size_t>(column - 1) / 2;
    const BitTarget target = kTargets[static_cast<std::size_t>(column - 1) % 2];
    const auto bits = bitsAt(plan, target, layer);
    const auto first = bitsAt(0, target, layer);
    switch (role) {
    case Qt::DisplayRole:
        return bits ? formatBits(*bits) : notKnown();
    case RawTextRole:
        return bits ? QString::number(*bits) : QString();
    case SortRole:
        return bits ? QVariant(*bits) : QVariant();
    case BitsRole:
        return bits ? QVariant::fromValue(BitRange{*bits, *bits}) : QVariant();
    case Qt::FontRole:
        return font(bits != first, false);
    case Qt::ToolTipRole:
        return bits == first
                   ? QString()
                   : tr("%1 in %2, %3 in %4")
                         .arg(bits ? formatBits(*bits) : notKnown(), m_comparison->plans[plan].name,
                              first ? formatBits(*first) : notKnown(), m_comparison->plans[0].name);
    default:
        return {};
    }
}

QVariant PlanDiffModel::totalData(Total total, int column, int role) const
{
    if (column == 0) {
        if (role == Qt::FontRole) {
            return font(true, false);
        }
        if (role != Qt::DisplayRole && role != RawTextRole) {
            return {};
        }
        switch (total) {
        case Size:
            return tr("Size");
        case Bops:
            return tr("BOPs, % of FP32");
        case Loss:
            return m_comparison->lossUnit.isEmpty()
                       ? tr("Predicted loss")
                       : tr("Predicted loss, %1").arg(m_comparison->lossUnit);
        case Accuracy:
            return tr("Measured accuracy");
        case TotalCount:
            break;
        }
        return {};
    }
    if (column % 2 == 0) { // the value stands under the plan's weights
        return {};
    }
    const ComparedPlan& plan = m_comparison->plans[static_cast<std::size_t>(column - 1) / 2];
    const auto raw = [](const std::optional<double>& value) {
        return value ? QString::number(*value, 'g', 17) : QString();
    };
    const bool isRaw = role == RawTextRole;
    if (role == Qt::FontRole) {
        return font(false, total == Loss && plan.predictedLoss.has_value());
    }
    if (role == PredictedRole) {
        return total == Loss && plan.predictedLoss.has_value();
    }
    if (role == Qt::ToolTipRole) {
        return total == Size ? formatExactBytes(plan.bytes) : QString();
    }
    if (role != Qt::DisplayRole && !isRaw) {
        return {};
    }
    switch (total) {
    case Size:
        return isRaw ? QString::number(plan.bytes) : formatBytes(plan.bytes);
    case Bops:
        return isRaw ? raw(plan.bopsPercent) : formatPercent(plan.bopsPercent);
    case Loss:
        return isRaw ? raw(plan.predictedLoss) : formatSignificant(plan.predictedLoss);
    case Accuracy:
        return isRaw ? raw(plan.measuredAccuracy) : formatPercent(plan.measuredAccuracy);
    case TotalCount:
        break;
    }
    return {};
}

QVariant PlanDiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return section == 0 ? static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) : rightAligned();
    }
    if (section == 0) {
        return role == Qt::DisplayRole ? tr("Layer")
               : role == KeyRole       ? QVariant(QStringLiteral("name"))
                                       : QVariant();
    }
    const QString& name = m_comparison->plans[static_cast<std::size_t>(section - 1) / 2].name;
    const bool weights = (section - 1) % 2 == 0;
    switch (role) {
    case Qt::DisplayRole:
        return weights ? tr("%1, W").arg(shortened(name, 20)) : tr("A");
    case Qt::ToolTipRole:
        return weights ? tr("Bits of the weights in %1.").arg(name)
                       : tr("Bits of the activations in %1.").arg(name);
    case KeyRole:
        return name + (weights ? QStringLiteral(" wbits") : QStringLiteral(" abits"));
    default:
        return {};
    }
}

} // namespace bitloom::ui
