// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/event_sink.h"
#include "core/engine/job.h"
#include "core/engine/search_orders.h"

#include <memory>

namespace bitloom::engine {

/// Runs jobs, one after the other on each device, each device on a thread of its own; previews
/// (jobs with a slot) have a second thread per device, and conversions of files one of their own,
/// so that they need not wait for a long job.
///
/// The facade between numerics and any user interface: no tensor, no operator and no file handle
/// crosses it. Events of a job arrive in order: JobStarted (unless cancelled before), any number of
/// Progress / Metric / LogLine / PartialResult, then exactly one of JobFinished, JobFailed,
/// JobCancelled. The destructor cancels everything and waits. Threads: every member from any
/// thread; none of them waits for a job except wait().
class Engine {
public:
    struct Options {
        int threads = 0; ///< for LibTorch's operators; 0 = all cores
        /// 0..19: how much the jobs' threads, and those that they start, stand back for everything
        /// else on the machine (Linux; elsewhere nothing changes). For programs with a window.
        int niceness = 0;
        /// Jobs may come to use CUDA after others have run on the CPU. Where a driver is installed,
        /// CUDA is then loaded before the first job, on a thread of its own.
        bool devicesMayChange = false;
    };

    Engine(const Options& options, std::shared_ptr<EventSink> sink);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Queues a job. Errors: InvalidArgument for a device that does not exist here.
    JobId submit(JobRequest request);
    /// Asks the job to stop: a running one answers within 100 ms of work, a queued one never
    /// starts.
    void cancel(JobId job);
    void pause(JobId job);
    void resume(JobId job);
    /// Changes a search that runs or waits; several orders are taken one after the other. What the
    /// search cannot do (a layer that is not there) it says in a warning and goes on as before.
    /// Other jobs take no orders.
    void steer(JobId job, SearchOrders orders);
    /// Returns when the job has posted its last event.
    void wait(JobId job);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace bitloom::engine
