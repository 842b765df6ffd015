// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/io/state/state_dict.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include <string>
#include <utility>
#include <vector>

namespace bitloom::test {

/// A LeNet-5 in the published program's names, which are its own: the layers of arch:lenet5 there.
inline const std::vector<std::pair<std::string, std::string>> kPublishedLenetLayers{
    {"features.0", "features.0"},
    {"features.2", "features.3"},
    {"classifier.0", "classifier.0"},
    {"classifier.1", "classifier.2"}};

/// A checkpoint of it with the model's weights, all channels open, weights of 8 bits and
/// activations of 16; no two numbers of its quantizers are equal.
inline io::StateDict publishedLenet(const LoadedModel& model)
{
    io::StateDict state;
    double next = 1;
    for (const auto& [theirs, ours] : kPublishedLenetLayers) {
        const auto add = [&, name = theirs](const std::string& part, at::Tensor tensor) {
            state.tensors.emplace_back(name + "." + part, std::move(tensor));
        };
        const at::Tensor weight = model.graph->findParameter(ours + ".weight")->tensor.clone();
        add("weight", weight);
        add("bias", model.graph->findParameter(ours + ".bias")->tensor.clone());
        for (const bool isWeight : {true, false}) {
            const std::string prefix =
                isWeight ? "weight_quantizer.quantizer." : "activation_quantizer.quantizer.";
            const double range = isWeight ? weight.abs().max().item<double>() : 1 + next / 64;
            add(prefix + "x_min", at::full({1}, isWeight ? -range / 2 : 0.0, at::kFloat));
            add(prefix + "x_max", at::full({1}, range, at::kFloat));
            for (int level = 4; level <= 32; level *= 2) {
                const double sign = level > (isWeight ? 8 : 16) ? -1 : 1;
                add(prefix + "gamma_" + std::to_string(level),
                    at::full({1}, sign * (1 + next++ / 16), at::kFloat));
            }
        }
        if (ours != "classifier.2") {
            add("weight_quantizer.quantizer.gamma_2", at::full({weight.size(0)}, next, at::kFloat));
        }
    }
    return state;
}

} // namespace bitloom::test
