// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/results.h"
#include "widgets/models/row_model.h"

#include <memory>
#include <optional>
#include <span>
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
class EvaluationModel final : public ui::RowModel<EvaluationRow, EvaluationColumn, 8> {
    Q_OBJECT
public:
    using RowModel::RowModel;

    /// Resets only if the plans or their order changed; otherwise tells the rows that changed.
    void setRows(std::vector<EvaluationRow> rows);
    const std::vector<EvaluationRow>& rows() const { return m_rows; }

    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void checkRequested(const QString& plan, bool checked);

protected:
    std::span<const EvaluationRow> lines() const override { return m_rows; }
    QVariant cell(const EvaluationRow& row, EvaluationColumn column, int role) const override;
    ui::ColumnHeader header(EvaluationColumn column) const override;
    bool isNumber(EvaluationColumn column) const override;

private:
    /// nullopt: not known.
    std::optional<double> number(const EvaluationRow& row, EvaluationColumn column) const;

    std::vector<EvaluationRow> m_rows;
};

} // namespace bitloom::workbench
