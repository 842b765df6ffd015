// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/jobs/historian.h"
#include "core/engine/jobs/patient_write.h"
#include "core/engine/portable_path.h"
#include "core/engine/search_request.h"
#include "core/engine/versions.h"
#include "core/io/events/run_events.h"
#include "core/io/model_file.h"
#include "core/io/run_file.h"
#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"
#include "core/methods/registry.h"
#include "core/types/json_output.h"
#include "core/types/pack_sheet.h"
#include "core/types/run_paths.h"
#include "core/types/search_result.h"

#include <nlohmann/json.hpp>

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

namespace bitloom::engine {

namespace fs = std::filesystem;
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
class SearchRun final : private RunContext {
public:
    SearchRun(const SearchJob& job, JobContext& context)
        : m_job(job), m_context(context), m_model(openJobModel(job.model, context)),
          m_request(requestOf(job, *m_model, context)),
          m_test(openTestImages(job.data, *m_model, context))
    {
        requireFiniteWeights(*m_model);
    }

    JobOutcome run()
    {
        io::RunFile file = previousRun();
        makeRun(file); // says what is wrong before any file is touched
        if (!file.result.empty()) {
            m_context.info("the run is finished already: " + m_job.runFile);
            return {file.result};
        }
        if (!fs::exists(m_job.runFile)) {
            requireWritable(m_job.runFile);
        }
        m_context.keepEvents(runEventsPath(m_job.runFile), hasState(file));
        try {
            return goOn(std::move(file));
        } catch (const Error& error) {
            if (error.code() != ErrorCode::OutOfMemory) {
                throw;
            }
            halveBatches(error);
        }
        file = previousRun();
        makeRun(file);
        return goOn(std::move(file));
    }

private:
    RunControl& control() override { return m_context.control; }
    BatchLoader& trainingImages() override { return *m_training; }
    BatchLoader& testImages() override { return *m_test; }
    const RunHistory& history() const override { return m_historian->history(); }
    void append(const std::string& series, std::int64_t step, std::vector<float> values) override
    {
        m_historian->append(series, step, std::move(values));
    }
    void say(Metric metric) override { m_context.post(std::move(metric)); }
    void say(LogLine line) override { m_context.post(std::move(line)); }
    bool keep() override { return save({}); }
    bool keepCopy(const std::string& name) override
    {
        const fs::path path = runCheckpointPath(m_job.runFile, name);
        return writePatiently(m_context, [&] {
            fs::create_directories(path.parent_path());
            io::writeRunFile(path, runFileNow({}));
        });
    }

    /// What somebody wants changed. It is in the file before the next step, so that a run that is
    /// killed goes on with it.
    void afterStep() override
    {
        bool isSteered = false;
        while (const std::optional<SearchOrders> orders = m_context.takeOrders()) {
            isSteered = obey(*orders) || isSteered;
        }
        if (isSteered) {
            save({});
        }
    }

    /// The run that the job continues, or a new one.
    io::RunFile previousRun() const
    {
        if (!fs::exists(m_job.runFile)) {
            return {};
        }
        io::RunFile file = io::readRunFile(m_job.runFile);
        const SearchRequest asked = searchRequestFromJson(file.request, m_job.runFile);
        const std::vector<std::string> others = differences(asked, m_request);
        BITLOOM_REQUIRE(others.empty(), ErrorCode::InvalidArgument, m_job.runFile,
                        " holds another run: ", joinForPeople(others),
                        "; give this one another name, or remove the file");
        return file;
    }

    /// False: it was killed before its first state was in its file.
    static bool hasState(const io::RunFile& file) { return !file.state.tensors.empty(); }

    /// What is known before the first step: from then on the run can be continued.
    io::RunFile emptyRunFile() const
    {
        io::RunFile file;
        file.method = m_job.method;
        file.request = toJson(m_request);
        file.versions = libraryVersions();
        return file;
    }

