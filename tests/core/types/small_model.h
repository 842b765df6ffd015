// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/model_info.h"

namespace bitloom::test {

/// Four layers: conv1 reads the input; conv2 and shortcut share the tensor relu1; scores multiplies
/// two tensors.
inline ModelInfo smallModel()
{
    ModelInfo model;
    model.name = "small";
    model.fingerprint = "sha256:small";
    model.inputShape = {1, 3, 8, 8};
    const auto conv = [&](const char* name, std::vector<std::int64_t> shape, std::int64_t macs,
                          const char* input) {
        LayerInfo layer;
        layer.name = name;
        layer.op = "aten::conv2d";
        layer.weight = std::string(name) + ".weight";
        layer.weightShape = shape;
        layer.parameters = shape[0] * shape[1] * shape[2] * shape[3];
        layer.weightBytes = 4 * layer.parameters;
        layer.macs = macs;
        layer.inputs = {input};
        model.layers.push_back(layer);
    };
    conv("conv1", {4, 3, 3, 3}, 6912, "input");
    conv("conv2", {4, 4, 3, 3}, 9216, "relu1");
    conv("shortcut", {4, 4, 1, 1}, 1024, "relu1");
    LayerInfo scores;
    scores.name = "scores";
    scores.kind = LayerKind::MatMul;
    scores.op = "aten::matmul";
    scores.macs = 512;
    scores.inputs = {"query", "key"};
    model.layers.push_back(scores);
    model.tensors = {{"input", {1, 3, 8, 8}, true, {"conv1"}},
                     {"relu1", {1, 4, 8, 8}, false, {"conv2", "shortcut"}},
                     {"query", {1, 8, 8}, false, {"scores"}},
                     {"key", {1, 8, 8}, false, {"scores"}}};
    model.rawTensors = {{"conv1.bias", 16}, {"bn1.running_mean", 16}};
    for (const LayerInfo& layer : model.layers) {
        model.macs += layer.macs;
        model.parameters += layer.parameters;
        model.storedBytes += layer.weightBytes;
    }
    model.parameters += 4;
    model.storedBytes += 32;
    return model;
}

} // namespace bitloom::test
