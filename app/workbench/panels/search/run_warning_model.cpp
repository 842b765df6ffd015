// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_warning_model.h"

#include "core/engine/method_catalog.h"
#include "widgets/models/gate_rows.h"
#include "widgets/models/run_close_up.h"
#include "widgets/models/run_series.h"
#include "widgets/util/formatting.h"

#include <algorithm>

namespace bitloom::workbench {

namespace {
/// The bits that a quantizer can still have at a step: up to the first level that is shut for good.
int bitsLeft(const RunHistory& history, const std::string& quantizer, std::int64_t step)
{
    const HistorySeries* gates = history.find("gate_probabilities");
    const auto row = gates == nullptr ? std::nullopt : ui::rowAt(*gates, step);
    const auto column = row ? ui::columnOf(*gates, quantizer + "/kept") : std::nullopt;
    int bits = 2;
    if (column) {
        const ui::GateReading reading = ui::GateSite{quantizer, *column}.reading(*gates, *row);
        for (std::size_t i = 0; i < reading.levels.size() &&
                                ui::gateStateOf(reading.levels[i]) != ui::GateState::Absorbed;
             ++i) {
            bits = ui::GateReading::kLevels[i];
        }
    }
    return bits;
}

QString sentenceOf(const RunWarning& warning, const RunHistory& history)
{
    switch (warning.kind) {
    case RunWarning::Kind::LayerPruned:
        return RunWarningModel::tr("All channels are pruned, so nothing of the image passes this "
                                   "layer. Take a smaller lambda, or lock its pruning off.");
    case RunWarning::Kind::AccuracySwings:
        return RunWarningModel::tr("Top-1 goes up and down between evaluations though the bit "
                                   "operations stay. Training on with decided gates steadies it.");
    case RunWarning::Kind::RangeAtFloor:
        return RunWarningModel::tr("The range fell to its floor, a millionth of where it started, "
                                   "so nearly all values are clipped. Take a smaller learning "
                                   "rate for the ranges.");
    case RunWarning::Kind::GateAbsorbed:
        return RunWarningModel::tr("At most %n bit(s) from here on: only the regulariser still "
                                   "moves the next gate, and only downwards.",
                                   nullptr, bitsLeft(history, warning.quantizer, warning.step));
    }
    return {};
}
} // namespace

std::vector<RunWarningRow> runWarningRows(const QString& method, const RunHistory& history)
{
    std::vector<RunWarningRow> rows;
    for (const RunWarning& warning : engine::runWarnings(method.toStdString(), history)) {
        rows.push_back({warning.step, QString::fromStdString(warning.quantizer),
                        sentenceOf(warning, history)});
    }
    return rows;
}

void RunWarningModel::setRows(std::vector<RunWarningRow> rows)
{
    const bool isLonger =
        rows.size() >= m_rows.size() && std::equal(m_rows.begin(), m_rows.end(), rows.begin());
    if (!isLonger) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    } else if (rows.size() > m_rows.size()) {
        beginInsertRows({}, static_cast<int>(m_rows.size()), static_cast<int>(rows.size()) - 1);
        m_rows = std::move(rows);
        endInsertRows();
    }
}

int RunWarningModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant RunWarningModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const RunWarningRow& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
        return row.subject.isEmpty()
                   ? tr("Step %1: %2").arg(ui::formatExact(row.step), row.sentence)
                   : tr("Step %1, %2: %3")
                         .arg(ui::formatExact(row.step), row.subject, row.sentence);
    default:
        return {};
    }
}

} // namespace bitloom::workbench
