// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed_model.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/graph/graph_json.h"
#include "core/io/packed/packed_source.h"
#include "core/io/packed_tensor_codec.h"

#include <ATen/ops/zeros.h>
#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace bitloom {

namespace {

using Json = nlohmann::ordered_json;

BitPlan planOf(const io::PackedSource& source)
{
    const Json config = Json::parse(source.meta().config, nullptr, false);
    BITLOOM_REQUIRE(!config.is_discarded(), ErrorCode::CorruptFile,
                    "what the file says of its plan is not JSON");
    BITLOOM_REQUIRE(config.is_object() && config.contains("plan"), ErrorCode::Unsupported,
                    "there is no bit plan in this file (", textOf(source.formatName()),
                    "), only weights: bitloom convert turns them into a state dict");
    return bitPlanFromJson(config.at("plan").dump());
}

/// Null where there is no grid, or it is one of another spec.
const QuantParams* gridIn(const std::map<std::string, QuantParams>& grids, std::string_view name,
                          bool isSame)
{
    const auto grid = isSame ? grids.find(std::string(name)) : grids.end();
    return grid == grids.end() ? nullptr : &grid->second;
}

} // namespace

const QuantParams* StoredQuantization::weightGrid(std::string_view layer,
                                                  const QuantSpec& spec) const
{
    const LayerPlan* entry = plan.findLayer(layer);
    return gridIn(state.weights, layer, entry != nullptr && entry->weight == spec);
}

const QuantParams* StoredQuantization::activationGrid(std::string_view tensor,
                                                      const QuantSpec& spec) const
{
    const TensorPlan* entry = plan.findTensor(tensor);
    return gridIn(state.activations, tensor, entry != nullptr && entry->activation == spec);
}

StoredQuantization readStoredQuantization(const io::PackedSource& source)
{
    StoredQuantization stored;
    stored.plan = planOf(source);
    for (const io::PackedActivation& activation : source.activations()) {
        if (activation.bits > 0 && activation.bits <= kMaxPackedBits) {
            QuantParams grid = gridOfCodes(activation.scale, activation.zeroPoint, activation.bits,
                                           activation.isSigned, activation.perChannel ? 1 : -1);
            const TensorPlan* entry = stored.plan.findTensor(activation.name);
            grid.quantMin += entry != nullptr && entry->activation.narrow ? 1 : 0;
            stored.state.activations[activation.name] = std::move(grid);
            stored.state.activationRanges[activation.name] = {activation.low, activation.high};
        }
    }
    return stored;
}

namespace {

void requireNetwork(const io::PackedSource& source)
{
    BITLOOM_REQUIRE(source.meta().hasNetwork(), ErrorCode::Unsupported,
                    "there is no network in this file (", textOf(source.formatName()),
                    "), only weights");
}

/// The network over tensors by name, with the grids of those that have one.
PackedModel modelOver(const io::PackedSource& source,
                      const std::map<std::string, at::Tensor>& tensors,
                      const std::map<std::string, QuantParams>& grids)
{
    const graph::TensorSource parameters = [&](const std::string& name) {
        const auto found = tensors.find(name);
        BITLOOM_REQUIRE(found != tensors.end(), ErrorCode::CorruptFile,
                        "the graph reads the tensor ", name, ", which the file does not hold");
        return found->second;
    };
    PackedModel model{
        graph::graphFromJson(source.meta().graph, parameters), {}, source.meta().provenance};
    model.quantization = readStoredQuantization(source);
    QuantState& state = model.quantization.state;
    for (const graph::LayerSite& layer : graph::findLayers(model.graph)) {
        if (layer.weight) {
            const auto grid = grids.find(model.graph.parameter(*layer.weight).name);
            if (grid != grids.end()) {
                QuantParams& weights = state.weights[layer.name] = grid->second;
                const LayerPlan* entry = model.quantization.plan.findLayer(layer.name);
                weights.quantMin += entry != nullptr && entry->weight.narrow ? 1 : 0;
            }
        }
    }
    return model;
}

} // namespace

PackedModel readPackedModel(const io::PackedSource& source)
{
    requireNetwork(source);
    std::map<std::string, at::Tensor> tensors;
    std::map<std::string, QuantParams> grids;
    for (const io::PackedTensorHeader& header : source.tensors()) {
        const io::PackedTensor tensor = source.readTensor(header.name);
        tensors.emplace(header.name, decodeParameter(tensor));
        if (hasGrid(tensor)) {
            grids.emplace(header.name, gridOf(tensor));
        }
    }
    return modelOver(source, tensors, grids);
}

void requireNetworkFits(const io::PackedSource& source)
{
    requireNetwork(source);
    std::map<std::string, at::Tensor> tensors;
    for (const io::PackedTensorHeader& header : source.tensors()) {
        if (header.kind == io::PackedKind::Unknown) {
            source.readTensor(header.name); // says what it is
        }
        const auto type = dtypeNamed(header.dtype);
        BITLOOM_REQUIRE(type, ErrorCode::Unsupported, header.name, " has the dtype \"",
                        header.dtype, "\", which no tensor has");
        checkedNumel(header.shape, header.name);
        tensors.emplace(header.name, // one number that stands everywhere: no memory
                        at::zeros({}, *type).expand(header.shape));
    }
    modelOver(source, tensors, {});
}

std::vector<std::int64_t> packedInputShape(const io::PackedSource& source)
{
    if (!source.meta().hasNetwork()) {
        return {};
    }
    const graph::Graph graph = graph::graphFromJson(source.meta().graph, {});
    return graph.inputShapes().size() == 1 ? graph.inputShape() : std::vector<std::int64_t>();
}

std::vector<std::pair<std::string, at::Tensor>> unpackedState(const io::PackedSource& source)
{
    std::vector<std::pair<std::string, at::Tensor>> state;
    for (const io::PackedTensorHeader& header : source.tensors()) {
        io::PackedTensor tensor = source.readTensor(header.name);
        const bool isCode = tensor.kind == io::PackedKind::Int && tensor.bits != 0;
        BITLOOM_REQUIRE(!isCode || !tensor.scale.empty(), ErrorCode::Unsupported, header.name,
                        " is integers without a scale (", textOf(source.formatName()),
                        "), which are no weights of a network yet");
        state.emplace_back(header.name, decodeParameter(tensor));
    }
    return state;
}

} // namespace bitloom
