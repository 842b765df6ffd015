// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/running_job.h"

#include "core/base/error.h"
#include "core/engine/device.h"
#include "core/engine/job_context.h"
#include "core/io/events/run_events_writer.h"

#include <new>
#include <type_traits>
#include <utility>

namespace bitloom::engine {

namespace {
double secondsSinceEpoch()
{
    using namespace std::chrono;
    return duration<double>(system_clock::now().time_since_epoch()).count();
}
} // namespace

Progress ProgressMeter::measure(const ProgressReport& report)
{
    const auto now = std::chrono::steady_clock::now();
    if (report.phase != m_phase || report.done < m_firstDone) {
        m_phase = report.phase;
        m_firstDone = report.done;
        m_start = now;
    }
    Progress progress{report.phase, report.done, report.total, report.unit, 0, std::nullopt};
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    const auto made = static_cast<double>(report.done - m_firstDone);
    if (seconds > 0.2 && made > 0) {
        progress.ratePerSecond = made / seconds;
        if (report.total > 0) {
            progress.etaSeconds =
                static_cast<double>(report.total - report.done) / progress.ratePerSecond;
        }
    }
    return progress;
}

RunningJob::RunningJob(JobId id, JobRequest request, std::shared_ptr<EventSink> sink)
    : m_id(id), m_request(std::move(request)), m_sink(std::move(sink)),
      m_control(
          [this](const ProgressReport& report) {
              Progress progress;
              {
                  const std::lock_guard lock(m_emitMutex);
                  progress = m_meter.measure(report);
              }
              emit(std::move(progress));
          },
          [this](bool isPaused, const std::string& reason) {
              if (isPaused) {
                  emit(JobPaused{reason});
              } else {
                  emit(JobResumed{});
              }
          })
{
}

void RunningJob::supersede()
{
    {
        const std::lock_guard lock(m_emitMutex);
        m_superseded = true;
    }
    m_control.requestStop();
}

RunningJob::~RunningJob() = default;

void RunningJob::keepEvents(const std::filesystem::path& file, bool continued)
{
    const std::lock_guard lock(m_emitMutex);
    m_events = std::make_unique<io::RunEventsWriter>(file, continued);
    for (const EventPtr& event : m_early) {
        writeDown(event);
    }
    m_early.clear();
}

/// A run does not end because nobody else can follow it: its history is in its file.
void RunningJob::writeDown(const EventPtr& event)
{
    if (!m_events) {
        if (std::holds_alternative<SearchJob>(m_request.spec) &&
            !std::holds_alternative<Progress>(event->body)) {
            m_early.push_back(event);
        }
        return;
    }
    const bool failed = !m_events->append(*event);
    if (failed && !std::exchange(m_eventsFailed, true)) {
        m_sink->post(std::make_shared<const Event>(
            Event{m_id, event->time,
                  LogLine{LogLine::Level::Warning,
                          m_events->file().string() + " cannot be written (" + m_events->failure() +
                              "): the run goes on, but others cannot follow it"}}));
    }
}

void RunningJob::steer(SearchOrders orders)
{
    const std::lock_guard lock(m_ordersMutex);
    m_orders.push_back(std::move(orders));
}

std::optional<SearchOrders> RunningJob::takeOrders()
{
    const std::lock_guard lock(m_ordersMutex);
    if (m_orders.empty()) {
        return std::nullopt;
    }
    SearchOrders oldest = std::move(m_orders.front());
    m_orders.pop_front();
    return oldest;
}

template <typename Body>
void RunningJob::emit(Body body)
{
    constexpr bool isLast = std::is_same_v<Body, JobFinished> || std::is_same_v<Body, JobFailed> ||
                            std::is_same_v<Body, JobCancelled>;
    const std::lock_guard lock(m_emitMutex);
    if (!m_superseded) {
        const auto event =
            std::make_shared<const Event>(Event{m_id, secondsSinceEpoch(), std::move(body)});
        writeDown(event); // first: the last event may end the process
        if constexpr (isLast) {
            m_events.reset();
        }
        m_sink->post(event);
    } else if constexpr (isLast) {
        m_sink->post(
            std::make_shared<const Event>(Event{m_id, secondsSinceEpoch(), JobCancelled{}}));
    }
}

void RunningJob::run(ModelStore& models)
{
    if (m_control.stopRequested()) {
        emit(JobCancelled{});
        return;
    }
    const std::string kind = kindOf(m_request.spec);
    emit(JobStarted{kind, kind, m_request.device});
    if (m_control.isPaused()) { // while it waited for its turn
        emit(JobPaused{});
    }
    try {
        JobContext context{m_control,
                           m_request.device,
                           m_request.seed,
                           models,
                           [this](JobMessage message) {
                               std::visit([this](auto& body) { emit(std::move(body)); }, message);
                           },
                           [this](const std::filesystem::path& file, bool continued) {
                               keepEvents(file, continued);
                           },
                           [this] { return takeOrders(); }};
        const DeviceGuard device(m_request.device);
        JobOutcome outcome = std::visit(
            [&](const auto& spec) { return engine::run(spec, context); }, m_request.spec);
        if (outcome.finished) {
            emit(JobFinished{std::move(outcome.result)});
        } else {
            emit(JobCancelled{std::move(outcome.result)});
        }
    } catch (const Error& error) {
        emit(JobFailed{std::string(toString(error.code())), error.what()});
    } catch (const std::bad_alloc&) {
        emit(JobFailed{std::string(toString(ErrorCode::OutOfMemory)),
                       "there is not enough memory for this job"});
    } catch (const std::exception& error) {
        emit(JobFailed{std::string(toString(ErrorCode::Internal)), error.what()});
    }
}

} // namespace bitloom::engine
