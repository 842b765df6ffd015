// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gated_network_parts.h"

#include "core/base/error.h"
#include "core/graph/passes/training_mode.h"
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/relu.h>

#include <algorithm>
#include <functional>
#include <map>

// How the network runs: while training, and as it will be used.
namespace bitloom::bayesian_bits {

using graph::ValueIndex;

std::unique_ptr<GatedNetwork::Runner> GatedNetwork::makeRunner(bool withBias, bool isTraining)
{
    std::vector<graph::FoldableNorm> norms;
    for (const auto& norm : m_norms) {
        norms.push_back(norm->place);
    }
    TrainingGraph made = makeTrainingGraph(*m_original, m_layers, norms, m_absorbedRelus, withBias);
    if (isTraining) {
        made.graph = withBias ? graph::withDropout(made.graph, true)
                              : graph::withTrainingMode(made.graph, true);
    }
    const auto network = std::make_shared<const graph::Graph>(made.graph);
    const auto valueOf = [&](ValueIndex original) {
        return *network->findValue(made.valueNames[graph::toSize(original)]);
    };

    // A layer's output may be normalised and quantized: one function after the other.
    using Transform = std::function<at::Tensor(const at::Tensor&)>;
    std::map<ValueIndex, std::vector<Transform>> transforms;
    for (std::size_t n = 0; n < m_norms.size() && isTraining; ++n) {
        Norm& norm = *m_norms[n];
        if (withBias) {
            const graph::Parameter* bias = network->findParameter(made.biasNames[n]);
            transforms[bias->value].push_back(
                [&norm](const at::Tensor&) { return foldedBias(norm.tensors); });
        } else {
            const graph::Node& layer = m_original->node(m_layers[norm.place.layer].node);
            transforms[valueOf(layer.outputs.front())].push_back(
                [this, &norm](const at::Tensor& y) { return trainingOutput(norm, y); });
        }
    }
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        const ValueIndex value = valueOf(m_sites.quantizers[q].value);
        if (isWeight(q)) {
            if (isTraining) {
                transforms[value].push_back(
                    [this, q](const at::Tensor& weight) { return trainingWeight(q, weight); });
            }
        } else if (quantizes(q)) {
            for (const ValueIndex place : m_options.poolFirst || !isTraining
                                              ? quantizedValues(*network, value)
                                              : std::vector{value}) {
                transforms[place].push_back([this, q, isTraining](const at::Tensor& x) {
                    return isTraining ? trainingQuantize(q, x) : evaluationQuantize(q, x);
                });
            }
        }
    }
    graph::ExecutorOptions options;
    for (auto& [value, chain] : transforms) {
        options.attachments.push_back({value, {}, [steps = std::move(chain)](const at::Tensor& x) {
                                           at::Tensor y = x;
                                           for (const Transform& step : steps) {
                                               y = step(y);
                                           }
                                           return y;
                                       }});
    }
    graph::Executor executor(network, std::move(options));
    for (std::size_t p = 0; p < network->parameters().size(); ++p) {
        const auto found = m_tensorIndex.find(network->parameters()[p].name);
        if (found != m_tensorIndex.end()) {
            executor.setParameter(graph::ParameterIndex{static_cast<std::int32_t>(p)},
                                  m_tensors[found->second].second);
        }
    }
    return std::make_unique<Runner>(Runner{std::move(made), std::move(executor)});
}

/// The value itself or, where nobody but max pooling reads it, what that makes of it: rounding and
/// clipping keep order, so both ways round give the same numbers.
std::vector<ValueIndex> GatedNetwork::quantizedValues(const graph::Graph& network,
                                                      ValueIndex value) const
{
    std::vector<ValueIndex> pooled;
    for (const graph::Node& node : network.nodes()) {
        for (std::size_t a = 0; a < node.args.size(); ++a) {
            bool reads = false;
            graph::forEachValue(node.args[a],
                                [&](ValueIndex each) { reads = reads || each == value; });
            if (!reads) {
                continue;
            }
            const ValueIndex output = node.outputs.front();
            const bool isResult =
                std::ranges::find(network.outputs(), output) != network.outputs().end();
            if (node.op != "aten::max_pool2d" || a != 0 || isResult) {
                return {value};
            }
            pooled.push_back(output);
        }
    }
    return pooled.empty() ? std::vector{value} : pooled;
}

GatedNetwork::Runner& GatedNetwork::trainingRunner()
{
    const bool isFrozen = m_options.statistics == NormStatistics::Frozen;
    std::unique_ptr<Runner>& runner = isFrozen ? m_frozen : m_normalizing;
    if (!runner) {
        runner = makeRunner(isFrozen, true);
    }
    return *runner;
}

GatedNetwork::Pass GatedNetwork::passWith(const at::Tensor& gates) const
{
    return {m_layout.split(gates), m_ranges.unbind(0)};
}

GatedNetwork::Pass GatedNetwork::trainingPass(const GateNoise& noise) const
{
    if (m_options.mode == QuantizerMode::Decided) {
        return passWith(decidedGates());
    }
    const bool isStochastic = m_options.gating == Gating::Stochastic;
    return passWith(ops::hardConcreteGates(
        m_logits, m_layout.offsets(), isStochastic ? ops::kGatesL0 : ops::kGatesFixed,
        noise.uniforms, static_cast<std::int64_t>(noise.seed), noise.step));
}

