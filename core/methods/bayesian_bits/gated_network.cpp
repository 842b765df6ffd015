// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gated_network.h"

#include "core/base/error.h"
#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/passes/training_mode.h"
#include "core/io/model_file.h"
#include "core/methods/bayesian_bits/run_series.h"
#include "core/methods/bayesian_bits/training_graph.h"
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/bayesian_bits_regulariser.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/aminmax.h>
#include <ATen/ops/full.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

namespace bitloom::bayesian_bits {

namespace {

using graph::ValueIndex;

constexpr double kForcedOpen = 6; // of level gates that nothing looks at

bool isGridWidth(int bits)
{
    return bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32;
}

/// How many of the five levels a width has.
std::ptrdiff_t levelsOf(int bits)
{
    return bits == 2 ? 1 : bits == 4 ? 2 : bits == 8 ? 3 : bits == 16 ? 4 : 5;
}

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

/// A normalisation that trains folded into the layer before it.
struct GatedNetwork::Norm {
    graph::FoldableNorm place;
    FoldedNorm tensors;
    ChannelPlace channels;
    bool isUntouched = false; ///< running statistics as a new network has them
};

/// The values that one quantizer saw; several times where several poolings read its tensor.
struct GatedNetwork::Measured {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();
    std::int64_t clipped = 0;
    std::int64_t values = 0;
};

/// One way to run the network.
struct GatedNetwork::Runner {
    TrainingGraph made;
    graph::Executor executor;
};

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
    const bool isGated = m_options.mode == QuantizerMode::Gated;
    const auto floats = at::TensorOptions(device).dtype(at::kFloat);
    m_logits = at::full({m_layout.gates()}, m_options.channelLogit, floats);
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        for (std::size_t k = 0; k < 4; ++k) {
            m_logits.select(0, m_layout.levelsAt(q) + static_cast<std::int64_t>(k))
                .fill_(isGated ? m_options.levelLogits[k] : kForcedOpen);
        }
    }
    if (m_options.mode == QuantizerMode::Decided) {
        closePrunedChannels();
    } else {
        m_logits.set_requires_grad(isGated || hasChannels());
    }
    m_ranges = at::ones({m_layout.quantizers()}, floats);
    m_ranges.set_requires_grad(m_options.mode != QuantizerMode::PruneOnly);
    m_floors = at::zeros({m_layout.quantizers()}, floats);
    m_signed.assign(m_sites.quantizers.size(), false);
    m_regulariserWeights = regulariserTensor();
}

GatedNetwork::~GatedNetwork() = default;

bool GatedNetwork::hasChannels() const
{
    return std::ranges::any_of(m_sites.quantizers,
                               [](const QuantizerSite& site) { return site.channels > 0; });
}

void GatedNetwork::closePrunedChannels()
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
        for (std::size_t c = 0; c < width.kept.size(); ++c) {
            m_logits.select(0, m_layout.channelsAt(q) + static_cast<std::int64_t>(c))
                .fill_(width.kept[c] ? kForcedOpen : -kForcedOpen);
        }
    }
}

int GatedNetwork::givenBits(std::size_t quantizer) const
{
    switch (m_options.mode) {
    case QuantizerMode::Decided:
        return m_options.decided[quantizer].bits;
    case QuantizerMode::FixedWidths:
        return isWeight(quantizer) ? m_options.fixedWeightBits : m_options.fixedActivationBits;
    default:
        return kFloatBits;
    }
}

