// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/engine_bridge.h"

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "core/engine/event_sink.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bitloom::workbench {

namespace {
/// The window has the processor when it wants it: a sweep on all cores would hold up the hand.
constexpr int kNiceness = 10;

/// An event with its result already decoded.
struct Delivery {
    EventPtr event;
    JobResult result;
};

template <typename Body>
bool holds(const Delivery& delivery)
{
    return std::holds_alternative<Body>(delivery.event->body);
}
} // namespace

/// Filled by the engine's threads, emptied by the GUI thread. Shared, since a job may post its last
/// event while the window goes away.
class EngineBridge::Mailbox final : public engine::EventSink {
public:
    /// wake: called from worker threads when the box was empty before.
    explicit Mailbox(std::function<void()> wake) : m_wake(std::move(wake)) {}

    void post(EventPtr event) override
    {
        Delivery delivery = decode(event);
        const std::lock_guard lock(m_mutex);
        dropOlder<Progress>(delivery);
        dropOlder<PartialResult>(delivery);
        const bool wasEmpty = m_deliveries.empty();
        m_deliveries.push_back(std::move(delivery));
        if (wasEmpty && m_wake) {
            m_wake();
        }
    }

    std::vector<Delivery> takeAll()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_deliveries, {});
    }

    /// From now on nobody is woken.
    void detach()
    {
        const std::lock_guard lock(m_mutex);
        m_wake = nullptr;
    }

private:
    Delivery decode(const EventPtr& event)
    {
        std::string kind;
        {
            const std::lock_guard lock(m_mutex);
            if (const auto* started = std::get_if<JobStarted>(&event->body)) {
                m_kinds[event->job] = started->kind;
            }
            kind = m_kinds[event->job];
        }
        Delivery delivery{event, {}};
        try {
            if (const auto* partial = std::get_if<PartialResult>(&event->body)) {
                delivery.result = decodeJobResult(kind, partial->result);
            } else if (const auto* finished = std::get_if<JobFinished>(&event->body)) {
                delivery.result = decodeJobResult(kind, finished->result);
            } else if (const auto* cancelled = std::get_if<JobCancelled>(&event->body)) {
                delivery.result = decodeJobResult(kind, cancelled->result);
            }
        } catch (const Error& error) {
            // A result that cannot be read is a failure of the job, not of the window.
            delivery.event = std::make_shared<const Event>(
                Event{event->job, event->time,
                      JobFailed{std::string(toString(error.code())), error.what()}});
        }
        return delivery;
    }

    template <typename Body>
    void dropOlder(const Delivery& newest)
    {
        if (holds<Body>(newest)) {
            std::erase_if(m_deliveries, [&](const Delivery& old) {
                return old.event->job == newest.event->job && holds<Body>(old);
            });
        }
    }

    std::mutex m_mutex;
    std::function<void()> m_wake;
    std::vector<Delivery> m_deliveries;
    std::unordered_map<JobId, std::string> m_kinds;
};

EngineBridge::EngineBridge(int threads, QObject* parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDeliveryMs);
    connect(&m_timer, &QTimer::timeout, this, &EngineBridge::deliver);
    m_mailbox = std::make_shared<Mailbox>([this] {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_timer.isActive()) {
                    m_timer.start();
                }
            },
            Qt::QueuedConnection);
    });
    m_engine = std::make_unique<engine::Engine>(engine::Engine::Options{.threads = threads,
                                                                        .niceness = kNiceness,
                                                                        .devicesMayChange = true},
                                                m_mailbox);
}

EngineBridge::~EngineBridge()
{
    m_mailbox->detach();
    m_engine.reset();
}

JobId EngineBridge::submit(engine::JobRequest request)
{
    return m_engine->submit(std::move(request));
}

void EngineBridge::cancel(JobId job)
{
    m_engine->cancel(job);
}

void EngineBridge::pause(JobId job)
{
    m_engine->pause(job);
}

void EngineBridge::resume(JobId job)
{
    m_engine->resume(job);
}

void EngineBridge::steer(JobId job, engine::SearchOrders orders)
{
    m_engine->steer(job, std::move(orders));
}

void EngineBridge::deliver()
{
    for (const Delivery& delivery : m_mailbox->takeAll()) {
        const JobId job = delivery.event->job;
        const auto& body = delivery.event->body;
        Q_EMIT happened(delivery.event);
        if (const auto* started = std::get_if<JobStarted>(&body)) {
            Q_EMIT jobStarted(job, *started);
        } else if (const auto* progress = std::get_if<Progress>(&body)) {
            Q_EMIT jobProgressed(job, *progress);
        } else if (const auto* metric = std::get_if<Metric>(&body)) {
            Q_EMIT jobMeasured(job, *metric);
        } else if (const auto* line = std::get_if<LogLine>(&body)) {
            Q_EMIT jobLogged(job, *line);
        } else if (holds<PartialResult>(delivery)) {
            Q_EMIT jobLearned(job, delivery.result);
        } else if (holds<JobFinished>(delivery)) {
            Q_EMIT jobFinished(job, delivery.result);
        } else if (const auto* failed = std::get_if<JobFailed>(&body)) {
            Q_EMIT jobFailed(job, *failed);
        } else if (holds<JobCancelled>(delivery)) {
            Q_EMIT jobCancelled(job, delivery.result);
        }
    }
}

} // namespace bitloom::workbench
