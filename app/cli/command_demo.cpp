// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/search_runs.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/run_control.h"
#include "core/cost/frontier.h"
#include "core/engine/example_jobs.h"
#include "core/engine/project_report.h"
#include "core/types/json_input.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace bitloom::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kBudgets = 60;
constexpr std::size_t kMeasuredPoints = 5;
constexpr const char* kSearchName = "bayesian-bits";

/// The main job from the first to the last step on digits that the program draws itself.
class DemoCommand final : public Command {
public:
    std::string name() const override { return "demo"; }
    std::string description() const override
    {
        return "Train, measure, allocate, pack, prove and search LeNet-5 on generated digits";
    }
    std::string examples() const override
    {
        return "  bitloom demo\n  bitloom demo -o trial.bitloom --budget 1.5";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("-o,--output", m_folder, "Project folder to fill")->capture_default_str();
        app.add_option("--images", m_training.images, "Digits to train on")
            ->check(numbersFrom(500, 1000000))
            ->capture_default_str();
        app.add_option("--epochs", m_training.epochs, "Passes over them")
            ->check(numbersFrom(1, 1000))
            ->capture_default_str();
        app.add_option("--budget", m_budget, "Bit operations, percent of floating point")
            ->check(CLI::PositiveNumber)
            ->capture_default_str();
    }
    void run(Session& session) override;

private:
    engine::DataRef data(std::int64_t limit) const
    {
        return engine::exampleImages(m_training, limit);
    }
    static std::string weightsPath(const ProjectRecorder& recorder)
    {
        return recorder.project().exportPath("lenet5.pth").string();
    }
    std::string packedPath(const ProjectRecorder& recorder) const
    {
        return recorder.project().exportPath("lenet5.h5").string();
    }
    void train(Session& session, ProjectRecorder& recorder);
    SensitivityTable sweep(Session& session, ProjectRecorder& recorder) const;
    /// The point with its measured accuracy, as it was recorded.
    FrontierPoint measure(Session& session, ProjectRecorder& recorder, FrontierPoint point,
                          const BitPlan& plan) const;
    void measureFrontier(Session& session, ProjectRecorder& recorder, const ModelInfo& model,
                         const SensitivityTable& table, const BitPlan& base) const;
    AllocationResult allocatePlan(Session& session, ProjectRecorder& recorder,
                                  const ModelInfo& model, const SensitivityTable& table,
                                  const BitPlan& base) const;
    PackSheet pack(Session& session, ProjectRecorder& recorder, const BitPlan& plan) const;
    Json evaluate(Session& session, ProjectRecorder& recorder,
                  const std::optional<BitPlan>& plan) const
    {
        const engine::EvalJob job{m_model, data(engine::kExampleMeasuredImages), plan, {}, true};
        Json result = session.runJob(job);
        recorder.saveEvaluation(job, result);
        return result;
    }

    std::string m_folder = "demo.bitloom";
    engine::ExampleTraining m_training;
    double m_budget = engine::kExampleBudgetPercent;
    engine::ModelRef m_model; ///< the trained network
};

FrontierPoint DemoCommand::measure(Session& session, ProjectRecorder& recorder, FrontierPoint point,
                                   const BitPlan& plan) const
{
    point.top1Percent = evaluate(session, recorder, plan).at("top1_percent").get<double>();
    point.kind = point.kind == PointKind::Predicted ? PointKind::Measured : point.kind;
    point.plan = plan.name;
    point.planDigest = planDigest(plan);
    recorder.savePlan(plan);
    recorder.savePoint(point);
    return point;
}

