// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/allocation_flags.h"
#include "app/cli/command.h"
#include "app/cli/measured_points.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/run_control.h"
#include "core/cost/frontier.h"
#include "core/types/json_output.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>
#include <system_error>

namespace bitloom::cli {

namespace {

namespace fs = std::filesystem;

std::string lossText(const std::optional<double>& loss)
{
    return loss ? formatSignificant(*loss) : "-";
}

Json pointsToJson(const std::vector<PlannedPoint>& points)
{
    Json list = Json::array();
    for (const PlannedPoint& planned : points) {
        list.push_back(Json::parse(toJson(planned.point)));
    }
    return list;
}

Json toResult(const Frontier& frontier)
{
    return {{"points", pointsToJson(frontier.predicted)},
            {"anchors", pointsToJson(frontier.anchors)},
            {"knee", frontier.knee ? Json(*frontier.knee) : Json()},
            {"finished", frontier.finished}};
}

std::string describe(const Frontier& frontier)
{
    TextTable table({"point", "bytes", "BOPs %", "predicted loss", ""});
    for (std::size_t i = 0; i < frontier.predicted.size(); ++i) {
        const FrontierPoint& point = frontier.predicted[i].point;
        table.addRow({point.label, std::to_string(point.bytes),
                      formatFixed(point.bopsPercentOfFp32, 3), lossText(point.predictedLoss),
                      frontier.knee == i ? "knee" : ""});
    }
    for (const PlannedPoint& anchor : frontier.anchors) {
        table.addRow({"uniform " + anchor.point.label, std::to_string(anchor.point.bytes),
                      formatFixed(anchor.point.bopsPercentOfFp32, 3),
                      lossText(anchor.point.predictedLoss), ""});
    }
    return table.toString();
}

class FrontierCommand final : public Command {
public:
    std::string name() const override { return "frontier"; }
    std::string description() const override
    {
        return "Predict the best plans from small to large, exactly; show what a project measured";
    }
    std::string examples() const override
    {
        return "  bitloom frontier MODEL --sensitivity sens.json\n"
               "  bitloom frontier MODEL --sensitivity sens.json --by bytes --points 40 "
               "--boundary-bits 8 -o plans\n"
               "  bitloom frontier mnist.bitloom   the points that the project measured";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        m_flags.declare(app, false);
        app.add_option("--by", m_by, "The cost to spread the points over")
            ->check(CLI::IsMember({"bops", "bytes"}))
            ->capture_default_str();
        app.add_option("--points", m_points, "Budgets to solve, evenly spaced in the logarithm")
            ->check(numbersFrom(2, 1000))
            ->capture_default_str();
        app.add_option("-o,--output", m_folder, "Folder for the points' plans (JSON)");
    }
    void run(Session& session) override
    {
        if (fs::exists(fs::path(m_model.spec) / "project.json")) {
            printMeasured(session);
            return;
        }
        if (!m_flags.hasTable()) {
            throw CLI::RequiredError("--sensitivity");
        }
        ProjectRecorder recorder(session);
        const ModelInfo model = inspectModel(session, m_model.ref()).info;
        AllocationOptions options;
        options.budget = m_by == "bytes" ? BudgetKind::Bytes : BudgetKind::Bops;
        const BitPlan base = m_flags.basePlan(session, model, options);
        RunControl control;
        const Interrupts::Scope scope(session.interrupts(), [&] { control.requestStop(); });
        Frontier frontier =
            predictFrontier(model, m_flags.table(), base, options, m_points, control);
        if (!frontier.finished) {
            throw Cancelled{toResult(frontier)};
        }
        std::string text = describe(frontier);
        if (!m_folder.empty()) {
            const std::size_t written = writePlans(frontier);
            text += "\n" + countOf(written, "plan") + " written to " + m_folder;
        }
        const Json result = toResult(frontier);
        recorder.recordRun(name(), result);
        session.print(result, text);
    }

private:
    /// MODEL is a project: the points of its searches and evaluations, nothing is predicted.
    void printMeasured(Session& session) const
    {
        if (m_flags.hasTable()) {
            throw CLI::ValidationError("--sensitivity predicts for a model; " + m_model.spec +
                                       " is a project, whose measured points are shown");
        }
        const engine::Project project =
            engine::Project::open(m_model.spec, engine::Access::ReadOnly);
        const std::vector<FrontierPoint> measured = measuredPoints(project.points());
        session.print(Json{{"measured", measuredToJson(measured)}},
                      measured.empty() ? "the project " + m_model.spec + " has measured no points"
                                       : measuredTable(measured));
    }

    /// Names each point's plan and says in the point which file it is.
    std::size_t writePlans(Frontier& frontier) const
    {
        std::error_code failure;
        fs::create_directories(m_folder, failure);
        BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot make the folder ", m_folder, ": ",
                        failure.message());
        const auto write = [&](PlannedPoint& planned, const std::string& planName) {
            planned.plan.name = planName;
            planned.point.plan = (fs::path(m_folder) / (planName + ".json")).string();
            planned.point.planDigest = planDigest(planned.plan);
            writeFileAtomically(planned.point.plan, toJson(planned.plan));
        };
        const std::size_t digits = std::to_string(frontier.predicted.size()).size();
        for (std::size_t i = 0; i < frontier.predicted.size(); ++i) {
            std::string number = std::to_string(i + 1);
            number.insert(0, digits - number.size(), '0'); // names sort in the order of the points
            write(frontier.predicted[i], "frontier-" + number);
        }
        for (PlannedPoint& anchor : frontier.anchors) {
            write(anchor, "uniform-" + anchor.point.label);
        }
        return frontier.predicted.size() + frontier.anchors.size();
    }

    ModelOptions m_model;
    AllocationFlags m_flags;
    std::string m_by = "bops";
    int m_points = 20;
    std::string m_folder;
};

} // namespace

std::unique_ptr<Command> makeFrontierCommand()
{
    return std::make_unique<FrontierCommand>();
}

} // namespace bitloom::cli
