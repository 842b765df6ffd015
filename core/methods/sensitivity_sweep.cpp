// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/sensitivity_sweep.h"

#include "core/base/error.h"
#include "core/graph/executor.h"
#include "core/graph/parallel_tasks.h"
#include "core/methods/calibration.h"
#include "core/methods/logit_metrics.h"
#include "core/methods/quantized_executor.h"
#include "core/quant/uniform_quantizer.h"

#include <c10/core/InferenceMode.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace bitloom {

namespace {

using Json = nlohmann::ordered_json;
using graph::Graph;
using graph::ValueIndex;

/// A tensor that candidates round, with the part of the network that depends on it.
struct Subject {
    SensitivityTarget target = SensitivityTarget::Weight;
    std::string name;
    graph::Attachment attachment;      ///< without transform
    std::vector<ValueIndex> cutInputs; ///< what its part of the network reads from outside
    std::int64_t macs = 0;             ///< of its part, at batch 1
};

struct Candidate {
    std::size_t subject = 0;
    int bits = 0;
    graph::Executor executor;
    LogitSums sums;
};

/// The nodes that depend on the seeds, seeds included.
std::vector<bool> dependents(const Graph& graph, const std::vector<graph::Reader>& seeds)
{
    std::vector<bool> inPart(graph.nodes().size(), false);
    for (const graph::Reader& seed : seeds) {
        inPart[toSize(seed.node)] = true;
    }
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        for (const graph::Argument& argument : graph.nodes()[i].args) {
            graph::forEachValue(argument, [&](ValueIndex value) {
                const auto producer = graph.value(value).producer;
                if (producer && inPart[toSize(*producer)]) {
                    inPart[i] = true;
                }
            });
        }
    }
    return inPart;
}

void completeSubject(const LoadedModel& model, const Graph& graph, Subject& subject)
{
    const std::vector<bool> inPart = dependents(graph, subject.attachment.readers);
    std::set<ValueIndex> inputs;
    for (std::size_t i = 0; i < inPart.size(); ++i) {
        if (!inPart[i]) {
            continue;
        }
        for (const graph::Argument& argument : graph.nodes()[i].args) {
            graph::forEachValue(argument, [&](ValueIndex value) {
                const graph::Value& edge = graph.value(value);
                if (!edge.parameter && (!edge.producer || !inPart[toSize(*edge.producer)])) {
                    inputs.insert(value);
                }
            });
        }
    }
    subject.cutInputs.assign(inputs.begin(), inputs.end());
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        subject.macs += inPart[toSize(model.layers[i].node)] ? model.info.layers[i].macs : 0;
    }
}

/// Readers of a parameter among the quantizable layers: two layers may share one weight.
std::vector<graph::Reader> weightReaders(const LoadedModel& model, graph::ParameterIndex weight)
{
    std::vector<graph::Reader> readers;
    for (const graph::LayerSite& layer : model.layers) {
        if (layer.weight == weight) {
            readers.push_back(layer.weightReader);
        }
    }
    return readers;
}

/// Plan for one bit width that asks for exactly the grids the sweep needs.
BitPlan planAt(const LoadedModel& model, const SensitivityOptions& options, int bits)
{
    UniformPlanOptions uniform = options.spec;
    uniform.weightBits = options.weights ? bits : kFloatBits;
    uniform.activationBits = options.activations ? bits : kFloatBits;
    uniform.boundaryBits.reset();
    return makeUniformPlan(model.info, uniform);
}

} // namespace

struct SensitivitySweep::Impl {
    std::shared_ptr<const Graph> graph;
    const LoadedModel& model;
    SensitivityOptions options;
    c10::Device device;
    std::vector<Subject> subjects;
    std::vector<Candidate> candidates;
    std::vector<ValueIndex> keptValues; ///< computed values that some candidate reads
    std::unique_ptr<graph::Executor> floatExecutor;
    std::int64_t imagesDone = 0;
    std::int64_t batchesDone = 0;
    std::int64_t floatCorrect = 0;

    Impl(const LoadedModel& loaded, SensitivityOptions sweepOptions, c10::Device runDevice)
        : graph(graphOn(loaded, runDevice)), model(loaded), options(std::move(sweepOptions)),
          device(runDevice)
    {
    }

