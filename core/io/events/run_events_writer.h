// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/event.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace bitloom::io {

/// Writes the events of a run while it runs (docs/formats.md): one line per event, one call of the
/// system per line, nothing kept back, so a kill loses at most the line that is being written.
///
/// Progress is written at most once a second, or when its phase changes. While the writer lives,
/// isRunAlive() says so. Threads: one at a time.
class RunEventsWriter {
public:
    /// Begins the file; one of before is replaced as a whole. continued: the run goes on, so its
    /// messages, starts and ends of before are taken over; its history is not, because a job that
    /// goes on says that again up to where it goes on. Errors: IoFailure.
    RunEventsWriter(std::filesystem::path file, bool continued);
    ~RunEventsWriter();
    RunEventsWriter(const RunEventsWriter&) = delete;
    RunEventsWriter& operator=(const RunEventsWriter&) = delete;

    /// False where the line could not be written (failure() says why); the next one that can be
    /// begins on a line of its own.
    bool append(const Event& event);
    const std::string& failure() const { return m_failure; }
    const std::filesystem::path& file() const { return m_file; }

private:
    bool isDue(const Event& event);
    bool write(const std::string& line);

    std::filesystem::path m_file;
    int m_descriptor = -1;
    bool m_lineIsBroken = false; ///< the last line was cut short
    std::string m_failure;
    std::string m_phase; ///< of the last progress that was written
    std::chrono::steady_clock::time_point m_lastProgress;
};

} // namespace bitloom::io
