// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/event.h"
#include "core/types/run_history.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What is known of a run of a search from its events so far, whether they come from a job of this
/// process, from the run's events file (core/io/events/run_events.h) or from `--events`.
struct WatchedRun {
    enum class State {
        Unknown, ///< no event yet
        Running, ///< or ended without a word: whoever reads a file asks isRunAlive()
        Finished,
        Stopped, ///< can be continued
        Failed
    };
    struct Message {
        double time = 0; ///< seconds since the epoch
        LogLine line;
    };

    State state = State::Unknown;
    bool isPaused = false;   ///< running, but waiting
    std::string pauseReason; ///< of a pause that nobody asked for
    std::string device;
    double startedAt = 0;   ///< of this stretch, seconds since the epoch
    double lastEventAt = 0; ///< seconds since the epoch
    std::optional<Progress> progress;
    RunHistory history;
    /// How often rows of the history were forgotten: whoever has taken over rows takes all anew.
    std::size_t rewrites = 0;
    std::vector<Message> messages; ///< of earlier stretches too, where their events are known
    std::string result;            ///< JSON of a finished run
    std::string failure;           ///< why a run failed
    std::string failureCode;       ///< toString(ErrorCode)

    /// Takes the next event. A series that is declared again begins anew. Events of other jobs, and
    /// rows that do not fit their series (only a damaged file has any), are passed over.
    void apply(const Event& event);

private:
    std::optional<JobId> m_job; ///< of the search, among the jobs of the stream

    bool isOfTheSearch(const Event& event);
    void declare(const SeriesDeclared& declared);
    void cut(std::int64_t step);
    void end(State how);
    void append(const SeriesRow& row);
};

/// "running", "finished", "stopped", "failed", "unknown".
std::string_view toString(WatchedRun::State state);

} // namespace bitloom
