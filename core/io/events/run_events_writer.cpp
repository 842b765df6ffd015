// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/events/run_events_writer.h"

#include "core/base/error.h"
#include "core/io/events/run_events.h"
#include "core/io/events/run_events_format.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <system_error>
#include <utility>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kProgressPeriod{1};
/// Of a run that was continued very often the oldest messages are dropped.
constexpr std::size_t kMostKeptEvents = 1000;

/// Told anew by a run that goes on, or of no meaning for it.
bool isHistory(const Event& event)
{
    return std::holds_alternative<SeriesDeclared>(event.body) ||
           std::holds_alternative<SeriesRow>(event.body) ||
           std::holds_alternative<HistoryCut>(event.body) ||
           std::holds_alternative<JobPaused>(event.body) ||
           std::holds_alternative<JobResumed>(event.body) ||
           std::holds_alternative<Metric>(event.body) ||
           std::holds_alternative<Progress>(event.body) ||
           std::holds_alternative<PartialResult>(event.body);
}

std::string headerLine()
{
    const nlohmann::ordered_json header{
        {"format", kRunEventsFormat}, {"version", kRunEventsVersion}, {"process", ::getpid()}};
    return header.dump() + "\n";
}

std::string keptLines(const fs::path& file)
{
    std::deque<Event> kept;
    RunEventsReader reader(file);
    RunEventsNews news;
    do {
        news = reader.read();
        for (Event& event : news.events) {
            if (!isHistory(event)) {
                kept.push_back(std::move(event));
            }
        }
        while (kept.size() > kMostKeptEvents) {
            kept.pop_front();
        }
    } while (news.hasMore);
    std::string lines;
    for (const Event& event : kept) {
        lines += toJsonLine(event) + "\n";
    }
    return lines;
}

} // namespace

RunEventsWriter::RunEventsWriter(fs::path file, bool continued) : m_file(std::move(file))
{
    const std::string beginning = headerLine() + (continued ? keptLines(m_file) : std::string());
    const fs::path temporary = m_file.string() + ".new";
    const auto require = [&](bool good) {
        if (good) {
            return;
        }
        const std::string reason = std::strerror(errno);
        if (m_descriptor >= 0) { // no destructor runs for what was never constructed
            ::close(m_descriptor);
            std::error_code ignored; // the failure that counts is the first one
            fs::remove(temporary, ignored);
        }
        fail(ErrorCode::IoFailure, "cannot write ", m_file.string(), ": ", reason);
    };
    m_descriptor =
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    require(m_descriptor >= 0);
    // Locked before it has its name: whoever finds it finds it alive.
    require(::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0);
    require(write(beginning));
    require(::rename(temporary.c_str(), m_file.c_str()) == 0);
}

RunEventsWriter::~RunEventsWriter()
{
    ::close(m_descriptor);
}

bool RunEventsWriter::isDue(const Event& event)
{
    const auto* progress = std::get_if<Progress>(&event.body);
    if (progress == nullptr) {
        return true;
    }
    const auto now = std::chrono::steady_clock::now();
    if (progress->phase == m_phase && now - m_lastProgress < kProgressPeriod) {
        return false;
    }
    m_phase = progress->phase;
    m_lastProgress = now;
    return true;
}

bool RunEventsWriter::write(const std::string& line)
{
    ssize_t written = 0;
    do {
        written = ::write(m_descriptor, line.data(), line.size());
    } while (written < 0 && errno == EINTR);
    if (written == static_cast<ssize_t>(line.size())) {
        m_lineIsBroken = false;
        return true;
    }
    if (written >= 0) {
        errno = ENOSPC; // what a short write to a file means; the next one would say so
    }
    m_failure = std::strerror(errno);
    m_lineIsBroken = m_lineIsBroken || written > 0;
    return false;
}

bool RunEventsWriter::append(const Event& event)
{
    return !isDue(event) || write((m_lineIsBroken ? "\n" : "") + toJsonLine(event) + "\n");
}

} // namespace bitloom::io
