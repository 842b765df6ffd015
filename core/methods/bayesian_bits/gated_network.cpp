// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gated_network.h"

#include "core/base/error.h"
#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/passes/training_mode.h"
#include "core/methods/bayesian_bits/gated_network_parts.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <numeric>

namespace bitloom::bayesian_bits {

namespace {

/// The model on a device. Values are numbered anew there, so layers are found anew too.
LoadedModel modelOn(const LoadedModel& model, c10::Device device)
{
    LoadedModel moved;
    moved.graph = std::make_shared<const graph::Graph>(graph::toDevice(*model.graph, device));
    moved.layers = graph::findLayers(*moved.graph);
    moved.info = model.info;
    return moved;
}

at::Tensor copyOf(const at::Tensor& tensor, c10::Device device)
{
    return tensor.detach().to(device, tensor.scalar_type(), false, true);
}

} // namespace

GatedNetwork::GatedNetwork(const LoadedModel& model, NetworkOptions options, c10::Device device)
    : GatedNetwork(std::move(options), device, modelOn(model, device))
{
}

GatedNetwork::GatedNetwork(NetworkOptions options, c10::Device device, const LoadedModel& model)
    : m_options(std::move(options)), m_device(device), m_original(model.graph),
      m_layers(model.layers), m_sites(findQuantizerSites(model, m_options.sites)),
      m_layout(m_sites, device)
{
    BITLOOM_REQUIRE(isGridWidth(m_options.fixedWeightBits) &&
                        isGridWidth(m_options.fixedActivationBits),
                    ErrorCode::InvalidArgument, "fixed widths: found ", m_options.fixedWeightBits,
                    " and ", m_options.fixedActivationBits, ", allowed are 2, 4, 8, 16 and 32");
    copyTensors(model);
    addNorms(model);
    findAbsorbedRelus();
    const auto floats = at::TensorOptions(device).dtype(at::kFloat);
    m_logits = at::empty({m_layout.gates()}, floats);
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        startGates(q);
    }
    if (m_options.mode == QuantizerMode::Decided) {
        decideGates();
    } else {
        m_logits.set_requires_grad(m_options.mode == QuantizerMode::Gated || hasChannels());
    }
    m_ranges = at::ones({m_layout.quantizers()}, floats);
    m_ranges.set_requires_grad(quantizesAny());
    m_floors = at::zeros({m_layout.quantizers()}, floats);
    m_signed.assign(m_sites.quantizers.size(), false);
    m_regulariserWeights = regulariserTensor();
    m_bopTable = makeBopTable(m_sites, device);
}

GatedNetwork::~GatedNetwork() = default;

bool GatedNetwork::hasChannels() const
{
    return std::ranges::any_of(m_sites.quantizers,
                               [](const QuantizerSite& site) { return site.channels > 0; });
}

void GatedNetwork::decideGates()
{
    BITLOOM_REQUIRE(m_options.decided.size() == m_sites.quantizers.size(),
                    ErrorCode::InvalidArgument, "the network has ", m_sites.quantizers.size(),
                    " quantizers, found ", m_options.decided.size(), " widths");
    for (std::size_t q = 0; q < m_options.decided.size(); ++q) {
        const QuantizerWidth& width = m_options.decided[q];
        BITLOOM_REQUIRE(isGridWidth(width.bits) &&
                            (width.kept.empty() ||
                             width.kept.size() == static_cast<std::size_t>(m_layout.channelsOf(q))),
                        ErrorCode::InvalidArgument, m_sites.quantizers[q].name, ": found ",
                        width.bits, " bits and ", width.kept.size(),
                        " channels; it needs 2, 4, 8, 16 or 32 bits and ", m_layout.channelsOf(q),
                        " channels");
        forceBits(q, width.bits);
        const std::int64_t channels = m_layout.channelsOf(q);
        for (std::int64_t c = 0; c < channels; ++c) {
            const bool isKept = width.kept.empty() || width.kept[static_cast<std::size_t>(c)];
            m_logits.select(0, m_layout.channelsAt(q) + c)
                .fill_(isKept ? kForcedLogit : -kForcedLogit);
        }
    }
}

/// Of the modes in which gates do not choose.
int GatedNetwork::givenBits(std::size_t quantizer) const
{
    if (!quantizes(quantizer)) {
        return kFloatBits;
    }
    if (m_options.mode == QuantizerMode::Decided) {
        return m_options.decided[quantizer].bits;
    }
    return isWeight(quantizer) ? m_options.fixedWeightBits : m_options.fixedActivationBits;
}

void GatedNetwork::copyTensors(const LoadedModel& model)
{
    for (const graph::Parameter& parameter : model.graph->parameters()) {
        m_tensorIndex.emplace(parameter.name, m_tensors.size());
        m_tensors.emplace_back(parameter.name, copyOf(parameter.tensor, m_device));
        if (!parameter.isBuffer && parameter.tensor.is_floating_point()) {
            m_tensors.back().second.set_requires_grad(true);
        }
    }
}

