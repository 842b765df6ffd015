// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cost/cost_model.h"
#include "core/engine/jobs/historian.h"
#include "core/engine/jobs/patient_write.h"
#include "core/engine/method_catalog.h"
#include "core/engine/portable_path.h"
#include "core/engine/search_request.h"
#include "core/engine/versions.h"
#include "core/graph/passes/equalize_layers.h"
#include "core/io/events/run_events.h"
#include "core/io/model_file.h"
#include "core/io/run_file.h"
#include "core/io/state/bayesian_bits_checkpoint.h"
#include "core/methods/bayesian_bits/checkpoint_import.h"
#include "core/methods/bayesian_bits/options.h"
#include "core/methods/bayesian_bits/outcome.h"
#include "core/methods/bayesian_bits/run_rows.h"
#include "core/methods/bayesian_bits/run_series.h"
#include "core/methods/bayesian_bits/run_warnings.h"
#include "core/methods/bayesian_bits/sensitivity_baseline.h"
#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"
#include "core/types/json_output.h"
#include "core/types/pack_sheet.h"
#include "core/types/search_result.h"

#include <nlohmann/json.hpp>

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <optional>

namespace bitloom::engine {

namespace fs = std::filesystem;
namespace bb = bayesian_bits;
using Json = nlohmann::ordered_json;

namespace {

/// The request as it is kept: with the shape that the model was opened at.
SearchRequest requestOf(const SearchJob& job, const LoadedModel& model, const JobContext& context)
{
    SearchRequest request{job, model.info.fingerprint, context.device, context.seed,
                          at::get_num_threads()};
    request.job.model.inputShape = model.info.inputShape;
    return request;
}

/// One run from where it stands to its outcome.
class SearchRun {
public:
    SearchRun(const SearchJob& job, JobContext& context)
        : m_job(job), m_context(context), m_model(openJobModel(job.model, context)),
          m_options(bb::runOptions(job.options)), m_request(requestOf(job, *m_model, context)),
          m_test(openTestImages(job.data, *m_model, context)), m_batchSize(m_options.batchSize)
    {
        requireFiniteWeights(*m_model);
        if (job.options.flag(bb::kEqualizeOption)) {
            m_model = std::make_shared<const LoadedModel>(
                describeModel(graph::equalizeLayers(graph::withoutReluCaps(*m_model->graph)),
                              m_model->info.inputShape));
        }
        // Both say what is wrong before any file is touched.
        makeSearch();
        if (startsFromCheckpoint() && !fs::exists(m_job.runFile)) {
            readCheckpoint();
            bb::importCheckpoint(*m_checkpoint, *m_model, m_search->stage().network());
        }
    }

    JobOutcome run()
    {
        io::RunFile file = previousRun();
        if (!file.result.empty()) {
            m_context.info("the run is finished already: " + m_job.runFile);
            return {file.result};
        }
        m_context.keepEvents(io::runEventsPath(m_job.runFile), !file.state.tensors.empty());
        try {
            return goOn(std::move(file));
        } catch (const Error& error) {
            if (error.code() != ErrorCode::OutOfMemory) {
                throw;
            }
            halveBatches(error);
        }
        makeSearch();
        return goOn(previousRun());
    }

private:
    /// The run that the job continues, or a new one.
    io::RunFile previousRun() const
    {
        if (fs::exists(m_job.runFile)) {
            io::RunFile file = io::readRunFile(m_job.runFile);
            const SearchRequest asked = searchRequestFromJson(file.request, m_job.runFile);
            const std::vector<std::string> others = differences(asked, m_request);
            BITLOOM_REQUIRE(others.empty(), ErrorCode::InvalidArgument, m_job.runFile,
                            " holds another run: ", joinForPeople(others),
                            "; give this one another name, or remove the file");
            return file;
        }
        requireWritable(m_job.runFile);
        return {};
    }

    /// What is known before the first step: from then on the run can be continued.
    io::RunFile emptyRunFile() const
    {
        io::RunFile file;
        file.method = m_job.method;
        file.request = toJson(m_request);
        file.versions = libraryVersions();
        return file;
    }

