// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/project_runs.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/run_events.h"
#include "core/io/run_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <system_error>

namespace bitloom::engine {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using State = WatchedRun::State;

namespace {

constexpr std::string_view kRunEnding = ".run.h5";
constexpr std::string_view kEventsEnding = ".events.jsonl";

std::set<std::string> namesIn(const fs::path& folder)
{
    std::set<std::string> names;
    std::error_code absent; // a project in which nothing was run yet
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, absent)) {
        const std::string file = entry.path().filename().string();
        for (const std::string_view ending : {kRunEnding, kEventsEnding}) {
            if (file.ends_with(ending) && file.size() > ending.size()) {
                names.insert(file.substr(0, file.size() - ending.size()));
            }
        }
    }
    return names;
}

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
    const io::RunFile file = io::readRunFileWithoutState(path);
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
void takeEvents(const fs::path& path, RunOverview& run)
{
    const bool isAlive = io::isRunAlive(path);
    const WatchedRun watched = watchedRun(path);
    run.lastChange = std::max(run.lastChange, watched.lastEventAt);
    if (run.state == State::Finished && !isAlive) {
        return;
    }
    takeSteps(watched.history, run);
    takeEvaluation(watched.history, run);
    run.failure = watched.failure;
    if (isAlive) {
        run.state = State::Running;
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

std::vector<RunOverview> runOverviews(const fs::path& projectFolder)
{
    std::vector<RunOverview> runs;
    const fs::path folder = projectFolder / "runs";
    for (const std::string& name : namesIn(folder)) {
        RunOverview run;
        run.name = name;
        const fs::path file = folder / (name + std::string(kRunEnding));
        const fs::path events = folder / (name + std::string(kEventsEnding));
        run.lastChange = std::max(changeTime(file), changeTime(events));
        run.state = State::Stopped; // unless something says otherwise
        if (fs::exists(file)) {
            noteProblem(run, [&] { takeRunFile(file, run); });
        }
        noteProblem(run, [&] { takeEvents(events, run); });
        runs.push_back(std::move(run));
    }
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
