// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/run_control.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace bitloom {

struct RunControl::State {
    std::stop_source stop;
    std::mutex mutex;
    std::condition_variable resumed;
    std::atomic<bool> paused{false};
    std::mutex pauseMutex; ///< pauses and their ends are heard in the order in which they happen
    ProgressSink sink;
    PauseSink pauseSink;
    std::mutex reportMutex;
    std::chrono::steady_clock::time_point lastReport{};
    std::string lastPhase;
};

RunControl::RunControl() : RunControl(ProgressSink{})
{
}

RunControl::RunControl(ProgressSink sink, PauseSink pauseSink) : m_state(std::make_shared<State>())
{
    m_state->sink = std::move(sink);
    m_state->pauseSink = std::move(pauseSink);
}

void RunControl::requestStop()
{
    m_state->stop.request_stop();
    resume();
}

void RunControl::pause(const std::string& reason)
{
    const std::lock_guard order(m_state->pauseMutex);
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->paused || m_state->stop.stop_requested()) {
            return;
        }
        m_state->paused = true;
    }
    if (m_state->pauseSink) {
        m_state->pauseSink(true, reason);
    }
}

void RunControl::resume()
{
    const std::lock_guard order(m_state->pauseMutex);
    {
        const std::lock_guard lock(m_state->mutex);
        if (!m_state->paused) {
            return;
        }
        m_state->paused = false;
    }
    // Said first: the work that goes on has its say after it.
    if (m_state->pauseSink && !m_state->stop.stop_requested()) {
        m_state->pauseSink(false, {});
    }
    m_state->resumed.notify_all();
}

bool RunControl::isPaused() const
{
    return m_state->paused;
}

bool RunControl::shouldStop()
{
    if (m_state->paused) {
        std::unique_lock lock(m_state->mutex);
        m_state->resumed.wait(lock, [this] { return !m_state->paused; });
    }
    return m_state->stop.stop_requested();
}

bool RunControl::stopRequested() const
{
    return m_state->stop.stop_requested();
}

std::stop_token RunControl::stopToken() const
{
    return m_state->stop.get_token();
}

void RunControl::report(const ProgressReport& progress)
{
    if (!m_state->sink) {
        return;
    }
    {
        const std::lock_guard lock(m_state->reportMutex);
        const auto now = std::chrono::steady_clock::now();
        const bool finished = progress.total > 0 && progress.done >= progress.total;
        const bool newPhase = progress.phase != m_state->lastPhase;
        if (!finished && !newPhase && now - m_state->lastReport < std::chrono::milliseconds(40)) {
            return;
        }
        m_state->lastReport = now;
        m_state->lastPhase = progress.phase;
    }
    m_state->sink(progress);
}

} // namespace bitloom