    void makeSearch()
    {
        m_search.reset(); // no two at a time
        m_search = std::make_unique<bb::StagedSearch>(
            *m_model, bb::searchOptions(m_job.options, m_context.seed),
            bb::fineTuningOptions(m_job.options), jobDevice(m_context));
    }

    bool startsFromCheckpoint() const { return !m_job.options.text(bb::kCheckpointOption).empty(); }

    void readCheckpoint()
    {
        m_checkpoint = io::readBayesianBitsCheckpoint(m_job.options.text(bb::kCheckpointOption));
    }

    /// Gates and ranges before the first step. False when cancelled.
    bool start()
    {
        if (!startsFromCheckpoint()) {
            return m_search->stage().calibrate(*m_training, m_context.control);
        }
        if (!m_checkpoint) { // the run was killed before its first state was in its file
            readCheckpoint();
        }
        for (const std::string& note : m_search->stage().startFrom(*m_checkpoint, *m_model)) {
            m_context.info(note);
        }
        m_checkpoint.reset(); // its tensors are not needed beside the network's
        return true;
    }

    /// After a step that did not fit into memory. Errors: OutOfMemory the second time.
    void halveBatches(const Error& error)
    {
        m_search.reset();
        BITLOOM_REQUIRE(m_batchSize == m_options.batchSize && m_batchSize > 1,
                        ErrorCode::OutOfMemory, "there is no memory for steps of ", m_batchSize,
                        m_batchSize == 1 ? " image" : " images, half of what was asked for", ": ",
                        error.what());
        m_batchSize /= 2;
        m_context.warn(std::string("there is no memory for steps of ") +
                       std::to_string(m_options.batchSize) + " images (" + error.what() +
                       "); the run goes on with " + std::to_string(m_batchSize));
    }

    /// What is kept beside the state: the position for people, and what the options do not say.
    void takeNotes(const io::RunFile& file)
    {
        if (file.position.empty()) {
            return;
        }
        try {
            const Json notes = Json::parse(file.position);
            m_orders = notes.value("orders", Json::array());
            m_keptBatchSize = notes.value("train_batch_size", m_options.batchSize);
        } catch (const Json::exception& error) {
            fail(ErrorCode::CorruptFile, m_job.runFile,
                 ": its position cannot be read: ", error.what());
        }
        m_batchSize = std::min(m_batchSize, m_keptBatchSize);
    }

    /// The run from its file, or from the start, to its outcome or to where it is stopped.
    JobOutcome goOn(io::RunFile file)
    {
        takeNotes(file);
        m_training =
            openTrainingImages(m_job.data, m_batchSize, m_options.augment, *m_model, m_context);
        const std::vector<HistorySeries> series =
            bb::emptySeries(m_search->stage().network().sites(), m_model->info);
        const bool isContinued = !file.state.tensors.empty();
        if (isContinued) {
            m_search->restore(file.state.tensors);
            if (m_keptBatchSize != m_batchSize) {
                m_search->stage().halveBatches();
            }
            file.history.cutAfter(position().steps);
            m_context.info("continuing the run in " + m_job.runFile + " after step " +
                           std::to_string(position().steps));
        } else if (!writePatiently(m_context,
                                   [&] { io::writeRunFile(m_job.runFile, emptyRunFile()); }) ||
                   !start()) {
            return {{}, false};
        }
        if (m_historian) { // the events have the history up to where memory was short
            m_historian->goBack(std::move(file.history), position().steps);
        } else {
            m_historian.emplace(std::move(file.history), m_context);
            for (const HistorySeries& each : series) {
                m_historian->declare(each.name, each.columns);
            }
        }
        Historian& historian = *m_historian;
        if (!isContinued) {
            recordNetwork(historian, 0);
        }
        m_warnedTo = position().steps; // earlier warnings were said when they arose
        train(historian);
        if (m_context.control.stopRequested()) {
            save(historian, {});
            m_context.info("the same command continues the run from " + m_job.runFile);
            return {{}, false};
        }
        warnAboutSkipped(*m_training, m_context);
        return finish(historian);
    }

    /// To the end of the last stage, unless it is stopped before.
    void train(Historian& historian)
    {
        while (recordStage(historian) && evaluateIfDue(historian) && save(historian, {})) {
            if (m_search->isFinished()) {
                return;
            }
            if (m_search->stageIsFinished()) {
                m_search->startFineTuning();
                continue;
            }
            if (!runEpoch(historian) && !m_search->stageIsFinished()) {
                return;
            }
        }
    }

