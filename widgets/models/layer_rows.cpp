// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_rows.h"

#include <QCoreApplication>

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace bitloom::ui {

namespace {
class Kinds {
    Q_DECLARE_TR_FUNCTIONS(LayerKinds)
};

template <typename Entry>
std::unordered_map<std::string_view, const Entry*> byName(const std::vector<Entry>& entries)
{
    std::unordered_map<std::string_view, const Entry*> map;
    map.reserve(entries.size());
    for (const Entry& entry : entries) {
        map.emplace(entry.name, &entry);
    }
    return map;
}

template <typename Entry>
const Entry* found(const std::unordered_map<std::string_view, const Entry*>& map,
                   std::string_view name)
{
    const auto it = map.find(name);
    return it == map.end() ? nullptr : it->second;
}
} // namespace

QString kindName(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Conv:
        return QStringLiteral("conv");
    case LayerKind::ConvTranspose:
        return QStringLiteral("conv_transpose");
    case LayerKind::Linear:
        return QStringLiteral("linear");
    case LayerKind::MatMul:
        return QStringLiteral("matmul");
    }
    return {};
}

QString kindText(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Conv:
        return Kinds::tr("conv");
    case LayerKind::ConvTranspose:
        return Kinds::tr("transposed conv");
    case LayerKind::Linear:
        return Kinds::tr("linear");
    case LayerKind::MatMul:
        return Kinds::tr("matmul");
    }
    return {};
}

LayerRows layerRowsOf(const ModelInfo& model)
{
    const auto tensors = byName(model.tensors);
    LayerRows rows;
    rows.reserve(model.layers.size());
    for (const LayerInfo& layer : model.layers) {
        LayerRow row;
        row.name = QString::fromStdString(layer.name);
        row.scope = row.name.left(std::max<qsizetype>(row.name.lastIndexOf(u'.'), 0));
        row.kind = layer.kind;
        row.op = QString::fromStdString(layer.op);
        row.weightShape = layer.weightShape;
        row.outputShape = layer.outputShape;
        row.macs = layer.macs;
        row.parameters = layer.parameters;
        row.hasWeight = !layer.weight.empty();
        for (const std::string& input : layer.inputs) {
            const TensorInfo* tensor = found(tensors, input);
            if (tensor == nullptr) {
                continue;
            }
            for (const std::string& reader : tensor->readers) {
                const QString name = QString::fromStdString(reader);
                if (reader != layer.name && !row.sharedInput.contains(name)) {
                    row.sharedInput.append(name);
                }
            }
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

void applyPlan(LayerRows& rows, const ModelInfo& model, const BitPlan& plan, const PlanCost& cost)
{
    const auto layerPlans = byName(plan.layers);
    const auto tensorPlans = byName(plan.tensors);
    const auto costs = byName(cost.layers);
    const std::size_t count = std::min(rows.size(), model.layers.size());
    for (std::size_t i = 0; i < count; ++i) {
        LayerRow& row = rows[i];
        const LayerInfo& layer = model.layers[i];
        if (const LayerPlan* entry = found(layerPlans, layer.name)) {
            row.weight = entry->weight;
        }
        if (!layer.inputs.empty()) {
            if (const TensorPlan* entry = found(tensorPlans, layer.inputs.front())) {
                row.activation = entry->activation;
            }
        }
        if (layer.inputs.size() > 1) {
            if (const TensorPlan* entry = found(tensorPlans, layer.inputs[1])) {
                row.secondActivationBits = entry->activation.bits;
            }
        }
        if (const LayerCost* entry = found(costs, layer.name)) {
            row.bytes = entry->bytes();
            row.bops = entry->bops;
            row.bopsShare = cost.bops > 0
                                ? static_cast<double>(entry->bops) / static_cast<double>(cost.bops)
                                : 0.0;
        }
    }
}

QList<int> legalBits(const LayerRow& row, BitTarget target)
{
    const bool weights = target == BitTarget::Weights;
    if (row.locked || (weights && !row.hasWeight)) {
        return {};
    }
    const QScheme scheme = weights ? row.weight.scheme : row.activation.scheme;
    QList<int> widths;
    if (weights) {
        widths.append(kPrunedBits);
    }
    for (int bits = scheme == QScheme::Symmetric ? 2 : 1; bits <= kMaxIntegerBits; ++bits) {
        widths.append(bits);
    }
    widths.append(kFloatBits);
    return widths;
}

} // namespace bitloom::ui
