// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace bitloom {

// Where the files of a run lie: PROJECT/runs/NAME.run.h5 (core/io/run_file.h) and, beside it,
// NAME.events.jsonl (core/io/events/run_events.h). Nothing here looks at the disk.

std::filesystem::path runsFolderIn(const std::filesystem::path& project);
std::filesystem::path runFileIn(const std::filesystem::path& project, const std::string& run);
std::filesystem::path runEventsPath(const std::filesystem::path& runFile);
/// What is kept of a run along its way: NAME.checkpoints/CHECKPOINT.run.h5 beside its file.
std::filesystem::path runCheckpointPath(const std::filesystem::path& runFile,
                                        const std::string& checkpoint);

/// The name of the run that a file of either kind belongs to; empty: it belongs to none.
std::string runNameOf(const std::filesystem::path& file);
/// The folder of the project that a run's file lies in.
std::filesystem::path projectOfRunFile(const std::filesystem::path& runFile);

} // namespace bitloom
