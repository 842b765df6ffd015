// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/model_info.h"

#include "core/graph/fingerprint.h"
#include "core/graph/passes/find_layers.h"
#include "core/graph/passes/record_shapes.h"

#include <algorithm>
#include <unordered_set>

namespace bitloom::graph {
namespace {

using Recorded = std::unordered_map<ValueIndex, RecordedTensor>;

std::int64_t elements(const std::vector<std::int64_t>& shape)
{
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        count *= size;
    }
    return count;
}

std::int64_t bytesOf(const at::Tensor& tensor)
{
    return tensor.numel() * static_cast<std::int64_t>(tensor.itemsize());
}

std::int64_t macsOf(const Graph& graph, const LayerSite& site, const Recorded& recorded)
{
    const auto shapeOf = [&recorded](ValueIndex value) -> const auto&
    {
        return recorded.at(value).shape;
    };
    const auto& input = shapeOf(site.inputs.front().value);
    const std::int64_t outputs = elements(shapeOf(graph.node(site.node).outputs.front()));
    if (site.kind == LayerKind::MatMul) {
        return outputs * input.back();
    }
    const at::Tensor& weight = graph.parameter(*site.weight).tensor;
    switch (site.kind) {
    case LayerKind::Conv:
        return outputs * (weight.numel() / weight.size(0));
    case LayerKind::ConvTranspose:
        return elements(input) * (weight.numel() / weight.size(0));
    default: {
        // The last two axes are the features; the one that is not the outputs' is summed over.
        const std::int64_t summed = site.weightAxis == weight.dim() - 1 ? -2 : -1;
        return outputs * weight.size(summed);
    }
    }
}

LayerInfo layerInfo(const Graph& graph, const LayerSite& site, const Recorded& recorded)
{
    const Node& node = graph.node(site.node);
    LayerInfo layer;
    layer.name = site.name;
    layer.kind = site.kind;
    layer.op = node.op;
    layer.weightAxis = site.weightAxis;
    layer.groups = site.groups;
    layer.outputShape = recorded.at(node.outputs.front()).shape;
    layer.macs = macsOf(graph, site, recorded);
    if (site.weight) {
        const Parameter& weight = graph.parameter(*site.weight);
        layer.weight = weight.name;
        layer.weightShape = weight.tensor.sizes().vec();
        layer.weightBytes = bytesOf(weight.tensor);
        layer.parameters = weight.tensor.numel();
    }
    if (site.bias) {
        layer.bias = graph.parameter(*site.bias).name;
        layer.parameters += graph.parameter(*site.bias).tensor.numel();
    }
    for (const LayerSite::Input& input : site.inputs) {
        layer.inputs.push_back(graph.value(input.value).name);
    }
    return layer;
}

/// The activations that layers read, in the order in which they come to exist.
std::vector<TensorInfo> tensorInfos(const Graph& graph, const std::vector<LayerSite>& sites,
                                    const Recorded& recorded)
{
    std::unordered_map<ValueIndex, std::vector<std::string>> readers;
    for (const LayerSite& site : sites) {
        for (const LayerSite::Input& input : site.inputs) {
            auto& names = readers[input.value];
            if (names.empty() || names.back() != site.name) {
                names.push_back(site.name);
            }
        }
    }
    std::vector<TensorInfo> tensors;
    const auto add = [&](ValueIndex value, bool isModelInput) {
        if (const auto found = readers.find(value); found != readers.end()) {
            tensors.push_back(
                {graph.value(value).name, recorded.at(value).shape, isModelInput, found->second});
        }
    };
    for (const ValueIndex input : graph.inputs()) {
        add(input, true);
    }
    for (const Node& node : graph.nodes()) {
        for (const ValueIndex output : node.outputs) {
            add(output, false);
        }
    }
    return tensors;
}

} // namespace

ModelInfo modelInfo(const Graph& graph, std::string fingerprint)
{
    const std::vector<LayerSite> sites = findLayers(graph);
    std::vector<ValueIndex> wanted;
    for (const LayerSite& site : sites) {
        wanted.push_back(graph.node(site.node).outputs.front());
        for (const LayerSite::Input& input : site.inputs) {
            wanted.push_back(input.value);
        }
    }
    const Recorded recorded = recordTensors(graph, wanted);

    ModelInfo info;
    info.name = graph.name();
    info.inputShape = graph.inputShape();
    std::unordered_set<std::string> weights;
    for (const LayerSite& site : sites) {
        info.layers.push_back(layerInfo(graph, site, recorded));
        info.macs += info.layers.back().macs;
        weights.insert(info.layers.back().weight);
    }
    info.tensors = tensorInfos(graph, sites, recorded);
    bool hasData = true;
    for (const Parameter& parameter : graph.parameters()) {
        info.parameters += parameter.isBuffer ? 0 : parameter.tensor.numel();
        info.storedBytes += bytesOf(parameter.tensor);
        hasData = hasData && !parameter.tensor.is_meta();
        if (!weights.contains(parameter.name)) {
            info.rawTensors.push_back({parameter.name, bytesOf(parameter.tensor)});
        }
    }
    info.fingerprint =
        fingerprint.empty() && hasData ? graph::fingerprint(graph) : std::move(fingerprint);
    return info;
}

} // namespace bitloom::graph
