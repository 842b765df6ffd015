// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_rows.h"

#include <QAbstractTableModel>

#include <memory>

namespace bitloom::ui {

/// One plan of a comparison. A width that is not known, or that a layer does not have, is absent.
struct ComparedPlan {
    QString name;
    std::vector<std::optional<int>> weightBits;     ///< per layer
    std::vector<std::optional<int>> activationBits; ///< per layer, of its (first) input
    std::int64_t bytes = 0;
    double bopsPercent = 0; ///< of FP32
    std::optional<double> predictedLoss;
    std::optional<double> measuredAccuracy; ///< percent
};

struct PlanComparison {
    QStringList layers; ///< in execution order
    std::vector<ComparedPlan> plans;
    QString lossUnit;
};

/// Two or more plans side by side: a row per layer, two columns per plan, the totals in the last
/// rows. What differs from the first plan is bold and says so in its tooltip.
class PlanDiffModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    /// In the order of the last rows. Values stand in each plan's first column.
    enum Total { Size, Bops, Loss, Accuracy, TotalCount };

    explicit PlanDiffModel(QObject* parent = nullptr);

    void setComparison(std::shared_ptr<const PlanComparison> comparison);
    /// Whether rows in which all plans agree are left out; totals stay.
    void setDifferencesOnly(bool only);
    bool differencesOnly() const { return m_differencesOnly; }
    int differingLayers() const { return m_differing; }
    bool isTotal(int row) const;
    static int columnOf(int plan, BitTarget target);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    void chooseRows();
    bool differs(std::size_t layer) const;
    std::optional<int> bitsAt(std::size_t plan, BitTarget target, std::size_t layer) const;
    QVariant layerData(std::size_t layer, int column, int role) const;
    QVariant totalData(Total total, int column, int role) const;

    std::shared_ptr<const PlanComparison> m_comparison;
    std::vector<std::size_t> m_rows; ///< layer of each row
    int m_differing = 0;
    bool m_differencesOnly = false;
};

} // namespace bitloom::ui
