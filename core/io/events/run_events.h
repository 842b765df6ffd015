// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/event.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bitloom::io {

// What a run says while it runs, for other processes: one event per line (docs/formats.md). Where
// the file lies: core/types/run_paths.h.

/// Whether a process holds the events file open to write more of the run. False where there is no
/// such file, and where its writer was killed. Errors: IoFailure.
bool isRunAlive(const std::filesystem::path& eventsFile);

/// What came to an events file since it was read last.
struct RunEventsNews {
    /// What was read before does not count any more: the file is read for the first time, or it was
    /// replaced or cut (a run that goes on says all of its history again).
    bool restarted = false;
    std::vector<Event> events;
    std::size_t damagedLines = 0; ///< complete lines that are no event of this version
    bool hasMore = false;         ///< the limit was reached: read again
};

/// Follows an events file, or a file of `bitloom --events`, while another process writes it.
///
/// A line that is not complete yet is left for the next time. Takes no lock and writes nothing.
/// Threads: one at a time.
class RunEventsReader {
public:
    /// The file need not exist yet.
    explicit RunEventsReader(std::filesystem::path file) : m_file(std::move(file)) {}
    ~RunEventsReader();
    RunEventsReader(const RunEventsReader&) = delete;
    RunEventsReader& operator=(const RunEventsReader&) = delete;

    /// Reads on, at most about mostBytes. Nothing new where the file is not there (any more).
    /// Errors: IoFailure; UnknownFormat for a file whose first line says another format,
    /// Unsupported for one of a newer version.
    RunEventsNews read(std::size_t mostBytes = kMostBytes);
    /// Of the next byte to be read.
    std::uint64_t offset() const { return m_offset; }

private:
    static constexpr std::size_t kMostBytes = std::size_t{4} << 20;

    void follow(RunEventsNews& news);
    void restart(RunEventsNews& news);
    std::string readBytes(std::size_t most);
    void takeLine(std::string_view line, RunEventsNews& news);

    std::filesystem::path m_file;
    int m_descriptor = -1; ///< kept open, so that another file cannot get the same identity
    std::uint64_t m_offset = 0;
    std::string m_rest;     ///< the beginning of a line
    bool m_tooLong = false; ///< the line is longer than any event; passed over to its end
    bool m_atStart = true;  ///< no line was taken yet
};

} // namespace bitloom::io
