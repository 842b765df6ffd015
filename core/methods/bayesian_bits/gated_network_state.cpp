// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gated_network_parts.h"

#include "core/base/error.h"
#include "core/graph/passes/training_mode.h"
#include "core/io/model_file.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <map>

// What of the network outlives it: its state, and the networks that are made of it.
namespace bitloom::bayesian_bits {

NamedTensors GatedNetwork::state() const
{
    NamedTensors state;
    const auto add = [&state](const std::string& name, const at::Tensor& tensor) {
        state.emplace_back(name, tensor.detach().to(at::kCPU).clone());
    };
    for (const auto& [name, tensor] : m_tensors) {
        add("weights/" + name, tensor);
    }
    for (std::size_t n = 0; n < m_norms.size(); ++n) {
        const std::string& layer = m_layers[m_norms[n]->place.layer].name;
        add("statistics/" + layer + ".mean", m_norms[n]->tensors.mean);
        add("statistics/" + layer + ".variance", m_norms[n]->tensors.variance);
    }
    add("gates/logits", m_logits);
    add("ranges/x_max", m_ranges);
    add("ranges/floor", m_floors);
    at::Tensor signs = at::zeros({m_layout.quantizers()}, at::kByte);
    for (std::size_t q = 0; q < m_signed.size(); ++q) {
        signs.mutable_data_ptr<std::uint8_t>()[q] = m_signed[q] ? 1 : 0;
    }
    state.emplace_back("ranges/signed", signs);
    state.emplace_back("ranges/are_set", at::full({1}, m_hasRanges ? 1 : 0, at::kByte));
    return state;
}

void GatedNetwork::restore(const NamedTensors& state)
{
    const at::NoGradGuard noGradients;
    const auto find = [&state](const std::string& name,
                               at::IntArrayRef shape) -> const at::Tensor& {
        const auto found = std::ranges::find(state, name, &NamedTensors::value_type::first);
        BITLOOM_REQUIRE(found != state.end(), ErrorCode::NotFound, "the checkpoint has no \"", name,
                        "\"; it is of another model or other options");
        BITLOOM_REQUIRE(found->second.sizes() == shape, ErrorCode::ShapeMismatch,
                        "the checkpoint's \"", name, "\" has another shape than the model's");
        return found->second;
    };
    const auto copy = [&](const std::string& name, at::Tensor& target) {
        target.copy_(find(name, target.sizes()));
    };
    for (auto& [name, tensor] : m_tensors) {
        copy("weights/" + name, tensor);
    }
    for (const auto& norm : m_norms) {
        const std::string& layer = m_layers[norm->place.layer].name;
        copy("statistics/" + layer + ".mean", norm->tensors.mean);
        copy("statistics/" + layer + ".variance", norm->tensors.variance);
    }
    copy("gates/logits", m_logits);
    copy("ranges/x_max", m_ranges);
    copy("ranges/floor", m_floors);
    const at::Tensor signs = find("ranges/signed", {m_layout.quantizers()}).contiguous();
    for (std::size_t q = 0; q < m_signed.size(); ++q) {
        m_signed[q] = signs[static_cast<std::int64_t>(q)].item<std::int64_t>() != 0;
    }
    m_hasRanges = find("ranges/are_set", {1}).item<std::int64_t>() != 0;
    invalidateEvaluation();
}

GatedNetwork::Folded GatedNetwork::folded() const
{
    return foldedWith(nullptr);
}

GatedNetwork::Folded GatedNetwork::foldedForEvaluation() const
{
    const at::NoGradGuard noGradients;
    const Pass pass = passWith(decidedGates());
    return foldedWith(&pass);
}

/// pass: how weights are quantized; null: not at all.
GatedNetwork::Folded GatedNetwork::foldedWith(const Pass* pass) const
{
    const at::NoGradGuard noGradients;
    std::vector<graph::FoldableNorm> norms;
    for (const auto& norm : m_norms) {
        norms.push_back(norm->place);
    }
    const TrainingGraph made = makeTrainingGraph(*m_original, m_layers, norms, {}, true);
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [name, tensor] : m_tensors) {
        tensors[name] = tensor.detach();
    }
    for (std::size_t n = 0; n < m_norms.size(); ++n) {
        const Norm& norm = *m_norms[n];
        at::Tensor& weight =
            tensors.at(m_original->parameter(*m_layers[norm.place.layer].weight).name);
        weight = foldedWeight(weight, norm.tensors, norm.channels);
        tensors[made.biasNames[n]] = foldedBias(norm.tensors);
    }
    Folded result{made.graph, {}};
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        const QuantizerSite& site = m_sites.quantizers[q];
        result.siteNames.push_back(made.valueNames[graph::toSize(site.value)]);
        if (pass != nullptr && isWeight(q)) {
            at::Tensor& weight = tensors.at(m_original->parameter(*site.parameter).name);
            weight = quantize(*pass, q, weight);
        }
    }
    NamedTensors replacements;
    for (const graph::Parameter& parameter : made.graph.parameters()) {
        replacements.emplace_back(parameter.name,
                                  tensors.at(parameter.name).detach().to(at::kCPU).clone());
    }
    result.graph = graph::toDevice(made.graph.withParameters(replacements), at::kCPU);
    return result;
}

std::unique_ptr<GatedNetwork> makeDecidedNetwork(const GatedNetwork& searched)
{
    NetworkOptions options = searched.options();
    options.mode = QuantizerMode::Decided;
    options.decided = searched.widths();
    if (searched.options().mode == QuantizerMode::PruneOnly) {
        options.quantizeWeights = false;
        options.quantizeActivations = false;
    }
    auto network = std::make_unique<GatedNetwork>(describeModel(searched.folded().graph, {}),
                                                  std::move(options), searched.device());
    network->takeRanges(searched);
    return network;
}

} // namespace bitloom::bayesian_bits
