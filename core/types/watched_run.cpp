// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/watched_run.h"

#include <algorithm>

namespace bitloom {

bool WatchedRun::isOfTheSearch(const Event& event)
{
    if (const auto* started = std::get_if<JobStarted>(&event.body)) {
        if (started->kind == "search") {
            m_job = event.job;
        }
    } else if (!m_job && (std::holds_alternative<SeriesDeclared>(event.body) ||
                          std::holds_alternative<SeriesRow>(event.body))) {
        m_job = event.job; // the line of its start is lost
    }
    return m_job == event.job;
}

void WatchedRun::declare(const SeriesDeclared& declared)
{
    const auto known =
        std::find_if(history.series.begin(), history.series.end(),
                     [&](const HistorySeries& one) { return one.name == declared.name; });
    if (known == history.series.end()) {
        history.declare(declared.name, declared.columns);
        return;
    }
    rewrites += known->rows() > 0 ? 1 : 0;
    *known = HistorySeries{declared.name, declared.columns, {}, {}};
}

void WatchedRun::append(const SeriesRow& row)
{
    const HistorySeries* const series = history.find(row.name);
    if (series != nullptr && row.values.size() == series->columns.size() &&
        (series->steps.empty() || row.step > series->steps.back())) {
        history.append(row.name, row.step, row.values);
    }
}

void WatchedRun::cut(std::int64_t step)
{
    const bool loses = std::ranges::any_of(history.series, [step](const HistorySeries& one) {
        return !one.steps.empty() && one.steps.back() > step;
    });
    rewrites += loses ? 1 : 0;
    history.cutAfter(step);
}

void WatchedRun::end(State how)
{
    state = how;
    isPaused = false;
    pauseReason.clear();
}

void WatchedRun::apply(const Event& event)
{
    if (!isOfTheSearch(event)) {
        return;
    }
    lastEventAt = event.time;
    if (const auto* started = std::get_if<JobStarted>(&event.body)) {
        end(State::Running); // what was of an earlier stretch
        device = started->device;
        startedAt = event.time;
        progress.reset();
        result.clear();
        failure.clear();
        failureCode.clear();
    } else if (const auto* report = std::get_if<Progress>(&event.body)) {
        progress = *report;
    } else if (const auto* declared = std::get_if<SeriesDeclared>(&event.body)) {
        state = State::Running;
        declare(*declared);
    } else if (const auto* row = std::get_if<SeriesRow>(&event.body)) {
        append(*row);
    } else if (const auto* cutAt = std::get_if<HistoryCut>(&event.body)) {
        cut(cutAt->step);
    } else if (const auto* paused = std::get_if<JobPaused>(&event.body)) {
        isPaused = true;
        pauseReason = paused->reason;
    } else if (std::holds_alternative<JobResumed>(event.body)) {
        isPaused = false;
        pauseReason.clear();
    } else if (const auto* line = std::get_if<LogLine>(&event.body)) {
        messages.push_back({event.time, *line});
    } else if (const auto* finished = std::get_if<JobFinished>(&event.body)) {
        end(State::Finished);
        result = finished->result;
    } else if (std::holds_alternative<JobCancelled>(event.body)) {
        end(State::Stopped);
    } else if (const auto* failed = std::get_if<JobFailed>(&event.body)) {
        end(State::Failed);
        failure = failed->message;
        failureCode = failed->code;
    }
}

std::string_view toString(WatchedRun::State state)
{
    switch (state) {
    case WatchedRun::State::Running:
        return "running";
    case WatchedRun::State::Finished:
        return "finished";
    case WatchedRun::State::Stopped:
        return "stopped";
    case WatchedRun::State::Failed:
        return "failed";
    case WatchedRun::State::Unknown:
        break;
    }
    return "unknown";
}

} // namespace bitloom
