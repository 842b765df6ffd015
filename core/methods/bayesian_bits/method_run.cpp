// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/method_run.h"

#include "core/base/error.h"
#include "core/cost/cost_model.h"
#include "core/graph/passes/equalize_layers.h"
#include "core/methods/bayesian_bits/checkpoint_import.h"
#include "core/methods/bayesian_bits/run_rows.h"
#include "core/methods/bayesian_bits/run_series.h"
#include "core/methods/bayesian_bits/run_warnings.h"

#include <limits>
#include <string>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

std::shared_ptr<const LoadedModel> modelToSearch(const MethodSetup& setup)
{
    if (!setup.options.flag(kEqualizeOption)) {
        return setup.model;
    }
    const LoadedModel& model = *setup.model;
    return std::make_shared<const LoadedModel>(describeModel(
        graph::equalizeLayers(graph::withoutReluCaps(*model.graph)), model.info.inputShape));
}

} // namespace

MethodRun::MethodRun(const MethodSetup& setup)
    : m_model(modelToSearch(setup)), m_options(runOptions(setup.options)),
      m_baselineBits(baselineBits(setup.options)),
      m_search(*m_model, searchOptions(setup.options, setup.seed), fineTuningOptions(setup.options),
               setup.device)
{
    const std::string& checkpoint = setup.options.text(kCheckpointOption);
    if (setup.begins && !checkpoint.empty()) {
        m_checkpoint = io::readBayesianBitsCheckpoint(checkpoint);
        // Says what is wrong with it before its owner touches any file.
        importCheckpoint(*m_checkpoint, *m_model, m_search.stage().network());
    }
}

TrainingBatches MethodRun::trainingBatches() const
{
    return {m_options.batchSize, m_options.augment};
}

std::vector<HistorySeries> MethodRun::series() const
{
    return emptySeries(m_search.stage().network().sites(), m_model->info);
}

bool MethodRun::start(RunContext& context)
{
    if (!m_checkpoint) {
        return m_search.stage().calibrate(context.trainingImages(), context.control());
    }
    for (const Phrase& note : m_search.stage().startFrom(*m_checkpoint, *m_model)) {
        context.say(LogLine{LogLine::Level::Info, note});
    }
    m_checkpoint.reset(); // its tensors are not needed beside the network's
    return true;
}

void MethodRun::train(RunContext& context)
{
    if (context.history().find(kGateSeries)->rows() == 0) {
        recordNetwork(context, 0);
    }
    m_warnedTo = position().steps; // earlier warnings were said when they arose
    while (recordStage(context) && evaluateIfDue(context) && context.keep() && keepEpoch(context)) {
        if (m_search.isFinished()) {
            return;
        }
        if (m_search.stageIsFinished()) {
            if (!m_search.startFineTuning(context.trainingImages(), context.control())) {
                return;
            }
            continue;
        }
        const bool isDone = m_search.stage().runEpoch(context.trainingImages(), context.control(),
                                                      [&](const StepReport& step) {
                                                          record(context, step);
                                                          context.afterStep();
                                                      });
        if (!isDone && !m_search.stageIsFinished()) {
            return;
        }
    }
}

RunPosition MethodRun::position() const
{
    const SearchPosition& at = m_search.stage().position();
    return {m_search.number(), at.epoch, at.batch, at.steps};
}

io::StateDict MethodRun::state() const
{
    return {m_search.state(), {}};
}

void MethodRun::restore(const io::StateDict& state)
{
    m_search.restore(state.tensors);
}

void MethodRun::halveBatches()
{
    m_search.stage().halveBatches();
}

void MethodRun::requireFreeGates() const
{
    BITLOOM_REQUIRE(m_search.number() == 1, ErrorCode::InvalidArgument,
                    "the gates are decided already, nothing can be steered any more");
}

void MethodRun::lock(const std::vector<LayerLock>& locks)
{
    requireFreeGates();
    m_search.stage().network().lock(locks);
}