/// Where widths are given, no level gate has a price: that of all levels in use is on the channels.
at::Tensor GatedNetwork::regulariserTensor() const
{
    const bool isGated = m_options.mode == QuantizerMode::Gated;
    const bool isFixed = m_options.mode == QuantizerMode::FixedWidths;
    const std::ptrdiff_t levels = levelsOf(isFixed ? m_options.fixedWeightBits : kFloatBits);
    std::vector<float> flat;
    for (LevelWeights weights : regulariserWeights(m_sites, m_options.regulariser)) {
        if (!isGated) {
            const double sum = std::accumulate(weights.begin(), weights.begin() + levels, 0.0);
            weights = {sum, 0, 0, 0, 0};
        }
        flat.insert(flat.end(), weights.begin(), weights.end());
    }
    return at::tensor(flat, at::kFloat).reshape({-1, 5}).to(m_device);
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
    if (m_options.mode == QuantizerMode::PruneOnly) {
        return;
    }
    const std::vector<std::size_t> readers = graph::countReaders(*m_original);
    for (const QuantizerSite& site : m_sites.quantizers) {
        const graph::Value& value = m_original->value(site.value);
        if (site.kind == SiteKind::Weight || !value.producer) {
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
        } else if (m_options.mode != QuantizerMode::PruneOnly) {
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
    switch (m_options.mode) {
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
    const at::Tensor seen = withAbsorbedRelu(quantizer, x);
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

void GatedNetwork::note(std::size_t quantizer, const at::Tensor& x)
{
    const auto [low, high] = at::aminmax(x.detach());
    ValueRange& seen = m_seen[quantizer];
    seen.low = std::min(seen.low, low.item<float>());
    seen.high = std::max(seen.high, high.item<float>());
    BITLOOM_REQUIRE(std::isfinite(low.item<float>()) && std::isfinite(high.item<float>()),
                    ErrorCode::NonFinite, m_sites.quantizers[quantizer].name,
                    " holds NaN or Inf before training; its range cannot be set");
}

void GatedNetwork::setRange(std::size_t quantizer, double range, bool isSigned)
{
    const at::NoGradGuard noGradients;
    const auto index = static_cast<std::int64_t>(quantizer);
    m_ranges.select(0, index).fill_(range);
    m_floors.select(0, index).fill_(range * kRangeFloorShare);
    m_signed[quantizer] = isSigned;
}

void GatedNetwork::observe(const at::Tensor& images)
{
    constexpr float kNothing = std::numeric_limits<float>::infinity();
    const at::NoGradGuard noGradients;
    if (m_observedBatches == 0) {
        m_seen.assign(m_sites.quantizers.size(), {kNothing, -kNothing});
    }
    ++m_observedBatches;
    std::vector<FoldedNorm> before;
    for (const auto& norm : m_norms) {
        before.push_back(norm->tensors);
        if (norm->isUntouched) { // the mean over all batches
            norm->tensors.momentum = 1.0 / static_cast<double>(m_observedBatches);
        } else {
            norm->tensors.mean = norm->tensors.mean.clone();
            norm->tensors.variance = norm->tensors.variance.clone();
        }
    }
    // Normalisations that do not fold move their running statistics by themselves.
    std::vector<at::Tensor> buffers;
    for (std::size_t p = 0; p < m_tensors.size(); ++p) {
        const bool isBuffer = m_original->parameters()[p].isBuffer;
        buffers.push_back(isBuffer ? m_tensors[p].second.clone() : at::Tensor());
    }
    m_phase = Phase::Observing;
    trainingRunner().executor.run(images.to(m_device));
    m_phase = Phase::Training;
    for (std::size_t p = 0; p < m_tensors.size(); ++p) {
        if (buffers[p].defined()) {
            m_tensors[p].second.copy_(buffers[p]);
        }
    }
    for (std::size_t n = 0; n < m_norms.size(); ++n) {
        m_norms[n]->tensors = before[n]; // shares the statistics of untouched ones
    }
}

void GatedNetwork::finishObserving()
{
    BITLOOM_REQUIRE(m_observedBatches > 0, ErrorCode::InvalidArgument,
                    "ranges need calibration images; none were given");
    const at::NoGradGuard noGradients;
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        if (isWeight(q)) { // folded with the statistics as they are now
            m_seen[q] = {std::numeric_limits<float>::infinity(),
                         -std::numeric_limits<float>::infinity()};
            note(q, evaluationWeight(q));
        }
        const auto [low, high] = m_seen[q];
        const double magnitude = std::max(std::fabs(low), std::fabs(high));
        // A tensor of zeros says nothing about its range.
        setRange(q, std::isfinite(magnitude) && magnitude > 0 ? magnitude : 1.0, low < 0);
    }
    m_seen.clear();
    m_observedBatches = 0;
    m_hasRanges = true;
    invalidateEvaluation();
}

void GatedNetwork::initializeFromFirstTensors(const at::Tensor& images, const GateNoise& noise)
{
    constexpr float kNothing = std::numeric_limits<float>::infinity();
    const at::NoGradGuard noGradients;
    m_seen.assign(m_sites.quantizers.size(), {kNothing, -kNothing});
    m_training = trainingPass(noise);
    m_phase = Phase::Initializing;
    trainingRunner().executor.run(images.to(m_device));
    m_phase = Phase::Training;
    m_training = {};
    m_seen.clear();
    m_hasRanges = true;
    invalidateEvaluation();
}

std::optional<at::Tensor> GatedNetwork::forward(const at::Tensor& images, const GateNoise& noise,
                                                const std::stop_token& stop)
{
    BITLOOM_REQUIRE(m_hasRanges || m_options.mode == QuantizerMode::PruneOnly,
                    ErrorCode::InvalidArgument,
                    "the quantizers have no ranges yet: run calibration images first");
    m_training = trainingPass(noise);
    auto outputs = trainingRunner().executor.run({images.to(m_device)}, stop);
    m_training = {}; // nothing of a step outlives it but what its graph of gradients holds
    invalidateEvaluation();
    if (!outputs) {
        return std::nullopt;
    }
    return outputs->front().toTensor();
}

at::Tensor GatedNetwork::regulariser() const
{
    return std::get<0>(
        ops::bayesianBitsRegulariser(m_logits, m_layout.offsets(), m_regulariserWeights));
}

at::Tensor GatedNetwork::decidedGates() const
{
    return ops::hardConcreteGates(m_logits.detach(), m_layout.offsets(), ops::kGatesEvaluation);
}

void GatedNetwork::keepRangesAboveFloors()
{
    const at::NoGradGuard noGradients;
    m_ranges.copy_(at::maximum(m_ranges, m_floors));
    invalidateEvaluation();
}

bool GatedNetwork::hasDropout() const
{
    return std::ranges::any_of(
        m_original->nodes(), [](const graph::Node& node) { return node.op.ends_with("dropout"); });
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

void GatedNetwork::measure(std::size_t quantizer, const at::Tensor& x) const
{
    const at::Tensor values = x.detach();
    const auto [low, high] = at::aminmax(values);
    Measured& each = (*m_measured)[quantizer];
    each.low = std::min(each.low, low.item<float>());
    each.high = std::max(each.high, high.item<float>());
    each.values += values.numel();
    if (m_options.mode != QuantizerMode::PruneOnly) {
        const float top = m_ranges[static_cast<std::int64_t>(quantizer)].item<float>();
        const float bottom = m_signed[quantizer] ? -top : 0.0F;
        each.clipped += (values.gt(top).logical_or(values.lt(bottom))).sum().item<std::int64_t>();
    }
}

std::vector<TensorRange> GatedNetwork::tensorRanges(const at::Tensor& images)
{
    const at::NoGradGuard noGradients;
    std::vector<Measured> measured(m_sites.quantizers.size());
    m_measured = &measured;
    const auto stopMeasuring = [this](void*) { m_measured = nullptr; };
    const std::unique_ptr<void, decltype(stopMeasuring)> guard(this, stopMeasuring);
    for (std::size_t q = 0; q < measured.size(); ++q) {
        if (isWeight(q)) {
            measure(q, evaluationWeight(q));
        }
    }
    evaluation().run(images.to(m_device));
    std::vector<TensorRange> ranges;
    for (const Measured& each : measured) {
        constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
        ranges.push_back(each.values == 0 ? TensorRange{kNone, kNone, kNone}
                                          : TensorRange{each.low, each.high,
                                                        100.0F * static_cast<float>(each.clipped) /
                                                            static_cast<float>(each.values)});
    }
    return ranges;
}

std::vector<QuantizerWidth> GatedNetwork::widths() const
{
    std::vector<QuantizerWidth> widths = widthsOf(decidedGates(), m_layout);
    if (m_options.mode != QuantizerMode::Gated) {
        for (std::size_t q = 0; q < widths.size(); ++q) {
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

void GatedNetwork::takeRanges(const GatedNetwork& other)
{
    BITLOOM_REQUIRE(other.m_ranges.sizes() == m_ranges.sizes(), ErrorCode::ShapeMismatch,
                    "the other network has ", other.m_ranges.size(0), " quantizers, this one ",
                    m_ranges.size(0));
    const at::NoGradGuard noGradients;
    m_ranges.copy_(other.m_ranges);
    m_floors.copy_(other.m_floors);
    m_signed = other.m_signed;
    m_hasRanges = other.m_hasRanges;
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
    auto network = std::make_unique<GatedNetwork>(describeModel(searched.folded().graph, {}),
                                                  std::move(options), searched.device());
    network->takeRanges(searched);
    return network;
}

} // namespace bitloom::bayesian_bits
