// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/engine/method_catalog.h"
#include "core/engine/versions.h"
#include "core/io/run_file.h"
#include "core/methods/bayesian_bits/options.h"
#include "core/methods/bayesian_bits/outcome.h"
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

/// The history of a run, said and kept at once.
class Historian {
public:
    Historian(RunHistory history, const JobContext& context)
        : m_history(std::move(history)), m_context(context)
    {
    }

    void declare(const std::string& name, const std::vector<std::string>& columns)
    {
        const HistorySeries& series = m_history.declare(name, columns);
        m_context.post(SeriesDeclared{name, columns});
        for (std::size_t row = 0; row < series.rows(); ++row) { // of the run that is continued
            const std::span<const float> values = series.row(row);
            m_context.post(SeriesRow{name, series.steps[row], {values.begin(), values.end()}});
        }
    }
    void append(const std::string& name, std::int64_t step, std::vector<float> values)
    {
        m_history.append(name, step, values);
        m_context.post(SeriesRow{name, step, std::move(values)});
    }
    const RunHistory& history() const { return m_history; }

private:
    RunHistory m_history;
    const JobContext& m_context;
};

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
        if (isContinued) {
            m_search.restore(file.state.tensors);
            file.history.cutAfter(m_search.position().steps);
            m_context.info("continuing the run in " + m_job.runFile + " after step " +
                           std::to_string(m_search.position().steps));
        } else if (!m_search.calibrate(*m_training, m_context.control)) {
            return {{}, false};
        }
        Historian historian(std::move(file.history), m_context);
        declareSeries(historian);
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

    void declareSeries(Historian& historian) const
    {
        historian.declare("losses", {"loss", "cross_entropy", "regulariser", "train_top1_percent"});
        historian.declare("learning_rates", {"weights", "gates", "ranges"});
        std::vector<std::string> gates;
        std::vector<std::string> quantizers;
        for (const bb::QuantizerSite& site : m_search.network().sites().quantizers) {
            quantizers.push_back(site.name);
            for (const char* level : {"kept", "4", "8", "16", "32"}) {
                gates.push_back(site.name + "/" + level);
            }
        }
        historian.declare("gate_probabilities", gates);
        historian.declare("ranges", quantizers);
        historian.declare("evaluation", {"top1_percent", "relative_bops_percent",
                                         "expected_relative_bops_percent", "absorbed_gates"});
        std::vector<std::string> layers;
        for (const LayerInfo& layer : m_model->info.layers) {
            for (const char* figure :
                 {"weight_bits", "activation_bits", "kept_percent", "bops_percent"}) {
                layers.push_back(layer.name + "/" + figure);
            }
        }
        historian.declare("layers", layers);
    }

    void record(Historian& historian, const bb::StepReport& step) const
    {
        const std::int64_t number = step.position.steps;
        if (number % m_options.recordEvery != 0) {
            return;
        }
        historian.append(
            "losses", number,
            {static_cast<float>(step.loss), static_cast<float>(step.crossEntropy),
             static_cast<float>(step.regulariser),
             100.0F * static_cast<float>(step.correct) / static_cast<float>(step.images)});
        const std::array<double, 3> rates = m_search.trainer().learningRates();
        historian.append("learning_rates", number,
                         {static_cast<float>(rates[0]), static_cast<float>(rates[1]),
                          static_cast<float>(rates[2])});
        std::vector<float> gates;
        for (const bb::GateProbabilities& one : m_search.network().probabilities()) {
            double kept = 0;
            for (const double channel : one.kept) {
                kept += channel / static_cast<double>(one.kept.size());
            }
            gates.push_back(one.kept.empty() ? 1.0F : static_cast<float>(kept));
            for (const double level : one.levels) {
                gates.push_back(static_cast<float>(level));
            }
        }
        historian.append("gate_probabilities", number, std::move(gates));
        const at::Tensor ranges = m_search.network().ranges().detach().to(at::kCPU).contiguous();
        const float* const values = ranges.const_data_ptr<float>();
        historian.append("ranges", number, {values, values + ranges.numel()});
    }

    /// Between two epochs. False when cancelled.
    bool evaluateIfDue(Historian& historian)
    {
        const bb::SearchPosition position = m_search.position();
        const HistorySeries* const done = historian.history().find("evaluation");
        const bool isDue = position.batch == 0 && position.epoch > 0 &&
                           (position.epoch % m_options.evaluateEvery == 0 || m_search.isFinished());
        if (!isDue || (done->rows() > 0 && done->steps.back() == position.steps)) {
            return true;
        }
        const EvalResult result = m_search.evaluate(*m_test, m_context.control);
        if (!result.finished) {
            return false;
        }
        const bb::GatedNetwork& network = m_search.network();
        const std::int64_t step = m_search.position().steps;
        const bb::BitOperations counted = bb::countBitOperations(network.sites(), network.widths());
        const double bops = counted.relativePercent();
        const double expected =
            bb::expectedRelativeBopsPercent(network.sites(), network.probabilities());
        historian.append("evaluation", step,
                         {static_cast<float>(result.top1Percent()), static_cast<float>(bops),
                          static_cast<float>(expected),
                          static_cast<float>(network.absorbedLogits())});
        std::vector<float> layers;
        for (const bb::LayerBitOperations& layer : counted.layers) {
            layers.insert(layers.end(),
                          {static_cast<float>(layer.weightBits),
                           static_cast<float>(layer.activationBits),
                           static_cast<float>(100 * layer.keptOutputs),
                           static_cast<float>(100 * static_cast<double>(layer.bops) /
                                              static_cast<double>(counted.baseline))});
        }
        historian.append("layers", step, std::move(layers));
        m_context.post(Metric{"test_top1_percent", result.top1Percent(), step});
        m_context.post(Metric{"relative_bops_percent", bops, step});
        return true;
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
};

} // namespace

JobOutcome run(const SearchJob& job, JobContext& context)
{
    methodNamed(job.method).options->check(job.options);
    requireWritable(job.output);
    return SearchRun(job, context).run();
}

} // namespace bitloom::engine
