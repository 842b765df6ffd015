// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/engine.h"

#include <QtGlobal>

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bitloom::test {

/// Keeps everything that is said until it is taken.
class AllEvents : public engine::EventSink {
public:
    /// Called with each event, on the job's thread: what it does to the job happens at this place
    /// of the run in each repetition.
    std::function<void(const Event&)> onEvent = [](const Event&) {};

    void post(EventPtr event) override
    {
        onEvent(*event);
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(event));
    }
    std::vector<EventPtr> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_events, {});
    }

private:
    std::mutex m_mutex;
    std::vector<EventPtr> m_events;
};

/// The result of a job by its last event; empty, with a message, if it failed.
inline std::string resultOf(const Event& last)
{
    if (const auto* failed = std::get_if<JobFailed>(&last.body)) {
        qWarning("%s", failed->message.c_str());
    }
    const auto* finished = std::get_if<JobFinished>(&last.body);
    return finished == nullptr ? std::string() : finished->result;
}

} // namespace bitloom::test