at::Tensor GatedNetwork::quantize(const Pass& pass, std::size_t quantizer,
                                  const at::Tensor& x) const
{
    const QuantizerSite& site = m_sites.quantizers[quantizer];
    const at::Tensor& channels = pass.gates.channels[quantizer];
    const auto channelGates = channels.defined() ? std::optional(channels) : std::nullopt;
    const int axis = site.channelAxis;
    switch (quantizes(quantizer) ? m_options.mode : QuantizerMode::PruneOnly) {
    case QuantizerMode::Gated:
        return ops::bayesianBitsQuantize(x, pass.ranges[quantizer], pass.gates.levels[quantizer],
                                         channelGates, axis, m_signed[quantizer]);
    case QuantizerMode::FixedWidths:
    case QuantizerMode::Decided:
        return ops::pactQuantize(x, pass.ranges[quantizer], channelGates, axis,
                                 givenBits(quantizer), m_signed[quantizer]);
    case QuantizerMode::PruneOnly:
        break;
    }
    if (!channelGates) {
        return x;
    }
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[static_cast<std::size_t>(axis)] = -1;
    return x * channels.reshape(shape);
}

at::Tensor GatedNetwork::trainingQuantize(std::size_t quantizer, const at::Tensor& x)
{
    if (m_phase == Phase::Training) {
        return quantize(m_training, quantizer, x);
    }
    at::Tensor seen = withAbsorbedRelu(quantizer, x);
    note(quantizer, seen);
    if (m_phase == Phase::Observing) {
        return seen;
    }
    const ValueRange range = m_seen[quantizer];
    setRange(quantizer, std::max(range.high, 0.0F), range.low < 0);
    return quantize(m_training, quantizer, x);
}

at::Tensor GatedNetwork::evaluationQuantize(std::size_t quantizer, const at::Tensor& x)
{
    if (m_measured != nullptr) {
        measure(quantizer, withAbsorbedRelu(quantizer, x));
    }
    return quantize(m_decided, quantizer, x);
}

at::Tensor GatedNetwork::withAbsorbedRelu(std::size_t quantizer, const at::Tensor& x) const
{
    return m_absorbedRelus.contains(m_sites.quantizers[quantizer].value) ? at::relu(x) : x;
}

at::Tensor GatedNetwork::trainingWeight(std::size_t quantizer, const at::Tensor& weight)
{
    Norm* norm = m_normOfQuantizer[quantizer];
    if (norm == nullptr) {
        return trainingQuantize(quantizer, weight);
    }
    const at::Tensor quantized =
        trainingQuantize(quantizer, foldedWeight(weight, norm->tensors, norm->channels));
    return m_options.statistics == NormStatistics::Exact
               ? stackWeights(quantized, weight, norm->channels)
               : quantized;
}

at::Tensor GatedNetwork::trainingOutput(Norm& norm, const at::Tensor& y) const
{
    return m_options.statistics == NormStatistics::Exact
               ? normalizeStacked(y, norm.tensors, norm.channels.groups)
               : normalizeFromQuantized(y, norm.tensors);
}

std::optional<at::Tensor> GatedNetwork::forward(const at::Tensor& images, const GateNoise& noise,
                                                const std::stop_token& stop)
{
    return runTraining(trainingPass(noise), images, stop);
}

bool GatedNetwork::feedStatistics(const at::Tensor& images, const std::stop_token& stop)
{
    const at::NoGradGuard noGradients;
    return runTraining(passWith(decidedGates()), images, stop).has_value();
}

std::optional<at::Tensor> GatedNetwork::runTraining(Pass pass, const at::Tensor& images,
                                                    const std::stop_token& stop)
{
    BITLOOM_REQUIRE(m_hasRanges || !quantizesAny(), ErrorCode::InvalidArgument,
                    "the quantizers have no ranges yet: run calibration images first");
    m_training = std::move(pass);
    auto outputs = trainingRunner().executor.run({images.to(m_device)}, stop);
    m_training = {}; // nothing of a step outlives it but what its graph of gradients holds
    invalidateEvaluation();
    if (!outputs) {
        return std::nullopt;
    }
    return outputs->front().toTensor();
}

const graph::Executor& GatedNetwork::evaluation()
{
    if (!m_evaluator) {
        m_evaluator = makeRunner(true, false);
    }
    if (m_evaluationIsCurrent) {
        return m_evaluator->executor;
    }
    const at::NoGradGuard noGradients;
    m_decided = passWith(decidedGates());
    const graph::Graph& network = m_evaluator->executor.graph();
    const auto bind = [&](const std::string& name, const at::Tensor& tensor) {
        const graph::Parameter* parameter = network.findParameter(name);
        m_evaluator->executor.setParameter(*network.value(parameter->value).parameter, tensor);
    };
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        if (!isWeight(q)) {
            continue;
        }
        const std::string& name = m_original->parameter(*m_sites.quantizers[q].parameter).name;
        bind(name, quantize(m_decided, q, evaluationWeight(q)));
    }
    for (std::size_t n = 0; n < m_norms.size(); ++n) {
        bind(m_evaluator->made.biasNames[n], foldedBias(m_norms[n]->tensors));
    }
    m_evaluationIsCurrent = true;
    return m_evaluator->executor;
}

/// A weight with its normalisation folded in by the statistics as they are, not quantized.
at::Tensor GatedNetwork::evaluationWeight(std::size_t quantizer)
{
    const Norm* norm = m_normOfQuantizer[quantizer];
    const at::Tensor& weight =
        tensorNamed(m_original->parameter(*m_sites.quantizers[quantizer].parameter).name);
    return norm != nullptr ? foldedWeight(weight, norm->tensors, norm->channels) : weight;
}

} // namespace bitloom::bayesian_bits
