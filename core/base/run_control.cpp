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
    ProgressSink sink;
    std::mutex reportMutex;
    std::chrono::steady_clock::time_point lastReport{};
    std::string lastPhase;
};

RunControl::RunControl() : RunControl(ProgressSink{})
{
}

RunControl::RunControl(ProgressSink sink) : m_state(std::make_shared<State>())
{
    m_state->sink = std::move(sink);
}

void RunControl::requestStop()
{
    m_state->stop.request_stop();
    resume();
}

void RunControl::pause()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->paused = !m_state->stop.stop_requested();
}

void RunControl::resume()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->paused = false;
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
