// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/measured_points.h"
#include "app/cli/project_recorder.h"
#include "app/cli/search_runs.h"
#include "app/cli/searching_command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/types/json_output.h"

#include <optional>
#include <utility>
#include <vector>

namespace bitloom::cli {

namespace {

/// One value of the swept option and the run that it is searched with.
struct SweepRun {
    std::string name;
    std::string value;
    engine::SearchJob job;
    std::optional<SearchedRun> done; ///< absent: not yet, or it failed
    std::optional<Error> failure;
};

std::vector<SweepRun> planRuns(const SearchFlags& flags)
{
    const OptionSweep sweep = flags.options().sweep();
    std::vector<SweepRun> runs;
    for (const OptionValue& value : sweep.values) {
        SweepRun run;
        run.value = toText(value);
        run.name = flags.name() + "-" + sweep.option + "-" + run.value;
        run.job = flags.job();
        run.job.options = flags.options().valuesWith(sweep.option, value);
        runs.push_back(std::move(run));
    }
    return runs;
}

FrontierPoint pointOf(const SweepRun& run)
{
    return bitloom::pointOf(run.done->result, run.name);
}

std::vector<FrontierPoint> pointsOf(const std::vector<SweepRun>& runs)
{
    std::vector<FrontierPoint> points;
    for (const SweepRun& run : runs) {
        if (run.done) {
            points.push_back(pointOf(run));
        }
    }
    return points;
}

Json toJson(const std::string& option, const std::vector<SweepRun>& runs)
{
    const std::vector<FrontierPoint> points = pointsOf(runs);
    Json list = Json::array();
    for (const SweepRun& run : runs) {
        Json one{{"name", run.name}, {"value", Json::parse(run.value)}};
        if (run.done) {
            one["on_frontier"] = isOnFrontier(pointOf(run), points);
            one["point"] = Json::parse(bitloom::toJson(pointOf(run)));
            one["result"] = run.done->json;
        } else if (run.failure) {
            one["failure"] = run.failure->what();
        }
        list.push_back(std::move(one));
    }
    return {{"option", option}, {"runs", std::move(list)}};
}

std::string describe(const std::string& option, const std::vector<SweepRun>& runs)
{
    TextTable table({"run", option, "top-1 %", "BOPs %", "bytes", "kept channels %", ""});
    const std::vector<FrontierPoint> points = pointsOf(runs);
    for (const SweepRun& run : runs) {
        if (!run.done) {
            table.addRow({run.name, run.value, "-", "-", "-", "-", "failed"});
            continue;
        }
        const SearchResult& result = run.done->result;
        double kept = 0;
        for (const SearchedLayer& layer : result.layers) {
            kept += layer.keptPercent / static_cast<double>(result.layers.size());
        }
        table.addRow({run.name, run.value, formatFixed(result.top1Percent, 2),
                      formatFixed(result.relativeBopsPercent, 3),
                      std::to_string(result.sheet.payloadBytes), formatFixed(kept, 1),
                      isOnFrontier(pointOf(run), points) ? "frontier" : ""});
    }
    return table.toString();
}

class SweepCommand final : public SearchingCommand {
public:
    SweepCommand() : SearchingCommand(SweptOptions::One) {}

    std::string name() const override { return "sweep"; }
    std::string description() const override
    {
        return "Search with several values of one option, into one frontier";
    }
    std::string examples() const override
    {
        return "  bitloom sweep bayesian-bits arch:lenet5 --data mnist:DIR --preset mnist-lenet5 "
               "--lambda 0.01,0.1,1 -o mnist.bitloom\n"
               "  bitloom sweep bayesian-bits arch:lenet5 --data digits:8000 --preset quick "
               "--gamma-4-init 1,2,4 -o quick.bitloom";
    }

private:
    void search(Session& session, const SearchFlags& flags) const override
    {
        const std::string option = flags.options().sweep().option;
        std::vector<SweepRun> runs = planRuns(flags); // all are checked before the first begins
        session.setProject(flags.project());
        ProjectRecorder recorder(session);
        const engine::SearchJob& first = runs.front().job;
        recorder.saveModel(inspectModel(session, first.model).info, first.model, first.data);
        std::size_t failed = 0;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            SweepRun& run = runs[i];
            session.note(std::to_string(i + 1) + "/" + std::to_string(runs.size()) + " " + option +
                         " " + run.value + ": run " + run.name);
            try {
                run.done = runSearch(session, recorder, run.job, run.name);
                showAsPacked(recorder, *run.done, run.name);
            } catch (const Error& error) {
                // One value may be too much (NaN); the others are still worth their time.
                run.failure = error;
                session.note("the run " + run.name + " failed: " + error.what());
                ++failed;
            } catch (const Cancelled&) {
                throw Cancelled{toJson(option, runs)};
            }
        }
        if (failed == 0 || !session.options().json) { // with --json one object, here the error's
            session.print(toJson(option, runs), describe(option, runs));
        }
        for (const SweepRun& run : runs) {
            if (run.failure) {
                fail(run.failure->code(), failed, " of ", runs.size(),
                     " runs failed, the first of them is ", run.name, ": ", run.failure->what());
            }
        }
    }
};

} // namespace

std::unique_ptr<Command> makeSweepCommand()
{
    return std::make_unique<SweepCommand>();
}

} // namespace bitloom::cli
