// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/engine/event_sink.h"
#include "core/engine/job.h"
#include "core/engine/search_orders.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::io {
class RunEventsWriter;
}

namespace bitloom::engine {

class ModelStore;

/// Turns progress reports into events with rate and remaining time, both over the current phase.
class ProgressMeter {
public:
    Progress measure(const ProgressReport& report);

private:
    std::string m_phase;
    std::int64_t m_firstDone = 0;
    std::chrono::steady_clock::time_point m_start;
};

/// A job from its submission to its last event.
class RunningJob {
public:
    RunningJob(JobId id, JobRequest request, std::shared_ptr<EventSink> sink);
    ~RunningJob();

    JobId id() const { return m_id; }
    const JobRequest& request() const { return m_request; }
    RunControl& control() { return m_control; }
    /// Puts an order down for the job to take when it can. Any thread.
    void steer(SearchOrders orders);
    /// From now on the sink hears nothing of this job but its cancellation.
    void supersede();
    /// Does the work and posts the events; nothing is thrown.
    void run(ModelStore& models);

private:
    template <typename Body>
    void emit(Body body);
    std::optional<SearchOrders> takeOrders();
    void keepEvents(const std::filesystem::path& file, bool continued);
    void writeDown(const EventPtr& event);

    JobId m_id;
    JobRequest m_request;
    std::shared_ptr<EventSink> m_sink;
    std::mutex m_emitMutex; ///< progress may come from helper threads of the job
    bool m_superseded = false;
    /// What a search said before its run was known: where it is written down comes later.
    std::vector<EventPtr> m_early;
    std::unique_ptr<io::RunEventsWriter> m_events;
    bool m_eventsFailed = false;
    ProgressMeter m_meter;
    std::mutex m_ordersMutex;
    std::deque<SearchOrders> m_orders;
    RunControl m_control;
};

} // namespace bitloom::engine