    void makeRun(const io::RunFile& file)
    {
        m_run.reset(); // no two at a time
        m_run = searchMethod(m_job.method)
                    .makeRun({m_model, m_job.options, m_context.seed, jobDevice(m_context),
                              !hasState(file)});
        if (m_batchSize == 0) {
            m_batchSize = m_run->trainingBatches().size;
        }
    }

    /// After a step that did not fit into memory. Errors: OutOfMemory the second time.
    void halveBatches(const Error& error)
    {
        const std::int64_t asked = m_run->trainingBatches().size;
        m_run.reset();
        BITLOOM_REQUIRE(m_batchSize == asked && m_batchSize > 1, ErrorCode::OutOfMemory,
                        "there is no memory for steps of ", m_batchSize,
                        m_batchSize == 1 ? " image" : " images, half of what was asked for", ": ",
                        error.what());
        m_batchSize /= 2;
        m_context.warn(std::string("there is no memory for steps of ") + std::to_string(asked) +
                       " images (" + error.what() + "); the run goes on with " +
                       std::to_string(m_batchSize));
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
            m_keptBatchSize = notes.value("train_batch_size", m_run->trainingBatches().size);
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
        m_training = openTrainingImages(m_job.data, m_batchSize, m_run->trainingBatches().augment,
                                        *m_model, m_context);
        if (hasState(file)) {
            m_run->restore(file.state);
            if (m_keptBatchSize != m_batchSize) {
                m_run->halveBatches();
            }
            file.history.cutAfter(m_run->position().steps);
            m_context.info("continuing the run in " + m_job.runFile + " after step " +
                           std::to_string(m_run->position().steps));
        } else if (!write(emptyRunFile()) || !m_run->start(*this)) {
            return {{}, false};
        }
        if (m_historian) { // the events have the history up to where memory was short
            m_historian->goBack(std::move(file.history), m_run->position().steps);
        } else {
            m_historian.emplace(std::move(file.history), m_context);
            for (const HistorySeries& each : m_run->series()) {
                m_historian->declare(each.name, each.columns);
            }
        }
        train();
        if (m_context.control.stopRequested()) {
            save({});
            m_context.info("the same command continues the run from " + m_job.runFile);
            return {{}, false};
        }
        warnAboutSkipped(*m_training, m_context);
        return finish();
    }

    void train()
    {
        try {
            m_run->train(*this);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NonFinite) {
                throw;
            }
            fail(ErrorCode::NonFinite, error.what(), "; the last good state, after step ",
                 m_savedStep, ", is in ", m_job.runFile);
        }
    }

    bool obey(const SearchOrders& orders)
    {
        const std::int64_t number = m_run->position().steps;
        const std::string step = "step " + std::to_string(number) + ": ";
        Json kept{{"step", number}};
        try {
            if (!orders.locks.empty()) {
                m_run->lock(orders.locks);
                kept["locks"] = toText(orders.locks);
                m_context.info(step + "locks changed: " + toText(orders.locks));
            }
            if (orders.freezeGates) {
                m_run->freezeGates();
                kept["freeze_gates"] = true;
                m_context.info(step + "the gates are frozen");
            }
        } catch (const Error& error) {
            m_context.warn(step + "the order is not followed: " + error.what());
            return false;
        }
        m_orders.push_back(std::move(kept));
        return true;
    }

    /// The run as it stands. result: empty while it is unfinished.
    io::RunFile runFileNow(const std::string& result) const
    {
        const RunPosition position = m_run->position();
        io::RunFile file = emptyRunFile();
        file.result = result;
        file.position = Json{{"stage", position.stage},         {"epoch", position.epoch},
                             {"batch", position.batch},         {"step", position.steps},
                             {"train_batch_size", m_batchSize}, {"orders", m_orders}}
                            .dump();
        file.history = history();
        file.state = m_run->state();
        return file;
    }