void MethodRun::freezeGates()
{
    requireFreeGates();
    m_search.freezeGates();
}

/// Where a stage begins, with the accuracy from which it starts. False when cancelled.
bool MethodRun::recordStage(RunContext& context)
{
    const HistorySeries* const stages = context.history().find(kStageSeries);
    const auto number = static_cast<float>(m_search.number());
    if (stages->rows() > 0 && stages->row(stages->rows() - 1)[0] == number) {
        return true;
    }
    if (m_search.number() == 1 && m_search.stageIsFinished() && !m_search.isFinished()) {
        return true; // no epochs: fine-tuning alone
    }
    float top1 = std::numeric_limits<float>::quiet_NaN();
    if (m_search.number() == 2) {
        const EvalResult result =
            m_search.stage().evaluate(context.testImages(), context.control());
        if (!result.finished) {
            return false;
        }
        top1 = static_cast<float>(result.top1Percent());
    }
    context.append(kStageSeries, position().steps, {number, top1});
    return true;
}

void MethodRun::record(RunContext& context, const StepReport& step) const
{
    const std::int64_t number = step.position.steps;
    if (number % m_options.recordEvery != 0) {
        return;
    }
    context.append(kLossSeries, number, lossRow(step));
    context.append(kRateSeries, number, rateRow(m_search.stage().trainer()));
    recordNetwork(context, number);
}

void MethodRun::recordNetwork(RunContext& context, std::int64_t step) const
{
    context.append(kGateSeries, step, gateRow(m_search.stage().network()));
    context.append(kRangeSeries, step, rangeRow(m_search.stage().network()));
}

/// Between two epochs. False when cancelled.
bool MethodRun::evaluateIfDue(RunContext& context)
{
    Search& stage = m_search.stage();
    const SearchPosition position = stage.position();
    const HistorySeries* const done = context.history().find(kEvaluationSeries);
    const bool isDue =
        m_search.stageIsFinished() || (position.batch == 0 && stage.epochsDone() > 0 &&
                                       stage.epochsDone() % m_options.evaluateEvery == 0);
    if (!isDue || (done->rows() > 0 && done->steps.back() == position.steps)) {
        return true;
    }
    BatchLoader& images = context.testImages();
    const EvalResult result = stage.evaluate(images, context.control());
    if (!result.finished) {
        return false;
    }
    images.startEpoch(0);
    const std::optional<Batch> batch = images.next();
    if (!batch) { // an evaluation that finished had one
        return false;
    }
    GatedNetwork& network = stage.network();
    context.append(kTensorSeries, position.steps, tensorRow(network, batch->images));
    if (context.history().find(kChannelSeries) != nullptr) {
        context.append(kChannelSeries, position.steps, channelRow(network));
    }
    context.append(kLayerSeries, position.steps, layerRow(network));
    const std::vector<float> row = evaluationRow(network, result);
    context.append(kEvaluationSeries, position.steps, row);
    context.say(Metric{"test_top1_percent", result.top1Percent(), position.steps});
    context.say(Metric{"relative_bops_percent", row[1], position.steps});
    sayNewWarnings(context);
    return true;
}

/// What an epoch came to, for good. False when cancelled.
bool MethodRun::keepEpoch(RunContext& context) const
{
    const Search& stage = m_search.stage();
    if (!m_options.saveCheckpoints || stage.position().batch > 0 || stage.epochsDone() == 0) {
        return true;
    }
    return context.keepCopy((m_search.number() == 1 ? "epoch-" : "fine-tuning-") +
                            std::to_string(stage.epochsDone()));
}

