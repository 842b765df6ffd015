// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/search_flags.h"
#include "app/cli/search_runs.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"

#include "core/engine/method_catalog.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace bitloom::cli {

namespace {

class SearchCommand final : public Command {
public:
    std::string name() const override { return "search"; }
    std::string description() const override
    {
        return "Search bits by training, pack and prove the outcome";
    }
    std::string examples() const override
    {
        return "  bitloom search bayesian-bits arch:lenet5 --data mnist:DIR --preset mnist-lenet5 "
               "-o mnist.bitloom\n"
               "  bitloom search bayesian-bits arch:lenet5 --data digits:8000 --preset quick -o "
               "quick.bitloom";
    }
    void declare(CLI::App& app) override
    {
        app.require_subcommand(1);
        for (const engine::MethodDescription& method : engine::methodCatalog()) {
            m_methods.push_back(std::make_unique<SearchFlags>(method, app, SweptOptions::None));
        }
    }
    void run(Session& session) override
    {
        for (const auto& method : m_methods) {
            if (method->isAsked()) {
                run(session, *method);
            }
        }
    }

private:
    static void run(Session& session, const SearchFlags& flags)
    {
        const engine::SearchJob job = flags.job();
        session.setProject(flags.project());
        ProjectRecorder recorder(session);
        recorder.saveModel(inspectModel(session, job.model), job.model, job.data);
        const SearchedRun done = runSearch(session, recorder, job, flags.name());
        showAsPacked(recorder, done, flags.name());
        session.print(done.json, describe(done));
    }

    std::vector<std::unique_ptr<SearchFlags>> m_methods;
};

} // namespace

std::unique_ptr<Command> makeSearchCommand()
{
    return std::make_unique<SearchCommand>();
}

} // namespace bitloom::cli
