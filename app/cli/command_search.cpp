// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/project_recorder.h"
#include "app/cli/search_runs.h"
#include "app/cli/searching_command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"

namespace bitloom::cli {

namespace {

class SearchCommand final : public SearchingCommand {
public:
    SearchCommand() : SearchingCommand(SweptOptions::None) {}

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

private:
    void search(Session& session, const SearchFlags& flags) const override
    {
        const engine::SearchJob job = flags.job();
        session.setProject(flags.project());
        ProjectRecorder recorder(session);
        recorder.saveModel(inspectModel(session, job.model), job.model, job.data);
        const SearchedRun done = runSearch(session, recorder, job, flags.name());
        showAsPacked(recorder, done, flags.name());
        session.print(done.json, describe(done));
    }
};

} // namespace

std::unique_ptr<Command> makeSearchCommand()
{
    return std::make_unique<SearchCommand>();
}

} // namespace bitloom::cli
