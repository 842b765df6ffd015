// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/event_sink.h"

#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bitloom::cli {

/// How a job ended.
struct JobEnd {
    enum class Kind { Finished, Cancelled, Failed };
    Kind kind = Kind::Finished;
    std::string result; ///< JSON, or the error's sentence
    std::string code;   ///< of the error
};

/// Shows a job's progress on stderr, writes the event stream, and lets the main thread wait for the
/// end.
///
/// On a terminal the progress is one line that is rewritten; elsewhere a line is printed at most
/// every 5 seconds. Threads: post() from worker threads, the rest from the main thread.
class ConsoleSink : public engine::EventSink {
public:
    /// eventsFile: "-" = stdout, empty = none. Errors: IoFailure when it cannot be opened.
    ConsoleSink(const std::string& eventsFile, bool showProgress);
    ~ConsoleSink() override;

    void post(EventPtr event) override;
    JobEnd waitForEnd(JobId job);
    void note(const std::string& line);

private:
    void showProgress(const Progress& progress);
    void showPause(std::string_view words);
    void clearProgressLine();

    std::mutex m_mutex;
    std::condition_variable m_ended;
    std::map<JobId, JobEnd> m_ends;
    std::unique_ptr<std::ofstream> m_eventsFile;
    bool m_eventsToStdout = false;
    bool m_showProgress = true;
    bool m_terminal = false;
    bool m_paused = false; ///< by somebody, of the job that said so last
    bool m_lineOpen = false;
    double m_lastPlainLine = 0; ///< seconds since the epoch
    std::string m_lastPhase;
};

} // namespace bitloom::cli
