// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/project_runs.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/events/run_events.h"
#include "core/io/run_file.h"
#include "core/types/run_paths.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <tuple>

namespace bitloom::engine {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using State = WatchedRun::State;

namespace {

/// 0: the file is not there, or it is being replaced.
double changeTime(const fs::path& file)
{
    std::error_code absent;
    const fs::file_time_type time = fs::last_write_time(file, absent);
    if (absent) {
        return 0;
    }
    const auto system = std::chrono::file_clock::to_sys(time);
    return std::chrono::duration<double>(system.time_since_epoch()).count();
}

/// What the evaluations of a history say last.
void takeEvaluation(const RunHistory& history, RunOverview& run)
{
    const HistorySeries* const evaluation = history.find("evaluation");
    if (evaluation == nullptr || evaluation->rows() == 0) {
        return;
    }
    const std::span<const float> last = evaluation->row(evaluation->rows() - 1);
    for (std::size_t i = 0; i < evaluation->columns.size(); ++i) {
        if (evaluation->columns[i] == "top1_percent") {
            run.top1Percent = last[i];
        } else if (evaluation->columns[i] == "relative_bops_percent") {
            run.relativeBopsPercent = last[i];
        }
    }
}

void takeSteps(const RunHistory& history, RunOverview& run)
{
    for (const HistorySeries& series : history.series) {
        if (!series.steps.empty()) {
            run.steps = std::max(run.steps, series.steps.back());
        }
    }
}

/// What the checkpoint says.
void takeRunFile(const fs::path& path, RunOverview& run)
{
    const KeptRun file = readKeptRun(path);
    run.request = searchRequestFromJson(file.request, path);
    for (const char* stage : {"epochs", "fixed-gate-finetune-epochs"}) {
        const OptionValue* const epochs = run.request->job.options.find(stage);
        if (const auto* count = epochs ? std::get_if<std::int64_t>(epochs) : nullptr) {
            run.epochs += static_cast<int>(*count);
        }
    }
    const Json position = Json::parse(file.position, nullptr, false);
    if (position.is_object()) {
        run.epochsDone = position.value("epoch", 0);
        run.steps = position.value("step", std::int64_t{0});
    }
    takeSteps(file.history, run);
    takeEvaluation(file.history, run);
    if (!file.result.empty()) {
        const Json result = Json::parse(file.result);
        run.state = State::Finished;
        run.top1Percent = result.at("top1_percent").get<double>();
        run.relativeBopsPercent = result.at("relative_bops_percent").get<double>();
    }
}

/// What happened since the checkpoint, and how the run stands now.
void takeEvents(const RunFound& found, RunOverview& run)
{
    const WatchedRun watched = watchedRun(found.events);
    run.lastChange = std::max(run.lastChange, watched.lastEventAt);
    if (run.state == State::Finished && !found.isAlive) {
        return;
    }
    takeSteps(watched.history, run);
    takeEvaluation(watched.history, run);
    run.failure = watched.failure;
    if (found.isAlive) {
        run.state = State::Running;
        run.isPaused = watched.isPaused;
        if (run.isPaused) {
            run.failure = watched.pauseReason;
        }
    } else if (watched.state == State::Failed) {
        run.state = State::Failed;
    }
}

/// The first problem is the one that is told.
template <typename Take>
void noteProblem(RunOverview& run, const Take& take)
{
    std::string problem;
    try {
        take();
    } catch (const Error& error) {
        problem = error.what();
    } catch (const Json::exception& error) {
        problem = error.what();
    }
    if (run.problem.empty()) {
        run.problem = problem;
    }
}

} // namespace

std::optional<double> RunOverview::lambda() const
{
    const OptionValue* const value = request ? request->job.options.find("lambda") : nullptr;
    const auto* const number = value != nullptr ? std::get_if<double>(value) : nullptr;
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

WatchedRun watchedRun(const fs::path& eventsFile)
{
    WatchedRun run;
    io::RunEventsReader reader(eventsFile);
    io::RunEventsNews news;
    do {
        news = reader.read();
        if (news.restarted) {
            run = WatchedRun();
        }
        for (const Event& event : news.events) {
            run.apply(event);
        }
    } while (news.hasMore);
    return run;
}

std::vector<RunFound> findRuns(const fs::path& projectFolder)
{
    const fs::path folder = runsFolderIn(projectFolder);
    std::set<std::string> names;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        names.insert(runNameOf(entry->path()));
    }
    BITLOOM_REQUIRE(!error || error == std::errc::no_such_file_or_directory, ErrorCode::IoFailure,
                    folder.string(), ": cannot be listed: ", error.message());
    names.erase(std::string());
    std::vector<RunFound> runs;
    for (const std::string& name : names) {
        RunFound run;
        run.name = name;
        run.file = runFileIn(projectFolder, name);
        run.events = runEventsPath(run.file);
        run.lastChange = std::max(changeTime(run.file), changeTime(run.events));
        run.isAlive = io::isRunAlive(run.events);
        runs.push_back(std::move(run));
    }
    std::ranges::sort(runs, [](const RunFound& a, const RunFound& b) {
        return std::tie(b.lastChange, a.name) < std::tie(a.lastChange, b.name);
    });
    return runs;
}

KeptRun readKeptRun(const fs::path& runFile)
{
    io::RunFile file = io::readRunFileWithoutState(runFile);
    return {std::move(file.method), std::move(file.request), std::move(file.result),
            std::move(file.position), std::move(file.history)};
}

std::vector<RunOverview> runOverviews(const fs::path& projectFolder)
{
    std::vector<RunOverview> runs;
    for (const RunFound& found : findRuns(projectFolder)) {
        RunOverview run;
        run.name = found.name;
        run.lastChange = found.lastChange;
        run.state = State::Stopped; // unless something says otherwise
        if (fs::exists(found.file)) {
            noteProblem(run, [&] { takeRunFile(found.file, run); });
        }
        noteProblem(run, [&] { takeEvents(found, run); });
        runs.push_back(std::move(run));
    }
    std::ranges::sort(runs, {}, &RunOverview::name);
    return runs;
}

const RunOverview& runNamed(const std::vector<RunOverview>& runs, const std::string& name,
                            const fs::path& projectFolder)
{
    std::vector<std::string> names;
    for (const RunOverview& run : runs) {
        if (run.name == name) {
            return run;
        }
        names.push_back(run.name);
    }
    fail(ErrorCode::NotFound, "the project ", projectFolder.string(), " has no run '", name, "'; ",
         names.empty() ? "it has none at all" : "it has " + joinForPeople(names));
}

} // namespace bitloom::engine
