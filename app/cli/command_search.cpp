// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/integer_flags.h"
#include "app/cli/project_recorder.h"
#include "app/cli/search_runs.h"
#include "app/cli/searching_command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"

#include "core/base/atomic_file.h"
#include "core/io/conversion.h"

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
               "quick.bitloom\n"
               "  bitloom search bayesian-bits arch:lenet5 --data mnist:DIR --preset mnist-lenet5 "
               "-o lenet5.safetensors";
    }

private:
    void search(Session& session, const SearchFlags& flags) const override
    {
        const engine::SearchJob job = flags.job();
        const std::string packedFile = flags.packedFile();
        if (!packedFile.empty()) {
            requireWritable(packedFile);
        }
        session.setProject(flags.project());
        ProjectRecorder recorder(session);
        recorder.saveModel(inspectModel(session, job.model).info, job.model, job.data);
        SearchedRun done = runSearch(session, recorder, job, flags.name());
        showAsPacked(recorder, done, flags.name());
        std::string text = textOf(done);
        if (!packedFile.empty()) {
            exportOutcome(session, done.result.packed, packedFile);
            done.json["exported"] = packedFile;
            text += "\nthe same, compared tensor by tensor, written to " + packedFile;
        }
        session.print(done.json, text);
    }

    /// The run's own file stays in the project, for resume and for the window.
    static void exportOutcome(Session& session, const std::string& packed,
                              const std::string& output)
    {
        ConversionRequest request;
        request.input = packed;
        request.output = output;
        request.to = exportFormat(output);
        runHere(session, [&](RunControl& control) { return convertWeights(request, control); });
    }
};

} // namespace

std::unique_ptr<Command> makeSearchCommand()
{
    return std::make_unique<SearchCommand>();
}

} // namespace bitloom::cli
