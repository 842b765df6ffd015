// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/cost_model.h"

#include "core/base/checked_math.h"
#include "core/pack/block_layout.h"

namespace bitloom {

namespace {

constexpr std::int64_t kScaleBytes = 4;     // float32
constexpr std::int64_t kZeroPointBytes = 4; // int32
constexpr std::int64_t kFloatBops = std::int64_t{kFloatBits} * kFloatBits;

std::size_t indexOf(const std::unordered_map<std::string, std::size_t>& map, std::string_view name,
                    std::string_view kind)
{
    const auto found = map.find(std::string(name));
    BITLOOM_REQUIRE(found != map.end(), ErrorCode::NotFound, "the model has no ", kind, " ", name);
    return found->second;
}

} // namespace

WeightBytes storedWeightBytes(const LayerInfo& layer, const QuantSpec& spec)
{
    if (layer.weight.empty()) {
        return {};
    }
    if (spec.isFloat()) {
        return {layer.weightBytes, 0};
    }
    if (spec.isPruned()) {
        return {}; // every weight is 0: neither codes nor scales
    }
    const MatrixView view = matrixViewOf(layer.weightShape, layer.weightAxis);
    const std::int64_t scales = spec.granularity == Granularity::PerChannel ? view.rows : 1;
    const std::int64_t bytesPerScale =
        kScaleBytes + (spec.scheme == QScheme::Affine ? kZeroPointBytes : 0);
    return {packedBytes(view.rows, view.cols, spec.bits,
                        choosePackUnit(view.rows, view.cols, spec.bits)),
            checkedMultiply(scales, bytesPerScale, "the bytes of the scales")};
}

int bopsBitsOf(const TensorInfo& tensor, const QuantSpec& spec)
{
    return tensor.isModelInput && spec.isFloat() ? kImageBits : spec.bits;
}

CostTracker::CostTracker(const ModelInfo& model, const BitPlan& plan)
{
    checkPlanAgainst(plan, model);
    std::unordered_map<std::string_view, const LayerPlan*> weights;
    for (const LayerPlan& layer : plan.layers) {
        weights.emplace(layer.name, &layer);
    }
    std::unordered_map<std::string_view, const QuantSpec*> activations;
    for (const TensorPlan& tensor : plan.tensors) {
        activations.emplace(tensor.name, &tensor.activation);
    }
    for (const TensorInfo& tensor : model.tensors) {
        m_tensorIndex.emplace(tensor.name, m_tensors.size());
        m_tensors.push_back({tensor, *activations.at(tensor.name), {}});
    }
    std::unordered_map<std::string_view, std::size_t> firstWithWeight;
    for (const LayerInfo& layer : model.layers) {
        const std::size_t index = m_layers.size();
        m_layerIndex.emplace(layer.name, index);
        const LayerPlan& entry = *weights.at(layer.name);
        m_layers.push_back(
            {layer, entry.weight, static_cast<std::int64_t>(entry.prunedChannels.size()), {}, {}});
        for (const std::string& input : layer.inputs) {
            const std::size_t tensor = indexOf(m_tensorIndex, input, "tensor");
            m_layers.back().inputs.push_back(tensor);
            m_tensors[tensor].readers.push_back(index);
        }
        if (!layer.weight.empty()) {
            const std::size_t first = firstWithWeight.emplace(layer.weight, index).first->second;
            m_layers[first].sharedWeights.push_back(index);
            m_layers[index].sharedWeights = m_layers[first].sharedWeights;
            for (const std::size_t other : m_layers[first].sharedWeights) {
                m_layers[other].sharedWeights = m_layers[first].sharedWeights;
            }
        }
    }
    for (const ModelInfo::RawTensor& tensor : model.rawTensors) {
        m_cost.rawBytes = checkedAdd(m_cost.rawBytes, tensor.bytes, "the bytes of the raw tensors");
    }
    m_cost.bytes = m_cost.rawBytes;
    m_cost.bytesFp32 = model.storedBytes;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        m_cost.macs = checkedAdd(m_cost.macs, m_layers[i].info.macs, "the number of MACs");
        m_cost.layers.push_back(costOf(i));
        m_cost.bytes = checkedAdd(m_cost.bytes, m_cost.layers[i].bytes(), "the stored bytes");
    }
    // No plan costs more than 32 x 32 bits, so no later sum can overflow.
    m_cost.bopsFp32 = checkedMultiply(m_cost.macs, kFloatBops, "the number of bit operations");
    for (const LayerCost& layer : m_cost.layers) {
        m_cost.bops += layer.bops;
    }
}

LayerCost CostTracker::costOf(std::size_t index) const
{
    const Layer& layer = m_layers[index];
    LayerCost cost;
    cost.name = layer.info.name;
    cost.macs = layer.info.macs;
    const auto bitsOf = [&](std::size_t tensor) {
        return bopsBitsOf(m_tensors[tensor].info, m_tensors[tensor].activation);
    };
    cost.activationBits = layer.inputs.empty() ? kFloatBits : bitsOf(layer.inputs.front());
    if (!layer.info.weight.empty()) {
        cost.weightBits = layer.weight.bits;
    } else if (!layer.inputs.empty()) {
        cost.weightBits = bitsOf(layer.inputs.back());
    }
    std::int64_t macs = cost.macs;
    if (layer.prunedChannels > 0) { // MACs are a multiple of the output channels
        const std::int64_t channels =
            layer.info.weightShape[static_cast<std::size_t>(layer.info.weightAxis)];
        macs = macs / channels * (channels - layer.prunedChannels);
    }
    cost.bops = checkedMultiply(macs, std::int64_t{cost.weightBits} * cost.activationBits,
                                "the number of bit operations");
    if (!layer.sharedWeights.empty() && layer.sharedWeights.front() == index) {
        const WeightBytes bytes = storedWeightBytes(layer.info, layer.weight);
        cost.codeBytes = bytes.codes;
        cost.scaleBytes = bytes.scales;
    }
    return cost;
}

void CostTracker::recount(std::size_t index)
{
    LayerCost& cost = m_cost.layers[index];
    m_cost.bops -= cost.bops;
    m_cost.bytes -= cost.bytes();
    cost = costOf(index);
    m_cost.bops += cost.bops;
    m_cost.bytes += cost.bytes();
}

void CostTracker::setWeight(std::string_view layerName, const QuantSpec& spec)
{
    requireValid(spec, "weight");
    const Layer& layer = m_layers[indexOf(m_layerIndex, layerName, "layer")];
    BITLOOM_REQUIRE(!layer.info.weight.empty(), ErrorCode::InvalidArgument, "the layer ", layerName,
                    " has no weight to set bits for");
    for (const std::size_t index : layer.sharedWeights) {
        m_layers[index].weight = spec;
        recount(index);
    }
}

void CostTracker::setActivation(std::string_view tensorName, const QuantSpec& spec)
{
    requireValid(spec, "activation");
    Tensor& tensor = m_tensors[indexOf(m_tensorIndex, tensorName, "tensor")];
    tensor.activation = spec;
    for (const std::size_t reader : tensor.readers) {
        recount(reader);
    }
}

PlanCost computeCost(const ModelInfo& model, const BitPlan& plan)
{
    return CostTracker(model, plan).cost();
}

} // namespace bitloom
