// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/run_control.h"
#include "core/cost/cost_model.h"
#include "core/cost/frontier.h"
#include "core/engine/project_report.h"
#include "core/types/json_input.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <set>

namespace bitloom::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kBudgets = 60;
constexpr std::size_t kMeasuredPoints = 5;

/// The main job from the first to the last step on digits that the program draws itself.
class DemoCommand final : public Command {
public:
    std::string name() const override { return "demo"; }
    std::string description() const override
    {
        return "Train, measure, allocate, pack and prove LeNet-5 on generated digits";
    }
    std::string examples() const override
    {
        return "  bitloom demo\n  bitloom demo -o trial.bitloom --budget 1.5";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("-o,--output", m_folder, "Project folder to fill")->capture_default_str();
        app.add_option("--images", m_images, "Digits to train on")
            ->check(numbersFrom(500, 1000000))
            ->capture_default_str();
        app.add_option("--epochs", m_epochs, "Passes over them")
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
        engine::DataRef ref;
        ref.spec = "digits:" + std::to_string(m_images);
        ref.limit = limit;
        return ref;
    }
    Json evaluate(Session& session, const std::optional<BitPlan>& plan) const;
    void measure(Session& session, ProjectRecorder& recorder, FrontierPoint point,
                 const BitPlan& plan) const;
    void measureFrontier(Session& session, ProjectRecorder& recorder, const ModelInfo& model,
                         const SensitivityTable& table, const BitPlan& base) const;
    BitPlan allocatePlan(const ModelInfo& model, const SensitivityTable& table,
                         const BitPlan& base) const;

    std::string m_folder = "demo.bitloom";
    int m_images = 8000;
    int m_epochs = 3;
    double m_budget = 1.0;
    engine::ModelRef m_model; ///< the trained network
};

Json DemoCommand::evaluate(Session& session, const std::optional<BitPlan>& plan) const
{
    return session.runJob(engine::EvalJob{m_model, data(2000), plan, {}});
}

void DemoCommand::measure(Session& session, ProjectRecorder& recorder, FrontierPoint point,
                          const BitPlan& plan) const
{
    point.top1Percent = evaluate(session, plan).at("top1_percent").get<double>();
    point.kind = point.kind == PointKind::Predicted ? PointKind::Measured : point.kind;
    point.plan = plan.name;
    recorder.savePlan(plan);
    recorder.savePoint(point);
}

void DemoCommand::measureFrontier(Session& session, ProjectRecorder& recorder,
                                  const ModelInfo& model, const SensitivityTable& table,
                                  const BitPlan& base) const
{
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

BitPlan DemoCommand::allocatePlan(const ModelInfo& model, const SensitivityTable& table,
                                  const BitPlan& base) const
{
    AllocationOptions options;
    options.budget = BudgetKind::Bops;
    RunControl control;
    AllocationResult result =
        allocate(model, table, base, options, bopsBudgetFromPercent(model, m_budget), control);
    BITLOOM_REQUIRE(result.optimal, ErrorCode::Internal, "the allocation was not proven optimal");
    result.plan.name = "budget";
    return result.plan;
}

void DemoCommand::run(Session& session)
{
    const fs::path folder = m_folder;
    session.setProject(folder.string());
    ProjectRecorder recorder(session);
    const std::string weights = (folder / "exports" / "lenet5.pth").string();

    session.note("1/7 training LeNet-5 on " + std::to_string(m_images) + " generated digits");
    engine::TrainJob training;
    training.model = {"arch:lenet5", {}};
    training.data = data(0);
    training.output = weights;
    training.epochs = m_epochs;
    recorder.saveTraining(session.runJob(training));
    m_model = {"arch:lenet5@" + weights, {}};
    const ModelInfo model = inspectModel(session, m_model);
    recorder.saveModel(model);
    const Json floating = evaluate(session, std::nullopt);

    session.note("2/7 measuring the sensitivity of each layer");
    engine::SensitivityJob sweep;
    sweep.model = m_model;
    sweep.data = data(256);
    sweep.data.batchSize = 128;
    sweep.output = recorder.project().sensitivityPath().string();
    const SensitivityTable table = sensitivityTableFromJson(session.runJob(sweep).dump());

    session.note("3/7 predicting the frontier and measuring some of its plans");
    const BitPlan base = makeUniformPlan(model, UniformPlanOptions{});
    measureFrontier(session, recorder, model, table, base);

    session.note("4/7 allocating bits for " + formatFixed(m_budget, 2) +
                 " % of the bit operations");
    const BitPlan plan = allocatePlan(model, table, base);
    const PlanCost cost = computeCost(model, plan);
    const Json planned = evaluate(session, plan);
    FrontierPoint point{PointKind::Measured,
                        plan.name,
                        plan.name,
                        cost.bytes,
                        cost.bops,
                        cost.bopsPercentOfFp32(),
                        0,
                        planned.at("top1_percent").get<double>(),
                        true};
    recorder.savePlan(plan);
    recorder.savePoint(point);

    session.note("5/7 packing, reading back and proving");
    const std::string packedFile = recorder.project().exportPath("lenet5.h5").string();
    engine::PackJob pack;
    pack.model = m_model;
    pack.plan = plan;
    pack.output = packedFile;
    pack.data = data(0);
    PackSheet sheet = packSheetFromJson(session.runJob(pack).dump());

    session.note("6/7 evaluating the packed file");
    const Json packed =
        session.runJob(engine::EvalJob{{packedFile, {}}, data(2000), std::nullopt, {}});
    sheet.images = packed.at("images").get<std::int64_t>();
    sheet.top1FloatPercent = floating.at("top1_percent").get<double>();
    sheet.top1PlanPercent = planned.at("top1_percent").get<double>();
    sheet.top1PackedPercent = packed.at("top1_percent").get<double>();
    recorder.saveSheet(sheet);
    const Json histograms = session.runJob(engine::HistogramJob{m_model, plan, 80});
    recorder.saveHistograms(histograms);

    session.note("7/7 writing the report");
    const std::string page = (folder / "report.html").string();
    const Json result{{"project", folder.string()},
                      {"report", page},
                      {"packed", packedFile},
                      {"top1_float_percent", *sheet.top1FloatPercent},
                      {"top1_plan_percent", *sheet.top1PlanPercent},
                      {"top1_packed_percent", *sheet.top1PackedPercent},
                      {"bops_percent_of_fp32", cost.bopsPercentOfFp32()},
                      {"file_bytes", sheet.fileBytes},
                      {"ratio", sheet.ratio},
                      {"verified", sheet.verified}};
    recorder.recordRun("demo", result);
    writeFileAtomically(page, engine::renderProjectReport(recorder.project(), plan.name));
    session.print(result, "floating point " + formatFixed(*sheet.top1FloatPercent, 2) +
                              " %, plan " + formatFixed(*sheet.top1PlanPercent, 2) +
                              " %, packed file " + formatFixed(*sheet.top1PackedPercent, 2) +
                              " %\n" + formatBytes(sheet.fileBytes) + ", " +
                              formatFixed(sheet.ratio, 1) + " times smaller, " +
                              formatFixed(cost.bopsPercentOfFp32(), 2) +
                              " % of the bit operations, read back bit for bit\nproject " +
                              folder.string() + "\nreport  " + page);
}

} // namespace

std::unique_ptr<Command> makeDemoCommand()
{
    return std::make_unique<DemoCommand>();
}

} // namespace bitloom::cli
