// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/model_info.h"
#include "core/types/run_history.h"
#include "widgets/models/row_model.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitloom::ui {

/// What a run has come to for one layer.
struct RunLayerRow {
    std::string name;
    std::optional<std::int64_t> macs; ///< nullopt: the model is not known
    int weightBits = 32;
    int activationBits = 32; ///< of what the layer reads
    double keptPercent = 100;
    double bopsPercent = 0;                           ///< of the FP32 network's bit operations
    double bopsSharePercent = 0;                      ///< of the run's own bit operations
    std::optional<double> regulariser = std::nullopt; ///< before lambda; nullopt: of an older run
    bool operator==(const RunLayerRow&) const = default;
};

/// The rows of the series "layers" at the last evaluation up to a step, in execution order; empty
/// before the first one.
std::vector<RunLayerRow> runLayerRows(const RunHistory& history, const ModelInfo* model,
                                      std::optional<std::int64_t> step);

enum class RunLayerColumn { Layer, Macs, WeightBits, ActivationBits, Kept, BopsShare, Regulariser };

/// The layers of a run, in execution order. GUI thread only.
class RunLayerModel final : public RowModel<RunLayerRow, RunLayerColumn, 7> {
    Q_OBJECT
public:
    using RowModel::RowModel;

    /// Rows of the same layers change in place, so that selection and position stay.
    void setRows(std::vector<RunLayerRow> rows);
    const std::vector<RunLayerRow>& rows() const { return m_rows; }
    int rowOf(const QString& layer) const; ///< -1: none

protected:
    std::span<const RunLayerRow> lines() const override { return m_rows; }
    QVariant cell(const RunLayerRow& row, RunLayerColumn column, int role) const override;
    ColumnHeader header(RunLayerColumn column) const override;
    bool isNumber(RunLayerColumn column) const override;

private:
    std::vector<RunLayerRow> m_rows;
};

} // namespace bitloom::ui