    void findSubjects()
    {
        std::set<graph::ParameterIndex> seen;
        for (std::size_t i = 0; options.weights && i < model.layers.size(); ++i) {
            const auto weight = model.layers[i].weight;
            if (weight && seen.insert(*weight).second) {
                subjects.push_back(
                    {SensitivityTarget::Weight,
                     model.info.layers[i].name,
                     {graph->parameter(*weight).value, weightReaders(model, *weight), {}},
                     {},
                     0});
            }
        }
        for (const TensorInfo& tensor : model.info.tensors) {
            if (options.activations && (!tensor.isModelInput || options.spec.quantizeInput)) {
                ActivationSite site = activationSite(model, tensor.name);
                subjects.push_back({SensitivityTarget::Activation,
                                    tensor.name,
                                    {site.value, std::move(site.readers), {}},
                                    {},
                                    0});
            }
        }
        for (Subject& subject : subjects) {
            completeSubject(model, *graph, subject);
        }
    }

    void makeCandidates(const std::vector<QuantState>& states)
    {
        for (std::size_t s = 0; s < subjects.size(); ++s) {
            const Subject& subject = subjects[s];
            for (std::size_t b = 0; b < options.bits.size(); ++b) {
                const auto& grids = subject.target == SensitivityTarget::Weight
                                        ? states[b].weights
                                        : states[b].activations;
                auto quantizer =
                    std::make_shared<const UniformQuantizer>(grids.at(subject.name), device);
                graph::ExecutorOptions part;
                part.inputs = subject.cutInputs;
                part.attachments.push_back(subject.attachment);
                part.attachments.back().transform = [quantizer](const at::Tensor& x) {
                    return quantizer->fakeQuantize(x);
                };
                candidates.push_back(
                    {s, options.bits[b], graph::Executor(graph, std::move(part)), {}});
            }
        }
    }

    void makeFloatExecutor()
    {
        std::set<ValueIndex> kept;
        for (const Subject& subject : subjects) {
            for (const ValueIndex value : subject.cutInputs) {
                if (graph->value(value).producer) {
                    kept.insert(value);
                }
            }
        }
        keptValues.assign(kept.begin(), kept.end());
        graph::ExecutorOptions whole;
        whole.outputs = graph->outputs();
        whole.outputs.insert(whole.outputs.end(), keptValues.begin(), keptValues.end());
        floatExecutor = std::make_unique<graph::Executor>(graph, std::move(whole));
    }

    /// The float network's values for one batch; nullopt when cancelled.
    std::optional<std::map<ValueIndex, c10::IValue>>
    runFloat(const Batch& batch, at::Tensor& logits, RunControl& control)
    {
        std::map<ValueIndex, c10::IValue> values;
        const at::Tensor images = batch.images.to(device);
        std::optional<std::vector<c10::IValue>> outputs;
        runTasks(1, 1, control.stopToken(), [&](std::int64_t) {
            outputs = floatExecutor->run({images}, control.stopToken());
        });
        if (!outputs) {
            return std::nullopt;
        }
        logits = outputs->front().toTensor();
        values[graph->inputs().front()] = images;
        for (std::size_t i = 0; i < keptValues.size(); ++i) {
            values[keptValues[i]] = (*outputs)[graph->outputs().size() + i];
        }
        return values;
    }

    /// False when cancelled: then nothing of the batch counts.
    bool measureBatch(const Batch& batch, std::int64_t batchCount, RunControl& control)
    {
        at::Tensor logits;
        const auto values = runFloat(batch, logits, control);
        if (!values) {
            return false;
        }
        const LogitReference reference(logits, batch.labels);
        std::vector<std::optional<LogitSums>> results(candidates.size());
        const auto total = static_cast<std::int64_t>(candidates.size());
        std::atomic<std::int64_t> measured{0};
        // Operators on a GPU run one after the other anyway.
        runTasks(total, device.is_cpu() ? options.threads : 1, control.stopToken(),
                 [&](std::int64_t index) {
                     if (control.shouldStop()) {
                         return;
                     }
                     const Candidate& candidate = candidates[static_cast<std::size_t>(index)];
                     std::vector<c10::IValue> inputs;
                     for (const ValueIndex value : subjects[candidate.subject].cutInputs) {
                         inputs.push_back(values->at(value));
                     }
                     const auto outputs =
                         candidate.executor.run(std::move(inputs), control.stopToken());
                     if (!outputs) {
                         return;
                     }
                     results[static_cast<std::size_t>(index)] =
                         reference.compare(outputs->front().toTensor());
                     control.report({"sensitivity", batchesDone * total + ++measured,
                                     batchCount * total, "candidate batches"});
                 });
        if (control.shouldStop()) {
            return false;
        }
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            candidates[i].sums.outputError += results[i]->outputError;
            candidates[i].sums.kl += results[i]->kl;
            candidates[i].sums.correct += results[i]->correct;
        }
        floatCorrect += reference.correct();
        imagesDone += batch.labels.size(0);
        ++batchesDone;
        return true;
    }
};

