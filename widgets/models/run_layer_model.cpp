// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/run_layer_model.h"

#include "widgets/models/roles.h"
#include "widgets/models/run_series.h"
#include "widgets/util/formatting.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

namespace bitloom::ui {

namespace {
constexpr std::string_view kFirst = "/weight_bits";
constexpr std::size_t kFigures = 4; // weight_bits, activation_bits, kept_percent, bops_percent
constexpr std::string_view kFifth = "/regulariser"; // behind them, but in runs of old

/// The number behind a cell; an invalid value: not known, or text.
QVariant numberOf(const RunLayerRow& row, RunLayerColumn column)
{
    switch (column) {
    case RunLayerColumn::Layer:
        return {};
    case RunLayerColumn::Macs:
        return row.macs ? QVariant(static_cast<qlonglong>(*row.macs)) : QVariant();
    case RunLayerColumn::WeightBits:
        return row.weightBits;
    case RunLayerColumn::ActivationBits:
        return row.activationBits;
    case RunLayerColumn::Kept:
        return row.keptPercent;
    case RunLayerColumn::BopsShare:
        return row.bopsSharePercent;
    case RunLayerColumn::Regulariser:
        return row.regulariser ? QVariant(*row.regulariser) : QVariant();
    }
    return {};
}

QString textOf(const RunLayerRow& row, RunLayerColumn column)
{
    switch (column) {
    case RunLayerColumn::Layer:
        return QString::fromStdString(row.name);
    case RunLayerColumn::Macs:
        return row.macs ? formatCount(*row.macs) : notKnown();
    case RunLayerColumn::WeightBits:
        return formatBits(row.weightBits);
    case RunLayerColumn::ActivationBits:
        return formatBits(row.activationBits);
    case RunLayerColumn::Kept:
        return formatPercent(row.keptPercent);
    case RunLayerColumn::BopsShare:
        return formatPercent(row.bopsSharePercent);
    case RunLayerColumn::Regulariser:
        return formatSignificant(row.regulariser);
    }
    return {};
}

QString rawTextOf(const RunLayerRow& row, RunLayerColumn column)
{
    const QVariant number = numberOf(row, column);
    return column == RunLayerColumn::Layer        ? QString::fromStdString(row.name)
           : number.typeId() == QMetaType::Double ? QString::number(number.toDouble(), 'g', 9)
                                                  : number.toString();
}

QVariant tooltipOf(const RunLayerRow& row, RunLayerColumn column)
{
    switch (column) {
    case RunLayerColumn::Layer:
        return QString::fromStdString(row.name);
    case RunLayerColumn::Macs:
        return row.macs ? QVariant(formatExact(*row.macs)) : QVariant();
    case RunLayerColumn::BopsShare:
        return RunLayerModel::tr("%1 % of the FP32 network's bit operations")
            .arg(formatSignificant(row.bopsPercent));
    default:
        return {};
    }
}
} // namespace

std::vector<RunLayerRow> runLayerRows(const RunHistory& history, const ModelInfo* model,
                                      std::optional<std::int64_t> step)
{
    const HistorySeries* series = history.find("layers");
    const auto at = series == nullptr ? std::nullopt : rowAt(*series, step);
    std::vector<RunLayerRow> rows;
    if (!at) {
        return rows;
    }
    std::unordered_map<std::string_view, std::int64_t> macs;
    if (model != nullptr) {
        for (const LayerInfo& layer : model->layers) {
            macs.emplace(layer.name, layer.macs);
        }
    }
    const auto values = series->row(*at);
    double sum = 0;
    for (std::size_t column = 0; column + kFigures <= values.size(); ++column) {
        const std::string& name = series->columns[column];
        if (!name.ends_with(kFirst)) {
            continue;
        }
        RunLayerRow row;
        row.name = name.substr(0, name.size() - kFirst.size());
        const auto known = macs.find(row.name);
        row.macs = known == macs.end() ? std::nullopt : std::optional(known->second);
        row.weightBits = static_cast<int>(values[column]);
        row.activationBits = static_cast<int>(values[column + 1]);
        row.keptPercent = values[column + 2];
        row.bopsPercent = values[column + 3];
        if (column + kFigures < values.size() &&
            series->columns[column + kFigures] == row.name + std::string(kFifth)) {
            row.regulariser = values[column + kFigures];
        }
        sum += row.bopsPercent;
        rows.push_back(std::move(row));
    }
    for (RunLayerRow& row : rows) {
        row.bopsSharePercent = sum > 0 ? 100 * row.bopsPercent / sum : 0;
    }
    return rows;
}

void RunLayerModel::setRows(std::vector<RunLayerRow> rows)
{
    replaceRows(m_rows, std::move(rows),
                [](const RunLayerRow& a, const RunLayerRow& b) { return a.name == b.name; });
}

int RunLayerModel::rowOf(const QString& layer) const
{
    const std::string name = layer.toStdString();
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&name](const RunLayerRow& row) { return row.name == name; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QVariant RunLayerModel::cell(const RunLayerRow& row, RunLayerColumn column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, column);
    case Qt::ToolTipRole:
        return tooltipOf(row, column);
    case SortRole:
        // Layers sort as they are executed.
        return column == RunLayerColumn::Layer ? QVariant(static_cast<int>(&row - m_rows.data()))
                                               : numberOf(row, column);
    case RawTextRole:
        return rawTextOf(row, column);
    case BarRole:
        return column == RunLayerColumn::BopsShare ? QVariant(row.bopsSharePercent / 100)
                                                   : QVariant();
    case BitsRole:
        if (column == RunLayerColumn::WeightBits) {
            return QVariant::fromValue(BitRange{row.weightBits, row.weightBits});
        }
        if (column == RunLayerColumn::ActivationBits) {
            return QVariant::fromValue(BitRange{row.activationBits, row.activationBits});
        }
        return {};
    case LayerNameRole:
        return QString::fromStdString(row.name);
    default:
        return {};
    }
}

ColumnHeader RunLayerModel::header(RunLayerColumn column) const
{
    switch (column) {
    case RunLayerColumn::Layer:
        return {tr("Layer"), tr("In execution order."), "layer"};
    case RunLayerColumn::Macs:
        return {tr("MACs"), {}, "macs", Metric::Macs};
    case RunLayerColumn::WeightBits:
        return {tr("W bits"), tr("Width of the weight by the gates that are open in evaluation."),
                "weight_bits"};
    case RunLayerColumn::ActivationBits:
        return {tr("A bits"),
                tr("Width of what the layer reads. The network's input counts 8 "
                   "bits."),
                "activation_bits"};
    case RunLayerColumn::Kept:
        return {tr("Kept"), tr("Share of the layer's output channels that are not pruned."),
                "kept_percent"};
    case RunLayerColumn::BopsShare:
        return {tr("BOPs share"), tr("The layer's part of the run's bit operations."),
                "bops_share_percent"};
    case RunLayerColumn::Regulariser:
        return {tr("Regulariser"),
                tr("What the layer's gates add to the regulariser, before λ: its "
                   "weight's part, and its part of what it reads."),
                "regulariser"};
    }
    return {};
}

bool RunLayerModel::isNumber(RunLayerColumn column) const
{
    return column != RunLayerColumn::Layer;
}

} // namespace bitloom::ui
