// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_result.h"
#include "core/engine/job.h"
#include "core/engine/search_orders.h"
#include "core/types/event.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace bitloom::engine {
class Engine;
}

namespace bitloom::workbench {

/// Between the engine's threads and the window: the only class that crosses threads for jobs.
///
/// Events collect in a mailbox and are delivered in the GUI thread every 40 ms at most, in order;
/// of Progress and PartialResult only the newest of each job, everything else completely. Results
/// are decoded where the event was posted, never in the GUI thread. Public members: GUI thread.
class EngineBridge final : public QObject {
    Q_OBJECT
public:
    static constexpr int kDeliveryMs = 40;

    explicit EngineBridge(int threads, QObject* parent = nullptr);
    /// Stops all jobs and waits for them.
    ~EngineBridge() override;

    /// Errors: InvalidArgument for a device that does not exist here.
    JobId submit(engine::JobRequest request);
    void cancel(JobId job);
    void pause(JobId job);
    void resume(JobId job);
    void steer(JobId job, engine::SearchOrders orders);

Q_SIGNALS:
    void jobStarted(bitloom::JobId job, const bitloom::JobStarted& event);
    void jobProgressed(bitloom::JobId job, const bitloom::Progress& progress);
    void jobMeasured(bitloom::JobId job, const bitloom::Metric& metric);
    void jobLogged(bitloom::JobId job, const bitloom::LogLine& line);
    void jobLearned(bitloom::JobId job, const bitloom::workbench::JobResult& soFar);
    void jobFinished(bitloom::JobId job, const bitloom::workbench::JobResult& result);
    void jobFailed(bitloom::JobId job, const bitloom::JobFailed& failure);
    void jobCancelled(bitloom::JobId job, const bitloom::workbench::JobResult& bestSoFar);
    /// Each event that is delivered, before the signal of its own kind if it has one.
    void happened(const bitloom::EventPtr& event);

private:
    class Mailbox;
    void deliver();

    std::shared_ptr<Mailbox> m_mailbox;
    std::unique_ptr<engine::Engine> m_engine;
    QTimer m_timer;
};

} // namespace bitloom::workbench