    /// False: stopped before it could be written.
    bool write(const io::RunFile& file) const
    {
        return writePatiently(m_context, [&] { io::writeRunFile(m_job.runFile, file); });
    }

    /// False: stopped before it could be written.
    bool save(const std::string& result)
    {
        if (!write(runFileNow(result))) {
            return false;
        }
        m_savedStep = m_run->position().steps;
        m_keptBatchSize = m_batchSize;
        return true;
    }

    /// Packs what the search came to, proves it and measures it as it lies in the file.
    JobOutcome finish()
    {
        const std::optional<MethodOutcome> outcome =
            m_run->outcome(fs::path(m_job.output).stem().string(), *this);
        if (!outcome) {
            return {{}, false};
        }
        for (const Phrase& note : outcome->notes) {
            m_context.warn(note);
        }
        Json provenance;
        provenance["source"] = specWithoutFolders(m_job.model.spec);
        provenance["fingerprint"] = m_request.fingerprint;
        provenance["method"] = Json::parse(provenanceJson(m_request));
        provenance["versions"] = libraryVersions();
        const Json config{{"seed", m_context.seed}, {"data", specWithoutFolders(m_job.data.spec)}};
        const std::optional<PackSheet> sheet =
            packAndProve(exportRequest(m_job.output), outcome->model, outcome->plan, outcome->state,
                         {config.dump(), provenance.dump()}, m_context);
        if (!sheet) {
            return {{}, false};
        }
        const EvalResult accuracy =
            evaluate(makeQuantizedExecutor(outcome->model, outcome->plan, outcome->state,
                                           jobDevice(m_context)),
                     *m_test, jobDevice(m_context), m_context.control);
        if (!accuracy.finished) {
            return {{}, false};
        }
        const std::string result = resultJson(*outcome, accuracy, *sheet);
        return {result, save(result)};
    }

    std::string resultJson(const MethodOutcome& outcome, const EvalResult& accuracy,
                           const PackSheet& sheet) const
    {
        Json result;
        result["top1_percent"] = accuracy.top1Percent();
        result["images"] = accuracy.images;
        result["relative_bops_percent"] = outcome.relativeBopsPercent;
        result["relative_bops_percent_counting_pruned_inputs"] =
            outcome.relativeBopsPercentCountingPrunedInputs;
        Json& layers = result["layers"] = Json::array();
        for (const SearchedLayer& layer : outcome.layers) {
            layers.push_back(Json::parse(toJson(layer)));
        }
        for (const FrontierPoint& point : outcome.baseline) {
            result["baseline"].push_back(Json::parse(toJson(point)));
        }
        if (outcome.fineTuning) {
            result["top1_percent_before_fine_tuning"] = outcome.fineTuning->top1PercentBefore;
            result["fine_tuning_epochs"] = outcome.fineTuning->epochs;
        }
        if (!m_orders.empty()) {
            result["orders"] = m_orders;
        }
        if (m_batchSize != m_run->trainingBatches().size) {
            result["train_batch_size"] = m_batchSize;
        }
        result["epochs"] = m_run->position().epoch;
        result["steps"] = m_run->position().steps;
        result["seconds"] =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        result["bops"] = outcome.bops;
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
    SearchRequest m_request;
    std::unique_ptr<MethodRun> m_run;
    std::unique_ptr<BatchLoader> m_training;
    std::unique_ptr<BatchLoader> m_test;
    std::optional<Historian> m_historian; ///< from the first step on
    std::int64_t m_batchSize = 0;         ///< of training steps
    std::int64_t m_keptBatchSize = 0;     ///< with which the position in the file counts
    Json m_orders = Json::array();        ///< that were followed
    std::int64_t m_savedStep = 0;
};

} // namespace

JobOutcome run(const SearchJob& job, JobContext& context)
{
    searchMethod(job.method).description().options->check(job.options);
    requireWritable(job.output);
    return SearchRun(job, context).run();
}

} // namespace bitloom::engine
