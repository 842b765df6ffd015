// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/gate_rows.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace bitloom::ui {

namespace {
constexpr std::size_t kColumnsPerSite = 5;
constexpr std::string_view kKept = "/kept";

QString text(const std::string& name)
{
    return QString::fromStdString(name);
}

/// Of each weight parameter, the layers that use it.
std::unordered_map<std::string, QStringList> layersByWeight(const ModelInfo* model)
{
    std::unordered_map<std::string, QStringList> layers;
    if (model != nullptr) {
        for (const LayerInfo& layer : model->layers) {
            if (!layer.weight.empty()) {
                layers[layer.weight] << text(layer.name);
            }
        }
    }
    return layers;
}
} // namespace

GateState gateStateOf(double probability)
{
    return probability > kOpenProbability       ? GateState::Open
           : probability > kAbsorbedProbability ? GateState::Undecided
                                                : GateState::Absorbed;
}

int GateReading::bits() const
{
    int bits = 2;
    for (std::size_t i = 0; i < levels.size() && gateStateOf(levels[i]) == GateState::Open; ++i) {
        bits = kLevels[i];
    }
    return bits;
}

GateReading GateSite::reading(const HistorySeries& gates, std::size_t row) const
{
    const auto values = gates.row(row).subspan(column, kColumnsPerSite);
    return {values[0], {values[1], values[2], values[3], values[4]}};
}

std::vector<GateRow> gateRows(const HistorySeries& gates, const ModelInfo* model)
{
    const auto layers = layersByWeight(model);
    std::vector<GateRow> rows;
    for (std::size_t column = 0; column + kColumnsPerSite <= gates.columns.size(); ++column) {
        const std::string& name = gates.columns[column];
        if (!name.ends_with(kKept)) {
            continue;
        }
        const GateSite site{name.substr(0, name.size() - kKept.size()), column};
        const auto known = layers.find(site.name);
        const bool isWeight =
            model != nullptr ? known != layers.end() : site.name.ends_with("weight");
        if (isWeight) {
            GateRow row;
            row.layers = known == layers.end() ? QStringList() : known->second;
            row.name = row.layers.isEmpty() ? text(site.name) : row.layers.front();
            row.weight = site;
            rows.push_back(row);
        } else if (!rows.empty() && rows.back().weight && !rows.back().activation) {
            rows.back().activation = site;
        } else {
            GateRow row;
            row.name = text(site.name);
            row.activation = site;
            rows.push_back(row);
        }
    }
    return rows;
}

int gateRowOf(const std::vector<GateRow>& rows, const QString& name)
{
    if (name.isEmpty()) {
        return -1;
    }
    const auto found = std::find_if(rows.begin(), rows.end(), [&name](const GateRow& row) {
        return row.name == name || row.layers.contains(name) ||
               (row.weight && text(row.weight->name) == name) ||
               (row.activation && text(row.activation->name) == name);
    });
    return found == rows.end() ? -1 : static_cast<int>(found - rows.begin());
}

} // namespace bitloom::ui