SensitivitySweep::SensitivitySweep(const LoadedModel& model, SensitivityOptions options,
                                   BatchLoader* calibration, c10::Device device,
                                   RunControl& control)
    : m_impl(std::make_unique<Impl>(model, std::move(options), device))
{
    BITLOOM_REQUIRE(!m_impl->options.bits.empty(), ErrorCode::InvalidArgument,
                    "a sensitivity sweep needs bit widths");
    std::sort(m_impl->options.bits.begin(), m_impl->options.bits.end());
    for (const int bits : m_impl->options.bits) {
        BITLOOM_REQUIRE(bits >= 1 && bits <= kMaxIntegerBits, ErrorCode::InvalidArgument,
                        "cannot measure ", bits, " bits: 1..16 are possible");
    }
    m_impl->findSubjects();
    std::vector<BitPlan> plans;
    for (const int bits : m_impl->options.bits) {
        plans.push_back(planAt(model, m_impl->options, bits));
    }
    const auto states = calibrate(model, plans, calibration, device, control);
    if (!states) {
        return;
    }
    m_impl->makeCandidates(*states);
    m_impl->makeFloatExecutor();
}

SensitivitySweep::~SensitivitySweep() = default;

bool SensitivitySweep::run(BatchLoader& images, RunControl& control,
                           const std::function<void()>& afterBatch)
{
    const c10::InferenceMode inference;
    images.startEpoch(0);
    for (std::int64_t index = 0;; ++index) {
        if (control.shouldStop()) {
            return false;
        }
        const std::optional<Batch> batch = images.next();
        if (!batch) {
            return !images.stopped();
        }
        if (index < m_impl->batchesDone) {
            continue; // measured before an interruption
        }
        if (!m_impl->measureBatch(*batch, images.batchCount(), control)) {
            return false;
        }
        afterBatch();
    }
}

std::string SensitivitySweep::progress() const
{
    Json json;
    json["images"] = m_impl->imagesDone;
    json["batches"] = m_impl->batchesDone;
    json["float_correct"] = m_impl->floatCorrect;
    Json& sums = json["sums"] = Json::array();
    for (const Candidate& candidate : m_impl->candidates) {
        sums.push_back({candidate.sums.outputError, candidate.sums.kl, candidate.sums.correct});
    }
    return json.dump();
}

void SensitivitySweep::restore(const std::string& progress)
{
    try {
        const Json json = Json::parse(progress);
        const Json& sums = json.at("sums");
        BITLOOM_REQUIRE(sums.size() == m_impl->candidates.size(), ErrorCode::CorruptFile,
                        "the progress of ", sums.size(), " candidates does not fit a sweep of ",
                        m_impl->candidates.size());
        for (std::size_t i = 0; i < sums.size(); ++i) {
            m_impl->candidates[i].sums = {sums[i].at(0).get<double>(), sums[i].at(1).get<double>(),
                                          sums[i].at(2).get<std::int64_t>()};
        }
        m_impl->imagesDone = json.at("images").get<std::int64_t>();
        m_impl->batchesDone = json.at("batches").get<std::int64_t>();
        m_impl->floatCorrect = json.at("float_correct").get<std::int64_t>();
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, "the progress of the sweep cannot be read: ", error.what());
    }
}

SensitivityTable SensitivitySweep::table() const
{
    SensitivityTable table;
    table.modelName = m_impl->model.info.name;
    table.modelFingerprint = m_impl->model.info.fingerprint;
    table.images = m_impl->imagesDone;
    table.bits = m_impl->options.bits;
    const auto images = static_cast<double>(std::max<std::int64_t>(1, m_impl->imagesDone));
    table.floatAccuracyPercent = 100.0 * static_cast<double>(m_impl->floatCorrect) / images;
    for (const Candidate& candidate : m_impl->candidates) {
        const Subject& subject = m_impl->subjects[candidate.subject];
        table.entries.push_back({subject.target, subject.name, candidate.bits,
                                 candidate.sums.outputError / images, candidate.sums.kl / images,
                                 100.0 * static_cast<double>(candidate.sums.correct) / images});
    }
    return table;
}

double SensitivitySweep::costPercent() const
{
    double run = 0;
    for (const Candidate& candidate : m_impl->candidates) {
        run += static_cast<double>(m_impl->subjects[candidate.subject].macs);
    }
    const double all = static_cast<double>(m_impl->model.info.macs) *
                       static_cast<double>(m_impl->candidates.size());
    return all == 0 ? 0 : 100.0 * run / all;
}

} // namespace bitloom
