// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/layer_rows.h"

#include <algorithm>
#include <string_view>

namespace bitloom::report {

namespace {
constexpr std::size_t kNameCharacters = 36;

std::string_view firstComponent(std::string_view path)
{
    return path.substr(0, path.find('.'));
}
} // namespace

std::vector<std::string> scopeGroups(const std::vector<std::string>& names)
{
    std::vector<std::string_view> rests(names.begin(), names.end());
    const auto sharesFirst = [&rests] {
        return std::all_of(rests.begin(), rests.end(), [&rests](std::string_view rest) {
            return rest.find('.') != std::string_view::npos &&
                   firstComponent(rest) == firstComponent(rests.front());
        });
    };
    while (!rests.empty() && sharesFirst()) {
        for (std::string_view& rest : rests) {
            rest.remove_prefix(rest.find('.') + 1);
        }
    }
    std::vector<std::string> groups;
    groups.reserve(rests.size());
    for (const std::string_view rest : rests) {
        groups.emplace_back(firstComponent(rest));
    }
    return groups;
}

LayerRows::LayerRows(const std::vector<std::string>& names, double top) : m_names(names), m_top(top)
{
}

void LayerRows::draw(SvgCanvas& canvas, double right) const
{
    const std::vector<std::string> groups = scopeGroups(m_names);
    for (std::size_t row = 0; row < m_names.size(); ++row) {
        if (row > 0 && groups[row] != groups[row - 1]) {
            canvas.line(0, top(row), right, top(row), "grid");
        }
        const std::string shown = elided(m_names[row], kNameCharacters);
        canvas.text(0, baseline(row), shown, "ink",
                    shown == m_names[row] ? std::string_view() : std::string_view(m_names[row]));
    }
}

std::vector<LayerBits> layerBitsOf(const ModelInfo& model, const BitPlan& plan)
{
    std::unordered_map<std::string_view, int> weights;
    std::unordered_map<std::string_view, int> tensors;
    for (const LayerPlan& layer : plan.layers) {
        weights.emplace(layer.name, layer.weight.bits);
    }
    for (const TensorPlan& tensor : plan.tensors) {
        tensors.emplace(tensor.name, tensor.activation.bits);
    }
    const auto bitsIn = [](const auto& map, std::string_view name) {
        const auto found = map.find(name);
        return found == map.end() ? kFloatBits : found->second;
    };
    std::vector<LayerBits> result;
    result.reserve(model.layers.size());
    for (const LayerInfo& layer : model.layers) {
        LayerBits bits;
        bits.weight = bitsIn(weights, layer.name);
        if (!layer.inputs.empty()) {
            bits.activation = bitsIn(tensors, layer.inputs.front());
        }
        if (layer.weight.empty() && layer.inputs.size() > 1) {
            bits.weight = bitsIn(tensors, layer.inputs[1]);
        }
        result.push_back(bits);
    }
    return result;
}

std::string bitsText(int bits)
{
    return bits == kFloatBits ? "FP32" : bits == kPrunedBits ? "pruned" : std::to_string(bits);
}

std::string bitsClass(int bits)
{
    const int known = isLegalBitWidth(bits) ? bits : kFloatBits;
    return "b" + std::to_string(known);
}

} // namespace bitloom::report