void DemoCommand::measureFrontier(Session& session, ProjectRecorder& recorder,
                                  const ModelInfo& model, const SensitivityTable& table,
                                  const BitPlan& base) const
{
    session.note("3/8 predicting the frontier and measuring some of its plans");
    AllocationOptions options;
    options.budget = BudgetKind::Bops;
    RunControl control;
    const Frontier frontier = predictFrontier(model, table, base, options, kBudgets, control);
    BITLOOM_REQUIRE(!frontier.predicted.empty(), ErrorCode::Internal,
                    "the predicted frontier is empty");
    for (std::size_t i = 0; i < kMeasuredPoints; ++i) {
        const std::size_t index = i * (frontier.predicted.size() - 1) / (kMeasuredPoints - 1);
        PlannedPoint planned = frontier.predicted[index];
        planned.plan.name = "frontier-" + std::to_string(i + 1);
        planned.point.label = planned.plan.name;
        measure(session, recorder, planned.point, planned.plan);
    }
    for (PlannedPoint anchor : frontier.anchors) {
        anchor.plan.name = "uniform-" + anchor.point.label;
        measure(session, recorder, anchor.point, anchor.plan);
    }
}

void DemoCommand::train(Session& session, ProjectRecorder& recorder)
{
    session.note("1/8 training LeNet-5 on " + std::to_string(m_training.images) +
                 " generated digits");
    const std::string weights = weightsPath(recorder);
    const engine::TrainJob training = engine::exampleTrainJob(m_training, weights);
    const Json result = session.runJob(training);
    m_model = engine::exampleModel(weights);
    recorder.saveTraining(result);
    recorder.recordStep("train",
                        "bitloom train arch:lenet5 --data " + training.data.spec + " --epochs " +
                            std::to_string(training.epochs) + " -o " + weights,
                        result);
}

SensitivityTable DemoCommand::sweep(Session& session, ProjectRecorder& recorder) const
{
    session.note("2/8 measuring the sensitivity of each layer");
    engine::SensitivityJob job;
    job.model = m_model;
    job.data = data(engine::kExampleSweepImages);
    job.data.batchSize = 128;
    job.output = recorder.project().sensitivityPath().string();
    const Json result = session.runJob(job);
    recorder.recordStep("sensitivity",
                        "bitloom sensitivity " + m_model.spec + " --data " + job.data.spec +
                            " --limit 256 --batch-size 128 -o " + job.output,
                        Json{{"written", job.output}});
    return sensitivityTableFromJson(result.dump());
}

AllocationResult DemoCommand::allocatePlan(Session& session, ProjectRecorder& recorder,
                                           const ModelInfo& model, const SensitivityTable& table,
                                           const BitPlan& base) const
{
    const std::string budget = formatFixed(m_budget, 2);
    session.note("4/8 allocating bits for " + budget + " % of the bit operations");
    AllocationOptions options;
    options.budget = BudgetKind::Bops;
    RunControl control;
    AllocationResult result = allocate(model, table, base, options,
                                       bopsBudgetFromPercent(model, std::stod(budget)), control);
    BITLOOM_REQUIRE(result.optimal, ErrorCode::Internal, "the allocation was not proven optimal");
    result.plan.name = "budget";
    recorder.savePlan(result.plan);
    recorder.recordStep("allocate",
                        "bitloom allocate " + m_model.spec + " --sensitivity " +
                            recorder.project().sensitivityPath().string() + " --max-bops-percent " +
                            budget + " --name budget -o " +
                            recorder.project().planPath("budget").string(),
                        Json::parse(toJson(result)));
    return result;
}

PackSheet DemoCommand::pack(Session& session, ProjectRecorder& recorder, const BitPlan& plan) const
{
    session.note("5/8 packing, reading back and proving");
    engine::PackJob job;
    job.model = m_model;
    job.plan = plan;
    job.output = packedPath(recorder);
    job.data = data(0);
    const Json result = session.runJob(job);
    recorder.recordStep("pack",
                        "bitloom pack " + m_model.spec + " --plan " +
                            recorder.project().planPath(plan.name).string() + " --data " +
                            job.data->spec + " -o " + job.output,
                        result);
    return packSheetFromJson(result.dump());
}

