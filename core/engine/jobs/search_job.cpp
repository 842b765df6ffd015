// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/engine/jobs/historian.h"
#include "core/engine/method_catalog.h"
#include "core/engine/versions.h"
#include "core/io/run_events.h"
#include "core/io/run_file.h"
#include "core/methods/bayesian_bits/options.h"
#include "core/methods/bayesian_bits/outcome.h"
#include "core/methods/bayesian_bits/run_rows.h"
#include "core/methods/bayesian_bits/run_series.h"
#include "core/methods/bayesian_bits/run_warnings.h"
#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"
#include "core/types/pack_sheet.h"

#include <nlohmann/json.hpp>

#include <ATen/Parallel.h>

#include <chrono>
#include <filesystem>

namespace bitloom::engine {

namespace fs = std::filesystem;
namespace bb = bayesian_bits;
using Json = nlohmann::ordered_json;

namespace {

/// Everything that the numbers depend on: a run of an equal request may be continued.
Json requestOf(const SearchJob& job, const LoadedModel& model, const JobContext& context)
{
    Json request;
    request["method"] = job.method;
    request["model"] = model.info.fingerprint;
    request["data"] = job.data.spec;
    request["limit"] = job.data.limit;
    request["preprocessing"] = job.data.preprocessing;
    request["options"] = Json::parse(toJson(job.options));
    request["seed"] = context.seed;
    request["device"] = context.device;
    request["threads"] = at::get_num_threads(); // sums depend on it
    return request;
}

/// One run from where it stands to its outcome.
class SearchRun {
public:
    SearchRun(const SearchJob& job, JobContext& context)
        : m_job(job), m_context(context), m_model(openJobModel(job.model, context)),
          m_options(bb::runOptions(job.options)), m_request(requestOf(job, *m_model, context)),
          m_search(*m_model, bb::searchOptions(job.options, context.seed), jobDevice(context)),
          m_training(openTrainingImages(job.data, m_options.batchSize, m_options.augment, *m_model,
                                        context)),
          m_test(openTestImages(job.data, *m_model, context))
    {
        requireFiniteWeights(*m_model);
    }

    JobOutcome run()
    {
        io::RunFile file = previousRun();
        if (!file.result.empty()) {
            m_context.info("the run is finished already: " + m_job.runFile);
            return {file.result};
        }
        const bool isContinued = !file.state.tensors.empty();
        m_context.keepEvents(io::runEventsPath(m_job.runFile), isContinued);
        if (isContinued) {
            m_search.restore(file.state.tensors);
            file.history.cutAfter(m_search.position().steps);
            m_context.info("continuing the run in " + m_job.runFile + " after step " +
                           std::to_string(m_search.position().steps));
        } else if (!m_search.calibrate(*m_training, m_context.control)) {
            return {{}, false};
        }
        Historian historian(std::move(file.history), m_context);
        for (const HistorySeries& series :
             bb::emptySeries(m_search.network().sites(), m_model->info)) {
            historian.declare(series.name, series.columns);
        }
        if (!isContinued) {
            recordNetwork(historian, 0);
        }
        m_warnedTo = m_search.position().steps; // earlier warnings were said when they arose
        while (evaluateIfDue(historian)) {
            save(historian, {});
            if (m_search.isFinished()) {
                break;
            }
            if (!m_search.runEpoch(*m_training, m_context.control,
                                   [&](const bb::StepReport& step) { record(historian, step); })) {
                break;
            }
        }
        if (m_context.control.stopRequested()) {
            save(historian, {});
            m_context.info("the same command continues the run from " + m_job.runFile);
            return {{}, false};
        }
        warnAboutSkipped(*m_training, m_context);
        return finish(historian);
    }

private:
    /// The run that the job continues, or a new one.
    io::RunFile previousRun() const
    {
        if (fs::exists(m_job.runFile)) {
            io::RunFile file = io::readRunFile(m_job.runFile);
            BITLOOM_REQUIRE(file.method == m_job.method &&
                                Json::parse(file.request, nullptr, false) == m_request,
                            ErrorCode::InvalidArgument, m_job.runFile,
                            " holds a run with another model, data, options, seed, device or "
                            "number of threads; give this one another name, or remove the file");
            return file;
        }
        requireWritable(m_job.runFile);
        return {};
    }

