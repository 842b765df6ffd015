// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/results.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace bitloom::workbench {

enum class EvaluationColumn { Plan, Top1, Change, Agreement, Top5, Bytes, Bops, Seconds };

/// One plan, or the model without a plan, and what is known of it on the chosen images.
struct EvaluationRow {
    enum class State { Idle, Waiting, Running };

    QString plan; ///< empty: the model as it is
    bool checked = false;
    bool stepsBack = false; ///< others are looked at
    State state = State::Idle;
    std::int64_t bytes = 0;
    double bopsPercent = 0;
    std::shared_ptr<const EvalResult> result; ///< on the chosen images; null: not measured on them
    std::optional<double> earlierTop1;  ///< as the project has it, on images that it does not know
    std::optional<double> changePoints; ///< top-1 against the model without a plan
    std::optional<double> agreementPercent; ///< images with the same answer, right or wrong
    bool operator==(const EvaluationRow&) const = default;
};

/// What was measured, plans side by side. GUI thread only.
class EvaluationModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kColumns = 8;

    using QAbstractTableModel::QAbstractTableModel;

    /// Resets only if the plans or their order changed; otherwise tells the rows that changed.
    void setRows(std::vector<EvaluationRow> rows);
    const std::vector<EvaluationRow>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void checkRequested(const QString& plan, bool checked);

private:
    /// nullopt: not known.
    std::optional<double> number(const EvaluationRow& row, EvaluationColumn column) const;

    std::vector<EvaluationRow> m_rows;
};

} // namespace bitloom::workbench