    bool runEpoch(Historian& historian)
    {
        try {
            return m_search->stage().runEpoch(*m_training, m_context.control,
                                              [&](const bb::StepReport& step) {
                                                  record(historian, step);
                                                  takeOrders(historian);
                                              });
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NonFinite) {
                throw;
            }
            fail(ErrorCode::NonFinite, error.what(), "; the last good state, after step ",
                 m_savedStep, ", is in ", m_job.runFile);
        }
    }

    /// What somebody wants changed. It is in the file before the next step, so that a run that is
    /// killed goes on with it.
    void takeOrders(Historian& historian)
    {
        bool isSteered = false;
        while (const std::optional<SearchOrders> orders = m_context.takeOrders()) {
            isSteered = obey(*orders) || isSteered;
        }
        if (isSteered) {
            save(historian, {});
        }
    }

    bool obey(const SearchOrders& orders)
    {
        const std::string step = "step " + std::to_string(position().steps) + ": ";
        if (m_search->number() == 2) {
            m_context.warn(step + "the gates are decided already, nothing can be steered any more");
            return false;
        }
        try {
            m_search->stage().network().lock(orders.locks);
        } catch (const Error& error) {
            m_context.warn(step + "the order is not followed: " + error.what());
            return false;
        }
        Json kept{{"step", position().steps}};
        if (!orders.locks.empty()) {
            kept["locks"] = toText(orders.locks);
            m_context.info(step + "locks changed: " + toText(orders.locks));
        }
        if (orders.freezeGates) {
            kept["freeze_gates"] = true;
            m_search->freezeGates();
            m_context.info(step + "the gates are frozen");
        }
        m_orders.push_back(std::move(kept));
        return true;
    }

    bb::SearchPosition position() const { return m_search->stage().position(); }

    /// Where a stage begins, with the accuracy from which it starts. False when cancelled.
    bool recordStage(Historian& historian)
    {
        const HistorySeries* const stages = historian.history().find(bb::kStageSeries);
        const auto number = static_cast<float>(m_search->number());
        if (stages->rows() > 0 && stages->row(stages->rows() - 1)[0] == number) {
            return true;
        }
        if (m_search->number() == 1 && m_search->stageIsFinished() && !m_search->isFinished()) {
            return true; // no epochs: fine-tuning alone
        }
        float top1 = std::numeric_limits<float>::quiet_NaN();
        if (m_search->number() == 2) {
            const EvalResult result = m_search->stage().evaluate(*m_test, m_context.control);
            if (!result.finished) {
                return false;
            }
            top1 = static_cast<float>(result.top1Percent());
        }
        historian.append(bb::kStageSeries, position().steps, {number, top1});
        return true;
    }

    void record(Historian& historian, const bb::StepReport& step) const
    {
        const std::int64_t number = step.position.steps;
        if (number % m_options.recordEvery != 0) {
            return;
        }
        historian.append(bb::kLossSeries, number, bb::lossRow(step));
        historian.append(bb::kRateSeries, number, bb::rateRow(m_search->stage().trainer()));
        recordNetwork(historian, number);
    }

    void recordNetwork(Historian& historian, std::int64_t step) const
    {
        historian.append(bb::kGateSeries, step, bb::gateRow(m_search->stage().network()));
        historian.append(bb::kRangeSeries, step, bb::rangeRow(m_search->stage().network()));
    }

