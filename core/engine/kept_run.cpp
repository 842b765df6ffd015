// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/kept_run.h"

#include "core/base/error.h"
#include "core/io/run_events.h"
#include "core/io/run_file.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace bitloom::engine {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view kRunEnding = ".run.h5";
constexpr std::string_view kEventsEnding = ".events.jsonl";

/// The part before an ending; empty: it has another one.
std::string stem(const std::string& fileName, std::string_view ending)
{
    return fileName.ends_with(ending) ? fileName.substr(0, fileName.size() - ending.size())
                                      : std::string();
}
} // namespace

KeptRun readKeptRun(const fs::path& runFile)
{
    io::RunFile file = io::readRunFileWithoutState(runFile);
    return {std::move(file.method), std::move(file.request), std::move(file.result),
            std::move(file.position), std::move(file.history)};
}

std::vector<RunFound> findRuns(const fs::path& projectFolder)
{
    const fs::path folder = projectFolder / "runs";
    std::vector<RunFound> runs;
    std::map<std::string, fs::file_time_type> changed;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const std::string fileName = entry->path().filename().string();
        std::string name = stem(fileName, kRunEnding);
        if (name.empty()) {
            name = stem(fileName, kEventsEnding);
        }
        std::error_code gone; // a file that is replaced meanwhile is still the same run
        const fs::file_time_type when = entry->last_write_time(gone);
        if (!name.empty()) {
            const auto [known, isNew] = changed.emplace(name, gone ? fs::file_time_type() : when);
            if (!isNew && !gone) {
                known->second = std::max(known->second, when);
            }
        }
    }
    BITLOOM_REQUIRE(!error || error == std::errc::no_such_file_or_directory, ErrorCode::IoFailure,
                    folder.string(), ": cannot be listed: ", error.message());
    for (const auto& [name, when] : changed) {
        RunFound run{name, folder / (name + std::string(kRunEnding)),
                     folder / (name + std::string(kEventsEnding)), when, false};
        run.isAlive = io::isRunAlive(run.events);
        runs.push_back(std::move(run));
    }
    std::stable_sort(runs.begin(), runs.end(),
                     [](const RunFound& a, const RunFound& b) { return a.changed > b.changed; });
    return runs;
}

} // namespace bitloom::engine
