// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/search_request.h"
#include "core/types/run_history.h"
#include "core/types/watched_run.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::engine {

/// The files of a search that a project folder knows of.
struct RunFound {
    std::string name;
    std::filesystem::path file;   ///< NAME.run.h5; may not be there yet
    std::filesystem::path events; ///< NAME.events.jsonl; may not be there
    double lastChange = 0;        ///< of the newer of the two, seconds since the epoch
    bool isAlive = false;         ///< some process, maybe this one, is writing more of it
    bool operator==(const RunFound&) const = default;
};

/// The runs of a project folder, the one that changed last first. A folder without runs has none.
/// Errors: IoFailure.
std::vector<RunFound> findRuns(const std::filesystem::path& projectFolder);

/// A run as its file keeps it (core/io/run_file.h), without the tensors that it goes on from.
struct KeptRun {
    std::string method;   ///< "bayesian-bits"
    std::string request;  ///< JSON object: what was asked
    std::string result;   ///< JSON object; empty: the run is not finished
    std::string position; ///< JSON object: step, epoch
    RunHistory history;
};

/// Errors: those of io::readRunFileWithoutState().
KeptRun readKeptRun(const std::filesystem::path& runFile);

/// How a search of a project stands, from the files that it leaves.
struct RunOverview {
    std::string name; ///< in the project
    WatchedRun::State state = WatchedRun::State::Unknown;
    bool isPaused = false; ///< it runs, but waits
    std::string failure;   ///< of a failed run; why a paused one waits, unless somebody asked
    /// Absent: it ended before its first checkpoint, or its file cannot be read (see problem).
    std::optional<SearchRequest> request;
    std::string problem; ///< why a file of the run cannot be read; empty: they all can
    int epochsDone = 0;
    int epochs = 0; ///< 0: not known
    std::int64_t steps = 0;
    std::optional<double> top1Percent; ///< last measured, on the test images
    std::optional<double> relativeBopsPercent;
    double lastChange = 0; ///< seconds since the epoch

    /// Of the pressure towards few bits, where the method has such an option.
    std::optional<double> lambda() const;
    /// Whether it can go on from its file.
    bool canBeContinued() const
    {
        return request &&
               (state == WatchedRun::State::Stopped || state == WatchedRun::State::Failed);
    }
};

/// The searches of a project in the order of their names. Takes no lock, so also while one of them
/// runs. A damaged file makes its run one with a problem. Errors: IoFailure.
std::vector<RunOverview> runOverviews(const std::filesystem::path& projectFolder);

/// The run of that name. Errors: NotFound with the names there are.
const RunOverview& runNamed(const std::vector<RunOverview>& runs, const std::string& name,
                            const std::filesystem::path& projectFolder);

/// Everything that the run's events file tells; empty where there is none. Errors: those of
/// io::RunEventsReader.
WatchedRun watchedRun(const std::filesystem::path& eventsFile);

} // namespace bitloom::engine
