// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/rng.h"
#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/sensitivity_table.h"

#include <cmath>
#include <string>

namespace bitloom::test {

/// Writes down a ModelInfo layer by layer; MACs follow from the shapes.
class NetworkBuilder {
public:
    explicit NetworkBuilder(std::string name)
    {
        m_model.name = std::move(name);
        m_model.fingerprint = "sha256:" + m_model.name;
        tensor("input");
        m_model.tensors.front().isModelInput = true;
    }

    void tensor(const std::string& name) { m_model.tensors.push_back({name, {}, false, {}}); }

    /// Reads `input`, writes a new tensor of the layer's own name unless that is not wanted.
    void conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
              std::int64_t outSize, const std::string& input, std::int64_t groups = 1,
              bool makesTensor = true)
    {
        layer(name, LayerKind::Conv, {out, in / groups, kernel, kernel}, outSize * outSize, input,
              makesTensor);
        m_model.layers.back().groups = groups;
    }
    void linear(const std::string& name, std::int64_t in, std::int64_t out,
                const std::string& input, bool makesTensor = true)
    {
        layer(name, LayerKind::Linear, {out, in}, 1, input, makesTensor);
    }
    void matmul(const std::string& name, std::int64_t macs, const std::string& left,
                const std::string& right)
    {
        LayerInfo info;
        info.name = name;
        info.kind = LayerKind::MatMul;
        info.macs = macs;
        add(info, {left, right});
    }
    ModelInfo done() { return m_model; }

private:
    void layer(const std::string& name, LayerKind kind, std::vector<std::int64_t> shape,
               std::int64_t positions, const std::string& input, bool makesTensor)
    {
        LayerInfo info;
        info.name = name;
        info.kind = kind;
        info.weight = name + ".weight";
        info.weightShape = shape;
        info.parameters = 1;
        for (const std::int64_t size : shape) {
            info.parameters *= size;
        }
        info.weightBytes = 4 * info.parameters;
        info.macs = positions * info.parameters;
        add(info, {input});
        if (makesTensor) {
            tensor(name);
        }
    }
    void add(LayerInfo info, const std::vector<std::string>& inputs)
    {
        for (const std::string& input : inputs) {
            for (TensorInfo& tensor : m_model.tensors) {
                if (tensor.name == input &&
                    (tensor.readers.empty() || tensor.readers.back() != info.name)) {
                    tensor.readers.push_back(info.name);
                }
            }
        }
        info.inputs = inputs;
        m_model.macs += info.macs;
        m_model.parameters += info.parameters;
        m_model.storedBytes += info.weightBytes;
        m_model.layers.push_back(std::move(info));
    }
    ModelInfo m_model;
};

/// Removes tensors that no layer reads, as ModelInfo promises.
inline ModelInfo withoutUnread(ModelInfo model)
{
    std::erase_if(model.tensors, [](const TensorInfo& tensor) { return tensor.readers.empty(); });
    return model;
}

/// Losses that roughly quarter with each bit; some widths are worse than narrower ones where noise
/// says so.
inline SensitivityTable randomTable(const ModelInfo& model, const std::vector<int>& bits, Rng& rng,
                                    double noise)
{
    SensitivityTable table;
    table.modelName = model.name;
    table.modelFingerprint = model.fingerprint;
    table.bits = bits;
    table.floatAccuracyPercent = 90;
    const auto add = [&](SensitivityTarget target, const std::string& name) {
        const double level = std::exp(2.0 * rng.normal());
        for (const int width : bits) {
            const double loss = level * std::pow(4.0, -width) * std::exp(noise * rng.normal());
            table.entries.push_back(
                {target, name, width, 2 * loss, loss, 90 - std::floor(100 * loss)});
        }
    };
    for (const LayerInfo& layer : model.layers) {
        if (!layer.weight.empty()) {
            add(SensitivityTarget::Weight, layer.name);
        }
    }
    for (const TensorInfo& tensor : model.tensors) {
        add(SensitivityTarget::Activation, tensor.name);
    }
    return table;
}

} // namespace bitloom::test