void MethodRun::sayNewWarnings(RunContext& context)
{
    for (const RunWarning& warning : runWarnings(context.history())) {
        if (warning.step <= m_warnedTo) {
            continue;
        }
        // Absorbed gates are what every search aims at: to be known, not to be feared.
        const bool isGood = warning.kind == RunWarning::Kind::GateAbsorbed;
        context.say(LogLine{isGood ? LogLine::Level::Info : LogLine::Level::Warning,
                            "step " + std::to_string(warning.step) + ": " + warning.sentence});
    }
    m_warnedTo = position().steps;
}

std::optional<MethodOutcome> MethodRun::outcome(const std::string& planName, RunContext& context)
{
    Outcome found = makeOutcome(m_search.stage().network(), planName);
    auto baseline = baselinePoints(found, context);
    if (!baseline) {
        return std::nullopt;
    }
    MethodOutcome outcome;
    outcome.layers = layersOf(found);
    outcome.baseline = std::move(*baseline);
    outcome.bops = found.bops.bops;
    outcome.relativeBopsPercent = found.relativeBopsPercent;
    outcome.relativeBopsPercentCountingPrunedInputs = found.relativeBopsPercentCounting;
    outcome.model = std::move(found.model);
    outcome.plan = std::move(found.plan);
    outcome.state = std::move(found.state);
    outcome.notes = std::move(found.notes);
    if (m_search.number() == 2) {
        const HistorySeries* const stages = context.history().find(kStageSeries);
        outcome.fineTuning = {stages->row(stages->rows() - 1)[1], m_search.stage().epochsDone()};
    }
    return outcome;
}

std::vector<SearchedLayer> MethodRun::layersOf(const Outcome& outcome) const
{
    const std::vector<double> regularisers = m_search.stage().network().layerRegularisers();
    std::vector<SearchedLayer> layers;
    for (std::size_t l = 0; l < outcome.bops.layers.size(); ++l) {
        const LayerBitOperations& layer = outcome.bops.layers[l];
        layers.push_back({m_model->info.layers[l].name, layer.weightBits, layer.activationBits,
                          100.0 * layer.keptOutputs, regularisers[l]});
    }
    for (const ConstantChannel& each : outcome.constants) {
        layers[each.layer].prunedChannels.push_back({each.channel, each.output, each.isFolded});
    }
    return layers;
}

/// None where they were not asked for; nullopt when cancelled.
std::optional<std::vector<FrontierPoint>> MethodRun::baselinePoints(const Outcome& outcome,
                                                                    RunContext& context) const
{
    std::vector<FrontierPoint> points;
    if (m_baselineBits.empty()) {
        return points;
    }
    const GatedNetwork& searched = m_search.stage().network();
    GatedNetwork network(*m_model, searched.options(), searched.device());
    network.restore(searched.state());
    const auto found =
        sensitivityBaseline(network, m_baselineBits, context.testImages(), context.control());
    if (!found) {
        return std::nullopt;
    }
    for (const BaselinePoint& each : *found) {
        points.push_back(frontierPoint(each, outcome));
    }
    return points;
}

FrontierPoint MethodRun::frontierPoint(const BaselinePoint& measured, const Outcome& outcome) const
{
    const QuantizerSites& sites = m_search.stage().network().sites();
    BitPlan plan = outcome.plan; // for its bytes
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
        plan.layers[l].prunedChannels.clear();
        if (const auto weight = sites.layers[l].weight) {
            plan.layers[l].weight.bits = measured.widths[*weight].bits;
        }
    }
    FrontierPoint point;
    point.kind = PointKind::Measured;
    point.label = "baseline: ";
    point.label += measured.quantizer
                       ? sites.quantizers[*measured.quantizer].name + " to " +
                             std::to_string(measured.widths[*measured.quantizer].bits) + " bits"
                       : std::to_string(kBaselineStartBits) + " bits";
    point.bytes = computeCost(outcome.model.info, plan).bytes;
    point.bops = measured.bops;
    point.bopsPercentOfFp32 = measured.relativeBopsPercent;
    point.top1Percent = measured.top1Percent;
    return point;
}

} // namespace bitloom::bayesian_bits
