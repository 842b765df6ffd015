// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/search_runs.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/project_runs.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace bitloom::cli {

namespace {

/// "a (finished), b (stopped)".
std::string listOf(const std::vector<engine::RunOverview>& runs)
{
    std::vector<std::string> names;
    for (const engine::RunOverview& run : runs) {
        names.push_back(run.name + " (" + std::string(toString(run.state)) + ")");
    }
    return joinForPeople(names);
}

class ResumeCommand final : public Command {
public:
    std::string name() const override { return "resume"; }
    std::string description() const override
    {
        return "Go on with a search that was stopped or killed, to the same bits";
    }
    std::string examples() const override
    {
        return "  bitloom resume mnist.bitloom\n"
               "  bitloom resume mnist.bitloom --run bayesian-bits-lambda-0.1";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("PROJECT", m_project, "The project folder (NAME.bitloom)")->required();
        app.add_option("--run", m_run, "Name of the run, where several were stopped");
        app.add_option("--model", m_model, "Where the model's file is now, if it was moved");
    }
    void run(Session& session) override
    {
        // Fails for a folder that is no project, instead of making one of it.
        engine::Project::open(m_project, engine::Access::ReadOnly);
        session.setProject(m_project);
        ProjectRecorder recorder(session); // from here on nobody else changes the runs
        const std::vector<engine::RunOverview> runs = engine::runOverviews(m_project);
        const engine::RunOverview& chosen =
            m_run.empty() ? onlyStopped(runs) : engine::runNamed(runs, m_run, m_project);
        requireRequest(chosen);
        const engine::SearchRequest& request = *chosen.request;
        engine::SearchJob job = request.job;
        if (!m_model.empty()) {
            job.model.spec = m_model;
        }
        session.setCircumstances(request.device, request.seed, request.threads);
        session.note("run " + chosen.name + ": epoch " + std::to_string(chosen.epochsDone) +
                     " of " + std::to_string(chosen.epochs) + ", seed " +
                     std::to_string(request.seed) + ", " + request.device + ", " +
                     std::to_string(request.threads) + " threads");
        recorder.saveModel(inspectModel(session, job.model).info, job.model, job.data);
        const SearchedRun done = runSearch(session, recorder, job, chosen.name);
        showAsPacked(recorder, done, chosen.name);
        session.print(done.json, textOf(done));
    }

private:
    const engine::RunOverview& onlyStopped(const std::vector<engine::RunOverview>& runs) const
    {
        std::vector<const engine::RunOverview*> stopped;
        std::vector<std::string> names;
        for (const engine::RunOverview& run : runs) {
            if (run.canBeContinued()) {
                stopped.push_back(&run);
                names.push_back(run.name);
            }
        }
        BITLOOM_REQUIRE(!runs.empty(), ErrorCode::NotFound, "the project ", m_project,
                        " has no runs; `bitloom search` begins one");
        BITLOOM_REQUIRE(!stopped.empty(), ErrorCode::NotFound, "the project ", m_project,
                        " has no run that was stopped; it has ", listOf(runs));
        BITLOOM_REQUIRE(stopped.size() == 1, ErrorCode::InvalidArgument, "the project ", m_project,
                        " has several runs that were stopped: say by --run which of ",
                        joinForPeople(names), " is to go on");
        return *stopped.front();
    }

    void requireRequest(const engine::RunOverview& run) const
    {
        BITLOOM_REQUIRE(run.request.has_value(), ErrorCode::NotFound, "the run ", run.name, " of ",
                        m_project, " cannot go on: ",
                        run.problem.empty()
                            ? "it ended before it had written its file; search it anew"
                            : run.problem);
    }

    std::string m_project;
    std::string m_run;
    std::string m_model;
};

} // namespace

std::unique_ptr<Command> makeResumeCommand()
{
    return std::make_unique<ResumeCommand>();
}

} // namespace bitloom::cli
