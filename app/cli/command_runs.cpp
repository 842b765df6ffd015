// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "core/engine/project.h"
#include "core/engine/project_runs.h"

#include <CLI/CLI.hpp>

#include <ctime>
#include <optional>
#include <string>

namespace bitloom::cli {

namespace {

std::string utcText(double secondsSinceEpoch)
{
    const auto time = static_cast<std::time_t>(secondsSinceEpoch);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

Json orNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json();
}

std::string orDash(const std::optional<double>& value, int decimals)
{
    return value ? formatFixed(*value, decimals) : "-";
}

Json toJson(const engine::RunOverview& run)
{
    Json json;
    json["name"] = run.name;
    json["method"] = run.request ? Json(run.request->job.method) : Json();
    json["state"] = toString(run.state);
    if (run.isPaused) {
        json["paused"] = true;
    }
    json["epoch"] = run.epochsDone;
    json["epochs"] = run.epochs > 0 ? Json(run.epochs) : Json();
    json["steps"] = run.steps;
    json["top1_percent"] = orNull(run.top1Percent);
    json["relative_bops_percent"] = orNull(run.relativeBopsPercent);
    json["lambda"] = orNull(run.lambda());
    json["last_change"] = utcText(run.lastChange);
    json["request"] = run.request ? Json::parse(engine::toJson(*run.request)) : Json();
    if (!run.failure.empty()) {
        json["failure"] = run.failure;
    }
    if (!run.problem.empty()) {
        json["problem"] = run.problem;
    }
    return json;
}

std::string describe(const std::vector<engine::RunOverview>& runs, const std::string& project)
{
    if (runs.empty()) {
        return "the project " + project + " has no runs of a search";
    }
    TextTable table({"run", "method", "state", "epochs", "steps", "top-1 %", "BOPs %", "lambda",
                     "last change"});
    std::string notes;
    for (const engine::RunOverview& run : runs) {
        const std::optional<double> lambda = run.lambda();
        table.addRow({run.name, run.request ? run.request->job.method : "-",
                      run.isPaused ? "paused" : std::string(toString(run.state)),
                      std::to_string(run.epochsDone) +
                          (run.epochs > 0 ? " of " + std::to_string(run.epochs) : ""),
                      std::to_string(run.steps), orDash(run.top1Percent, 2),
                      orDash(run.relativeBopsPercent, 3), lambda ? toText(*lambda) : "-",
                      utcText(run.lastChange)});
        for (const std::string& note : {run.failure, run.problem}) {
            notes += note.empty() ? "" : "\n" + run.name + ": " + note;
        }
    }
    return table.toString() + notes;
}

class RunsCommand final : public Command {
public:
    std::string name() const override { return "runs"; }
    std::string description() const override
    {
        return "List a project's searches: finished, stopped, running";
    }
    std::string examples() const override { return "  bitloom runs mnist.bitloom"; }
    void declare(CLI::App& app) override
    {
        app.add_option("PROJECT", m_project, "The project folder (NAME.bitloom)")->required();
    }
    void run(Session& session) override
    {
        const engine::Project project = engine::Project::open(m_project, engine::Access::ReadOnly);
        const std::vector<engine::RunOverview> runs = engine::runOverviews(project.folder());
        Json list = Json::array();
        for (const engine::RunOverview& run : runs) {
            list.push_back(toJson(run));
        }
        session.print(Json{{"runs", std::move(list)}}, describe(runs, m_project));
    }

private:
    std::string m_project;
};

} // namespace

std::unique_ptr<Command> makeRunsCommand()
{
    return std::make_unique<RunsCommand>();
}

} // namespace bitloom::cli