    void record(Historian& historian, const bb::StepReport& step) const
    {
        const std::int64_t number = step.position.steps;
        if (number % m_options.recordEvery != 0) {
            return;
        }
        historian.append(bb::kLossSeries, number, bb::lossRow(step));
        historian.append(bb::kRateSeries, number, bb::rateRow(m_search.trainer()));
        recordNetwork(historian, number);
    }

    void recordNetwork(Historian& historian, std::int64_t step) const
    {
        historian.append(bb::kGateSeries, step, bb::gateRow(m_search.network()));
        historian.append(bb::kRangeSeries, step, bb::rangeRow(m_search.network()));
    }

    /// Between two epochs. False when cancelled.
    bool evaluateIfDue(Historian& historian)
    {
        const bb::SearchPosition position = m_search.position();
        const HistorySeries* const done = historian.history().find(bb::kEvaluationSeries);
        const bool isDue = position.batch == 0 && position.epoch > 0 &&
                           (position.epoch % m_options.evaluateEvery == 0 || m_search.isFinished());
        if (!isDue || (done->rows() > 0 && done->steps.back() == position.steps)) {
            return true;
        }
        const EvalResult result = m_search.evaluate(*m_test, m_context.control);
        if (!result.finished) {
            return false;
        }
        m_test->startEpoch(0);
        const std::optional<Batch> batch = m_test->next();
        if (!batch) { // an evaluation that finished had one
            return false;
        }
        bb::GatedNetwork& network = m_search.network();
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
        m_warnedTo = m_search.position().steps;
    }

    void save(const Historian& historian, const std::string& result) const
    {
        io::RunFile file;
        file.method = m_job.method;
        file.request = m_request.dump();
        file.versions = libraryVersions();
        file.result = result;
        const bb::SearchPosition& position = m_search.position();
        file.position =
            Json{{"epoch", position.epoch}, {"batch", position.batch}, {"step", position.steps}}
                .dump();
        file.history = historian.history();
        file.state.tensors = m_search.state();
        io::writeRunFile(m_job.runFile, file);
    }

    /// Packs what the search came to, proves it and measures it as it lies in the file.
    JobOutcome finish(const Historian& historian)
    {
        const bb::Outcome outcome =
            bb::makeOutcome(m_search.network(), fs::path(m_job.output).stem().string());
        for (const std::string& note : outcome.notes) {
            m_context.warn(note);
        }
        Json provenance;
        provenance["source"] = m_job.model.spec;
        provenance["fingerprint"] = m_model->info.fingerprint;
        provenance["method"] = m_request;
        provenance["versions"] = libraryVersions();
        const Json config{{"seed", m_context.seed}, {"data", m_job.data.spec}};
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
        const std::string result = resultJson(outcome, accuracy, proof->sheet);
        save(historian, result);
        return {result};
    }

    std::string resultJson(const bb::Outcome& outcome, const EvalResult& accuracy,
                           const PackSheet& sheet) const
    {
        Json result;
        result["top1_percent"] = accuracy.top1Percent();
        result["images"] = accuracy.images;
        result["relative_bops_percent"] = outcome.relativeBopsPercent;
        result["relative_bops_percent_counting_pruned_inputs"] =
            outcome.relativeBopsPercentCounting;
        Json& layers = result["layers"] = Json::array();
        for (std::size_t i = 0; i < outcome.bops.layers.size(); ++i) {
            const bb::LayerBitOperations& layer = outcome.bops.layers[i];
            layers.push_back({{"name", m_model->info.layers[i].name},
                              {"weight_bits", layer.weightBits},
                              {"activation_bits", layer.activationBits},
                              {"kept_percent", 100.0 * layer.keptOutputs}});
        }
        result["epochs"] = m_search.position().epoch;
        result["steps"] = m_search.position().steps;
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
    Json m_request;
    bb::Search m_search;
    std::unique_ptr<BatchLoader> m_training;
    std::unique_ptr<BatchLoader> m_test;
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