    /// Between two epochs. False when cancelled.
    bool evaluateIfDue(Historian& historian)
    {
        bb::Search& stage = m_search->stage();
        const bb::SearchPosition position = stage.position();
        const HistorySeries* const done = historian.history().find(bb::kEvaluationSeries);
        const bool isDue =
            m_search->stageIsFinished() || (position.batch == 0 && stage.epochsDone() > 0 &&
                                            stage.epochsDone() % m_options.evaluateEvery == 0);
        if (!isDue || (done->rows() > 0 && done->steps.back() == position.steps)) {
            return true;
        }
        const EvalResult result = stage.evaluate(*m_test, m_context.control);
        if (!result.finished) {
            return false;
        }
        m_test->startEpoch(0);
        const std::optional<Batch> batch = m_test->next();
        if (!batch) { // an evaluation that finished had one
            return false;
        }
        bb::GatedNetwork& network = stage.network();
        historian.append(bb::kTensorSeries, position.steps, bb::tensorRow(network, batch->images));
        if (historian.history().find(bb::kChannelSeries) != nullptr) {
            historian.append(bb::kChannelSeries, position.steps, bb::channelRow(network));
        }
        historian.append(bb::kLayerSeries, position.steps, bb::layerRow(network));
        const std::vector<float> row = bb::evaluationRow(network, result);
        historian.append(bb::kEvaluationSeries, position.steps, row);
        m_context.post(Metric{"test_top1_percent", result.top1Percent(), position.steps});
        m_context.post(Metric{"relative_bops_percent", row[1], position.steps});
        sayNewWarnings(historian.history());
        return true;
    }

    void sayNewWarnings(const RunHistory& history)
    {
        for (const bb::RunWarning& warning : bb::runWarnings(history)) {
            if (warning.step <= m_warnedTo) {
                continue;
            }
            const std::string text =
                "step " + std::to_string(warning.step) + ": " + warning.sentence;
            if (warning.kind == bb::RunWarning::Kind::GateAbsorbed) {
                m_context.info(text); // what every search aims at: to be known, not to be feared
            } else {
                m_context.warn(text);
            }
        }
        m_warnedTo = position().steps;
    }

    /// False: stopped before it could be written.
    bool save(const Historian& historian, const std::string& result)
    {
        io::RunFile file = emptyRunFile();
        file.result = result;
        file.position = Json{{"stage", m_search->number()},     {"epoch", position().epoch},
                             {"batch", position().batch},       {"step", position().steps},
                             {"train_batch_size", m_batchSize}, {"orders", m_orders}}
                            .dump();
        file.history = historian.history();
        file.state.tensors = m_search->state();
        if (!writePatiently(m_context, [&] { io::writeRunFile(m_job.runFile, file); })) {
            return false;
        }
        m_savedStep = position().steps;
        m_keptBatchSize = m_batchSize;
        return true;
    }

    /// Packs what the search came to, proves it and measures it as it lies in the file.
    JobOutcome finish(const Historian& historian)
    {
        const bb::Outcome outcome =
            bb::makeOutcome(m_search->stage().network(), fs::path(m_job.output).stem().string());
        for (const std::string& note : outcome.notes) {
            m_context.warn(note);
        }
        Json provenance;
        provenance["source"] = specWithoutFolders(m_job.model.spec);
        provenance["fingerprint"] = m_request.fingerprint;
        provenance["method"] = Json::parse(provenanceJson(m_request));
        provenance["versions"] = libraryVersions();
        const Json config{{"seed", m_context.seed}, {"data", specWithoutFolders(m_job.data.spec)}};
        const std::optional<PackVerification> proof =
            packAndProve(m_job.output, outcome.model, outcome.plan, outcome.state,
                         {config.dump(), provenance.dump()}, m_context);
        if (!proof || !proof->finished) {
            return {{}, false};
        }
        const EvalResult accuracy = evaluate(
            makeQuantizedExecutor(outcome.model, outcome.plan, outcome.state, jobDevice(m_context)),
            *m_test, jobDevice(m_context), m_context.control);
        if (!accuracy.finished) {
            return {{}, false};
        }
        const auto baseline = baselinePoints(outcome);
        if (!baseline) {
            return {{}, false};
        }
        const std::string result =
            resultJson(outcome, accuracy, proof->sheet, historian.history(), *baseline);
        return {result, save(historian, result)};
    }

    /// None where they were not asked for; nullopt when cancelled.
    std::optional<std::vector<FrontierPoint>> baselinePoints(const bb::Outcome& outcome)
    {
        const std::vector<int> bits = bb::baselineBits(m_job.options);
        std::vector<FrontierPoint> points;
        if (bits.empty()) {
            return points;
        }
        const bb::GatedNetwork& searched = m_search->stage().network();
        bb::GatedNetwork network(*m_model, searched.options(), jobDevice(m_context));
        network.restore(searched.state());
        const auto found = bb::sensitivityBaseline(network, bits, *m_test, m_context.control);
        if (!found) {
            return std::nullopt;
        }
        for (const bb::BaselinePoint& each : *found) {
            points.push_back(frontierPoint(each, outcome));
        }
        return points;
    }