void DemoCommand::run(Session& session)
{
    session.setProject(m_folder);
    ProjectRecorder recorder(session);
    train(session, recorder);
    const ModelInfo model = inspectModel(session, m_model).info;
    recorder.saveModel(model, m_model, data(engine::kExampleMeasuredImages));
    const Json floating = evaluate(session, recorder, std::nullopt);
    const SensitivityTable table = sweep(session, recorder);
    const BitPlan base = makeUniformPlan(model, UniformPlanOptions{});
    measureFrontier(session, recorder, model, table, base);
    const AllocationResult allocated = allocatePlan(session, recorder, model, table, base);
    const FrontierPoint point = measure(session, recorder,
                                        {PointKind::Measured,
                                         allocated.plan.name,
                                         allocated.plan.name,
                                         allocated.cost.bytes,
                                         allocated.cost.bops,
                                         allocated.cost.bopsPercentOfFp32(),
                                         allocated.predictedLoss,
                                         std::nullopt,
                                         true,
                                         {}},
                                        allocated.plan);
    PackSheet sheet = pack(session, recorder, allocated.plan);

    session.note("6/8 evaluating the packed file");
    const Json packed = session.runJob(engine::EvalJob{
        {packedPath(recorder), {}}, data(engine::kExampleMeasuredImages), std::nullopt, {}});
    sheet.images = packed.at("images").get<std::int64_t>();
    sheet.top1FloatPercent = floating.at("top1_percent").get<double>();
    sheet.top1PlanPercent = point.top1Percent;
    sheet.top1PackedPercent = packed.at("top1_percent").get<double>();
    recorder.saveSheet(sheet);
    recorder.savePacked(packedPath(recorder), allocated.plan);
    recorder.saveHistograms(session.runJob(engine::HistogramJob{m_model, allocated.plan, 80}));

    session.note("7/8 searching bits and pruned channels by training (Bayesian Bits)");
    const SearchedRun searched =
        runSearch(session, recorder, engine::exampleSearchJob(m_training, weightsPath(recorder)),
                  kSearchName);

    session.note("8/8 writing the report");
    const std::string page = (fs::path(m_folder) / "report.html").string();
    writeFileAtomically(page, engine::renderProjectReport(recorder.project(), allocated.plan));
    const Json result{{"project", m_folder},
                      {"report", page},
                      {"packed", packedPath(recorder)},
                      {"top1_float_percent", *sheet.top1FloatPercent},
                      {"top1_plan_percent", *sheet.top1PlanPercent},
                      {"top1_packed_percent", *sheet.top1PackedPercent},
                      {"bops_percent_of_fp32", allocated.cost.bopsPercentOfFp32()},
                      {"file_bytes", sheet.fileBytes},
                      {"ratio", sheet.ratio},
                      {"verified", sheet.verified},
                      {"search", searched.json}};
    session.print(result,
                  "floating point " + formatFixed(*sheet.top1FloatPercent, 2) + " %, plan " +
                      formatFixed(*sheet.top1PlanPercent, 2) + " %, packed file " +
                      formatFixed(*sheet.top1PackedPercent, 2) + " %\n" +
                      formatBytes(sheet.fileBytes) + ", " + formatFixed(sheet.ratio, 1) +
                      " times smaller, " + formatFixed(allocated.cost.bopsPercentOfFp32(), 2) +
                      " % of the bit operations, read back bit for bit\n"
                      "Bayesian Bits " +
                      formatFixed(searched.result.top1Percent, 2) + " % at " +
                      formatFixed(searched.result.relativeBopsPercent, 2) +
                      " % of the bit operations after " + formatFixed(searched.result.seconds, 0) +
                      " s of search, read back bit for bit\nproject " + m_folder + "\nreport  " +
                      page);
}

} // namespace

std::unique_ptr<Command> makeDemoCommand()
{
    return std::make_unique<DemoCommand>();
}

} // namespace bitloom::cli
