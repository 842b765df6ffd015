// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/run_paths.h"

#include <string_view>

namespace bitloom {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view kRunEnding = ".run.h5";
constexpr std::string_view kEventsEnding = ".events.jsonl";
} // namespace

fs::path runsFolderIn(const fs::path& project)
{
    return project / "runs";
}

fs::path runFileIn(const fs::path& project, const std::string& run)
{
    return runsFolderIn(project) / (run + std::string(kRunEnding));
}

fs::path runEventsPath(const fs::path& runFile)
{
    const std::string run = runNameOf(runFile);
    const std::string name = run.empty() ? runFile.filename().string() : run;
    return runFile.parent_path() / (name + std::string(kEventsEnding));
}

fs::path runCheckpointPath(const fs::path& runFile, const std::string& checkpoint)
{
    return runFile.parent_path() / (runNameOf(runFile) + ".checkpoints") /
           (checkpoint + std::string(kRunEnding));
}

std::string runNameOf(const fs::path& file)
{
    const std::string name = file.filename().string();
    for (const std::string_view ending : {kRunEnding, kEventsEnding}) {
        if (name.ends_with(ending)) {
            return name.substr(0, name.size() - ending.size());
        }
    }
    return {};
}

fs::path projectOfRunFile(const fs::path& runFile)
{
    return runFile.parent_path().parent_path();
}

} // namespace bitloom