at::Tensor& GatedNetwork::tensorNamed(const std::string& name)
{
    return m_tensors[m_tensorIndex.at(name)].second;
}

void GatedNetwork::addNorms(const LoadedModel& model)
{
    m_normOfQuantizer.assign(m_sites.quantizers.size(), nullptr);
    for (const graph::FoldableNorm& place : findTrainableNorms(*model.graph, m_layers)) {
        const graph::LayerSite& layer = m_layers[place.layer];
        const auto tensorOf = [&](graph::ParameterIndex index) -> at::Tensor& {
            return tensorNamed(m_original->parameter(index).name);
        };
        auto norm = std::make_unique<Norm>();
        norm->place = place;
        norm->channels = {layer.weightAxis, layer.groups};
        FoldedNorm& tensors = norm->tensors;
        tensors.mean = tensorOf(place.mean).clone();
        tensors.variance = tensorOf(place.variance).clone();
        norm->isUntouched =
            tensors.mean.eq(0).all().item<bool>() && tensors.variance.eq(1).all().item<bool>();
        tensors.gamma = place.gamma ? tensorOf(*place.gamma) : at::ones_like(tensors.variance);
        tensors.beta = place.beta ? tensorOf(*place.beta) : at::zeros_like(tensors.mean);
        tensors.momentum = place.momentum;
        tensors.eps = place.eps;
        if (layer.bias) { // the mean of the layer without it; batch statistics cancel it anyway
            at::Tensor& bias = tensorOf(*layer.bias);
            bias.set_requires_grad(false);
            tensors.mean.sub_(bias);
        }
        m_normOfQuantizer[*m_sites.layers[place.layer].weight] = norm.get();
        m_norms.push_back(std::move(norm));
    }
}

/// A quantizer for values from 0 up begins with a ReLU of its own.
void GatedNetwork::findAbsorbedRelus()
{
    const std::vector<std::size_t> readers = graph::countReaders(*m_original);
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        const QuantizerSite& site = m_sites.quantizers[q];
        const graph::Value& value = m_original->value(site.value);
        if (isWeight(q) || !quantizes(q) || !value.producer) {
            continue;
        }
        const graph::Node& node = m_original->node(*value.producer);
        const bool isResult =
            std::ranges::find(m_original->outputs(), site.value) != m_original->outputs().end();
        if (node.op == "aten::relu" && !isResult && node.args[0].isValue() &&
            m_original->value(node.args[0].value()).producer &&
            readers[graph::toSize(node.args[0].value())] == 1) {
            m_absorbedRelus.insert(site.value);
        }
    }
}

bool GatedNetwork::isWeight(std::size_t quantizer) const
{
    return m_sites.quantizers[quantizer].kind == SiteKind::Weight;
}

bool GatedNetwork::quantizes(std::size_t quantizer) const
{
    return m_options.mode != QuantizerMode::PruneOnly &&
           (isWeight(quantizer) ? m_options.quantizeWeights : m_options.quantizeActivations);
}

bool GatedNetwork::quantizesAny() const
{
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        if (quantizes(q)) {
            return true;
        }
    }
    return false;
}

NamedTensors GatedNetwork::weights() const
{
    NamedTensors trained;
    for (const auto& [name, tensor] : m_tensors) {
        if (tensor.requires_grad()) {
            trained.emplace_back(name, tensor);
        }
    }
    return trained;
}

at::Tensor GatedNetwork::decidedGates() const
{
    return ops::hardConcreteGates(m_logits.detach(), m_layout.offsets(), ops::kGatesEvaluation);
}

bool GatedNetwork::hasDropout() const
{
    return std::ranges::any_of(
        m_original->nodes(), [](const graph::Node& node) { return node.op.ends_with("dropout"); });
}

std::vector<QuantizerWidth> GatedNetwork::widths() const
{
    std::vector<QuantizerWidth> widths = widthsOf(decidedGates(), m_layout);
    for (std::size_t q = 0; q < widths.size(); ++q) {
        if (m_options.mode != QuantizerMode::Gated || !quantizes(q)) {
            widths[q].bits = givenBits(q);
        }
    }
    return widths;
}

std::vector<GateProbabilities> GatedNetwork::probabilities() const
{
    return probabilitiesOf(m_logits, m_layout);
}

std::int64_t GatedNetwork::absorbedLogits() const
{
    std::int64_t absorbed = 0;
    const at::Tensor flat = m_logits.detach().to(at::kCPU).contiguous();
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        const float* levels = flat.const_data_ptr<float>() + m_layout.levelsAt(q);
        absorbed += std::count_if(levels, levels + 4,
                                  [](float logit) { return logit <= ops::kAbsorbingLogit; });
    }
    return absorbed;
}

} // namespace bitloom::bayesian_bits
