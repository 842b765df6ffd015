// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/cost/cost_model.h"
#include "core/types/predictions.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class EvalCommand final : public Command {
public:
    std::string name() const override { return "eval"; }
    std::string description() const override
    {
        return "Measure the accuracy of a model, or of the model under a plan";
    }
    std::string examples() const override
    {
        return "  bitloom eval arch:resnet20_cifar@resnet20.th --data cifar10:DIR\n"
               "  bitloom eval arch:resnet20_cifar@resnet20.th --data cifar10:DIR --plan "
               "w4a4.json\n"
               "  bitloom eval packed.h5 --data cifar10:DIR --predictions packed.json";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        m_data.declare(app, true);
        app.add_option("--plan", m_plan,
                       "Bit plan to evaluate under (JSON); default: that of a packed model");
        m_calibration.declare(app);
        app.add_option("--predictions", m_predictions,
                       "Write what is said about each image (JSON), for compare");
    }
    void run(Session& session) override
    {
        engine::EvalJob job{m_model.ref(), m_data.ref(), std::nullopt, m_calibration.options()};
        if (!m_predictions.empty()) {
            requireWritable(m_predictions);
        }
        ProjectRecorder recorder(session);
        job.keepPredictions = !m_predictions.empty() || recorder.active();
        std::optional<ModelReport> model;
        if (!m_plan.empty() || recorder.active()) {
            model = inspectModel(session, job.model);
        }
        if (!m_plan.empty()) {
            job.plan = readPlanFor(session, m_plan, model->info);
        }
        Json result = session.runJob(job);
        if (!m_predictions.empty()) {
            writeFileAtomically(m_predictions,
                                toJson(predictionsFromJson(result.at("predictions").dump())));
        }
        recorder.saveEvaluation(job, result);
        if (!m_predictions.empty()) {
            result["predictions"] = m_predictions;
        }
        if (recorder.active()) {
            recorder.saveModel(model->info, job.model, job.data);
            // A packed model runs as its file says, which only a plan without gaps does too.
            const bool isOwn = !job.plan && model->planGaps.empty();
            recordPoint(recorder, model->info, isOwn ? model->plan : job.plan, result);
            recorder.recordRun(name(), result);
        }
        session.print(
            result, formatFixed(result.at("top1_percent").get<double>(), 2) + " % top-1, " +
                        formatFixed(result.at("top5_percent").get<double>(), 2) +
                        " % top-5: " + std::to_string(result.at("correct").get<std::int64_t>()) +
                        " of " + std::to_string(result.at("images").get<std::int64_t>()) +
                        " images in " + formatFixed(result.at("seconds").get<double>(), 1) + " s");
    }

private:
    static void recordPoint(ProjectRecorder& recorder, const ModelInfo& model,
                            const std::optional<BitPlan>& plan, const Json& result)
    {
        if (!plan) {
            return;
        }
        const PlanCost cost = computeCost(model, *plan);
        FrontierPoint point;
        point.kind = PointKind::Measured;
        point.label = plan->name;
        point.plan = plan->name;
        point.bytes = cost.bytes;
        point.bops = cost.bops;
        point.bopsPercentOfFp32 = cost.bopsPercentOfFp32();
        point.top1Percent = result.at("top1_percent").get<double>();
        point.planDigest = planDigest(*plan);
        recorder.savePlan(*plan);
        recorder.savePoint(point);
    }

    ModelOptions m_model;
    DataOptions m_data;
    std::string m_plan;
    std::string m_predictions;
    CalibrationFlags m_calibration;
};

} // namespace

std::unique_ptr<Command> makeEvalCommand()
{
    return std::make_unique<EvalCommand>();
}

} // namespace bitloom::cli
