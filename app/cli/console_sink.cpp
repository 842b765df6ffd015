// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/console_sink.h"

#include "core/base/error.h"

#include <unistd.h>

#include <cmath>
#include <ctime>
#include <iostream>
#include <sstream>
#include <utility>

namespace bitloom::cli {

namespace {

std::string formatRate(double perSecond)
{
    std::ostringstream out;
    out.precision(perSecond >= 100 ? 0 : 1);
    out << std::fixed << perSecond;
    return out.str();
}

std::string formatSeconds(double seconds)
{
    const auto whole = std::lround(seconds);
    if (whole < 60) {
        return std::to_string(whole) + " s";
    }
    if (whole < 3600) {
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    }
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string describe(const Progress& progress)
{
    std::ostringstream out;
    out << progress.phase << ": " << progress.done;
    if (progress.total > 0) {
        out << " of " << progress.total;
    }
    out << ' ' << progress.unit;
    if (progress.ratePerSecond > 0) {
        out << ", " << formatRate(progress.ratePerSecond) << "/s";
    }
    if (progress.etaSeconds && progress.done < progress.total) {
        out << ", " << formatSeconds(*progress.etaSeconds) << " left";
    }
    return out.str();
}

} // namespace

ConsoleSink::ConsoleSink(const std::string& eventsFile, bool showProgress)
    : m_eventsToStdout(eventsFile == "-"), m_showProgress(showProgress),
      m_terminal(::isatty(STDERR_FILENO) == 1)
{
    if (!eventsFile.empty() && !m_eventsToStdout) {
        m_eventsFile =
            std::make_unique<std::ofstream>(eventsFile, std::ios::binary | std::ios::app);
        BITLOOM_REQUIRE(m_eventsFile->good(), ErrorCode::IoFailure,
                        "cannot write the event stream to ", eventsFile);
    }
}

ConsoleSink::~ConsoleSink()
{
    clearProgressLine();
}

void ConsoleSink::post(EventPtr event)
{
    const std::lock_guard lock(m_mutex);
    if (m_eventsToStdout) {
        std::cout << toJsonLine(*event) << '\n' << std::flush;
    } else if (m_eventsFile) {
        *m_eventsFile << toJsonLine(*event) << '\n' << std::flush;
    }
    if (const auto* progress = std::get_if<Progress>(&event->body)) {
        showProgress(*progress);
    } else if (const auto* line = std::get_if<LogLine>(&event->body)) {
        if (line->level != LogLine::Level::Debug &&
            (m_showProgress || line->level != LogLine::Level::Info)) {
            clearProgressLine();
            const char* prefix = line->level == LogLine::Level::Warning ? "warning: " : "";
            std::cerr << prefix << textOf(line->text) << '\n';
        }
    } else if (const auto* paused = std::get_if<JobPaused>(&event->body)) {
        if (paused->reason.empty()) { // else a warning has said so
            showPause("paused by hand");
        }
        m_paused = paused->reason.empty();
    } else if (std::holds_alternative<JobResumed>(event->body)) {
        if (std::exchange(m_paused, false)) {
            showPause("resumed");
        }
    } else if (const auto* finished = std::get_if<JobFinished>(&event->body)) {
        m_ends[event->job] = {JobEnd::Kind::Finished, finished->result, {}};
    } else if (const auto* cancelled = std::get_if<JobCancelled>(&event->body)) {
        m_ends[event->job] = {JobEnd::Kind::Cancelled, cancelled->result, {}};
    } else if (const auto* failed = std::get_if<JobFailed>(&event->body)) {
        m_ends[event->job] = {JobEnd::Kind::Failed, failed->message, failed->code};
    }
    if (m_ends.contains(event->job)) {
        clearProgressLine();
        m_ended.notify_all();
    }
}

JobEnd ConsoleSink::waitForEnd(JobId job)
{
    std::unique_lock lock(m_mutex);
    m_ended.wait(lock, [this, job] { return m_ends.contains(job); });
    JobEnd end = std::move(m_ends.at(job));
    m_ends.erase(job);
    return end;
}

void ConsoleSink::note(const std::string& line)
{
    const std::lock_guard lock(m_mutex);
    clearProgressLine();
    std::cerr << line << '\n';
}

void ConsoleSink::showProgress(const Progress& progress)
{
    if (!m_showProgress) {
        return;
    }
    if (m_terminal) {
        std::cerr << "\r\033[K" << describe(progress) << std::flush;
        m_lineOpen = true;
        return;
    }
    const double now = static_cast<double>(std::time(nullptr));
    const bool ended = progress.total > 0 && progress.done >= progress.total;
    if (progress.phase != m_lastPhase || now - m_lastPlainLine >= 5 || ended) {
        std::cerr << describe(progress) << '\n';
        m_lastPlainLine = now;
        m_lastPhase = progress.phase;
    }
}

void ConsoleSink::showPause(std::string_view words)
{
    if (m_showProgress) {
        clearProgressLine();
        std::cerr << words << '\n';
    }
}

void ConsoleSink::clearProgressLine()
{
    if (std::exchange(m_lineOpen, false)) {
        std::cerr << "\r\033[K" << std::flush;
    }
}

} // namespace bitloom::cli