    FrontierPoint frontierPoint(const bb::BaselinePoint& measured, const bb::Outcome& outcome) const
    {
        const bb::QuantizerSites& sites = m_search->stage().network().sites();
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
                           : std::to_string(bb::kBaselineStartBits) + " bits";
        point.bytes = computeCost(outcome.model.info, plan).bytes;
        point.bops = measured.bops;
        point.bopsPercentOfFp32 = measured.relativeBopsPercent;
        point.top1Percent = measured.top1Percent;
        return point;
    }

    std::vector<SearchedLayer> layersOf(const bb::Outcome& outcome) const
    {
        const std::vector<double> regularisers = m_search->stage().network().layerRegularisers();
        std::vector<SearchedLayer> layers;
        for (std::size_t l = 0; l < outcome.bops.layers.size(); ++l) {
            const bb::LayerBitOperations& layer = outcome.bops.layers[l];
            layers.push_back({m_model->info.layers[l].name, layer.weightBits, layer.activationBits,
                              100.0 * layer.keptOutputs, regularisers[l]});
        }
        for (const bb::ConstantChannel& each : outcome.constants) {
            layers[each.layer].prunedChannels.push_back({each.channel, each.output, each.isFolded});
        }
        return layers;
    }

    std::string resultJson(const bb::Outcome& outcome, const EvalResult& accuracy,
                           const PackSheet& sheet, const RunHistory& history,
                           const std::vector<FrontierPoint>& baseline) const
    {
        Json result;
        result["top1_percent"] = accuracy.top1Percent();
        result["images"] = accuracy.images;
        result["relative_bops_percent"] = outcome.relativeBopsPercent;
        result["relative_bops_percent_counting_pruned_inputs"] =
            outcome.relativeBopsPercentCounting;
        Json& layers = result["layers"] = Json::array();
        for (const SearchedLayer& layer : layersOf(outcome)) {
            layers.push_back(Json::parse(toJson(layer)));
        }
        for (const FrontierPoint& point : baseline) {
            result["baseline"].push_back(Json::parse(toJson(point)));
        }
        if (m_search->number() == 2) {
            const HistorySeries* const stages = history.find(bb::kStageSeries);
            result["top1_percent_before_fine_tuning"] = stages->row(stages->rows() - 1)[1];
            result["fine_tuning_epochs"] = m_search->stage().epochsDone();
        }
        if (!m_orders.empty()) {
            result["orders"] = m_orders;
        }
        if (m_batchSize != m_options.batchSize) {
            result["train_batch_size"] = m_batchSize;
        }
        result["epochs"] = position().epoch;
        result["steps"] = position().steps;
        result["seconds"] =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        result["bops"] = outcome.bops.bops;
        result["plan"] = Json::parse(toJson(outcome.plan));
        result["checkpoint"] = m_job.runFile;
        result["packed"] = m_job.output;
        result["sheet"] = Json::parse(toJson(sheet));
        return result.dump();
    }

    const SearchJob& m_job;
    JobContext& m_context;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    std::shared_ptr<const LoadedModel> m_model;
    bb::RunOptions m_options;
    SearchRequest m_request;
    std::unique_ptr<bb::StagedSearch> m_search;
    std::optional<io::BayesianBitsCheckpoint> m_checkpoint; ///< from which it starts
    std::unique_ptr<BatchLoader> m_training;
    std::unique_ptr<BatchLoader> m_test;
    std::optional<Historian> m_historian; ///< from the first step on
    std::int64_t m_batchSize;             ///< of training steps
    std::int64_t m_keptBatchSize = 0;     ///< with which the position in the file counts
    Json m_orders = Json::array();        ///< that were followed
    std::int64_t m_savedStep = 0;
    std::int64_t m_warnedTo = 0; ///< step
};

} // namespace

JobOutcome run(const SearchJob& job, JobContext& context)
{
    methodNamed(job.method).options->check(job.options);
    requireWritable(job.output);
    return SearchRun(job, context).run();
}

} // namespace bitloom::engine
