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
/// The length of the leading components, dots included, that all names share; a name never loses
/// its last component.
std::size_t sharedPrefixLength(const std::vector<std::string>& names)
{
    std::size_t length = 0;
    while (!names.empty()) {
        const std::size_t dot = names.front().find('.', length);
        if (dot == std::string::npos) {
            break;
        }
        const std::string_view prefix = std::string_view(names.front()).substr(0, dot + 1);
        const bool isShared = std::all_of(names.begin(), names.end(), [prefix](const auto& name) {
            return std::string_view(name).starts_with(prefix);
        });
        if (!isShared) {
            break;
        }
        length = dot + 1;
    }
    return length;
}

std::string abbreviatedPath(std::string_view path, std::size_t maxCharacters)
{
    constexpr std::size_t kShortest = 5;
    std::vector<std::string_view> components;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('.', start), path.size());
        components.push_back(path.substr(start, end - start));
        start = end + 1;
    }
    std::vector<std::size_t> lengths;
    std::size_t total = components.size() - 1;
    for (const std::string_view component : components) {
        lengths.push_back(characterCount(component));
        total += lengths.back();
    }
    while (total > maxCharacters) {
        const auto longest = std::max_element(lengths.begin(), lengths.end());
        if (*longest <= kShortest) {
            return elided(path, maxCharacters);
        }
        --*longest;
        --total;
    }
    std::string text;
    for (std::size_t i = 0; i < components.size(); ++i) {
        text.append(i == 0 ? "" : ".").append(elided(components[i], lengths[i]));
    }
    return text;
}
} // namespace

std::vector<std::string> rowLabels(const std::vector<std::string>& names)
{
    const bool allFit = std::all_of(names.begin(), names.end(), [](const std::string& name) {
        return characterCount(name) <= kNameCharacters;
    });
    const std::size_t prefix = allFit ? 0 : sharedPrefixLength(names);
    std::vector<std::string> labels;
    labels.reserve(names.size());
    for (const std::string& name : names) {
        const std::string_view rest = std::string_view(name).substr(prefix);
        labels.push_back(prefix == 0 ? abbreviatedPath(rest, kNameCharacters)
                                     : "\u2026\u2009" + abbreviatedPath(rest, kNameCharacters - 2));
    }
    return labels;
}

std::vector<std::string> scopeGroups(const std::vector<std::string>& names)
{
    const std::size_t prefix = sharedPrefixLength(names);
    std::vector<std::string> groups;
    groups.reserve(names.size());
    for (const std::string& name : names) {
        groups.emplace_back(firstComponent(std::string_view(name).substr(prefix)));
    }
    return groups;
}

LayerRows::LayerRows(const std::vector<std::string>& names, double top) : m_names(names), m_top(top)
{
}

void LayerRows::draw(SvgCanvas& canvas, double right) const
{
    const std::vector<std::string> groups = scopeGroups(m_names);
    const std::vector<std::string> labels = rowLabels(m_names);
    for (std::size_t row = 0; row < m_names.size(); ++row) {
        if (row > 0 && groups[row] != groups[row - 1]) {
            canvas.line(0, top(row), right, top(row), "grid");
        }
        const bool isWhole = labels[row] == m_names[row];
        canvas.text(0, baseline(row), labels[row], "ink",
                    isWhole ? std::string_view() : std::string_view(m_names[row]));
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
