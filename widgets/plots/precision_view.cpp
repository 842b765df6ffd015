// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/precision_view.h"

#include "core/types/quant_spec.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

namespace bitloom::ui {

namespace {
std::vector<PrecisionShare> sharesOf(const std::map<int, std::int64_t>& amounts)
{
    std::vector<PrecisionShare> shares;
    for (const auto& [bits, amount] : amounts) {
        if (amount > 0) {
            shares.push_back({bits, amount});
        }
    }
    return shares;
}

std::size_t indexOf(const std::vector<int>& sorted, int bits)
{
    return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), bits) -
                                    sorted.begin());
}
} // namespace

PrecisionView precisionView(const ModelInfo& model, const PlanCost& cost)
{
    std::unordered_map<std::string_view, std::int64_t> parameters;
    for (const LayerInfo& layer : model.layers) {
        parameters[layer.name] = layer.parameters;
    }
    std::map<int, std::int64_t> byParameters;
    std::map<int, std::int64_t> byMacs;
    std::map<int, std::int64_t> byBytes;
    for (const LayerCost& layer : cost.layers) {
        const auto found = parameters.find(layer.name);
        byParameters[layer.weightBits] += found == parameters.end() ? 0 : found->second;
        byMacs[layer.weightBits] += layer.macs;
        byBytes[layer.weightBits] += layer.bytes();
    }
    byBytes[kFloatBits] += cost.rawBytes;
    return {sharesOf(byParameters), sharesOf(byMacs), sharesOf(byBytes)};
}

TransitionView transitionView(const PlanCost& cost)
{
    std::set<int> rows;
    std::set<int> columns;
    for (const LayerCost& layer : cost.layers) {
        rows.insert(layer.activationBits);
        columns.insert(layer.weightBits);
    }
    TransitionView view;
    view.activationBits.assign(rows.begin(), rows.end());
    view.weightBits.assign(columns.begin(), columns.end());
    view.cells.resize(rows.size() * columns.size());
    for (const LayerCost& layer : cost.layers) {
        TransitionView::Cell& cell =
            view.cells[indexOf(view.activationBits, layer.activationBits) * columns.size() +
                       indexOf(view.weightBits, layer.weightBits)];
        ++cell.layers;
        cell.macs += layer.macs;
    }
    return view;
}

} // namespace bitloom::ui
