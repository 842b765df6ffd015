// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/run_history.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace bitloom::engine {

/// A run of a search as its file keeps it (core/io/run_file.h), without the tensors that it goes on
/// from: for whoever looks at it.
struct KeptRun {
    std::string method;   ///< "bayesian-bits"
    std::string request;  ///< JSON object: what was asked
    std::string result;   ///< JSON object; empty: the run is not finished
    std::string position; ///< JSON object: step, epoch
    RunHistory history;
};
/// Errors: those of io::readRunFileWithoutState().
KeptRun readKeptRun(const std::filesystem::path& runFile);

/// A run that a project folder knows of.
struct RunFound {
    std::string name;
    std::filesystem::path file;              ///< NAME.run.h5; may not be there yet
    std::filesystem::path events;            ///< NAME.events.jsonl; may not be there
    std::filesystem::file_time_type changed; ///< of the newer of the two
    bool isAlive = false; ///< some process, maybe this one, is writing more of it
    bool operator==(const RunFound&) const = default;
};
/// The runs of a project folder, the one that changed last first. A folder without runs has none.
/// Errors: IoFailure.
std::vector<RunFound> findRuns(const std::filesystem::path& projectFolder);

} // namespace bitloom::engine
