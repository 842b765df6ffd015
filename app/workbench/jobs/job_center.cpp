// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/jobs/phrase_text.h"

#include "core/base/error.h"

#include <algorithm>
#include <string_view>

namespace bitloom::workbench {

namespace {
constexpr qsizetype kMaxLogLines = 1000;
}

JobCenter::JobCenter(EngineBridge& bridge, QObject* parent) : QObject(parent), m_bridge(bridge)
{
    connect(&bridge, &EngineBridge::happened, this, &JobCenter::happened);
    connect(&bridge, &EngineBridge::jobStarted, this, [this](JobId job, const JobStarted& event) {
        if (JobRow* row = find(job)) {
            row->state = JobState::Running;
            row->device = QString::fromStdString(event.device);
            row->started = QDateTime::currentDateTime();
            changed(*row);
        }
    });
    connect(&bridge, &EngineBridge::jobProgressed, this,
            [this](JobId job, const Progress& progress) {
                if (JobRow* row = find(job)) {
                    row->progress = progress;
                    changed(*row);
                }
            });
    connect(&bridge, &EngineBridge::jobLogged, this, [this](JobId job, const LogLine& line) {
        const QString text = phraseText(line.text);
        if (JobRow* row = find(job)) {
            if (row->log.size() < kMaxLogLines) {
                row->log << text;
            }
            Q_EMIT logged(line.level, text);
        }
    });
    connect(&bridge, &EngineBridge::jobLearned, this, [this](JobId job, const JobResult& soFar) {
        const auto found = m_pending.constFind(job);
        if (found != m_pending.constEnd() && found->context && found->order.onPartial) {
            found->order.onPartial(soFar);
        }
    });
    connect(&bridge, &EngineBridge::jobFinished, this, [this](JobId job, const JobResult& result) {
        const Pending pending = m_pending.take(job);
        QString outcome;
        if (pending.context && pending.order.onFinished) {
            outcome = pending.order.onFinished(result);
        }
        end(job, JobState::Finished, outcome);
        if (pending.context && !pending.order.commandLine.isEmpty()) {
            Q_EMIT finished(pending.order, result);
        }
    });
    connect(&bridge, &EngineBridge::jobFailed, this, [this](JobId job, const JobFailed& failure) {
        const Pending pending = m_pending.take(job);
        const QString code = QString::fromStdString(failure.code);
        const QString message = QString::fromStdString(failure.message);
        if (JobRow* row = find(job)) {
            row->errorCode = code;
        }
        end(job, JobState::Failed, message);
        tellFailure(pending, code, message);
    });
    connect(&bridge, &EngineBridge::jobCancelled, this,
            [this](JobId job, const JobResult& bestSoFar) {
                const Pending pending = m_pending.take(job);
                if (pending.context && pending.order.onCancelled) {
                    pending.order.onCancelled(bestSoFar);
                }
                end(job, JobState::Cancelled, tr("Cancelled"));
            });
}

JobId JobCenter::start(JobOrder order, QObject* context)
{
    engine::JobRequest request;
    request.spec = order.spec;
    request.device = m_device.toStdString();
    request.seed = m_seed;
    request.slot = order.slot.toStdString();
    JobId job = 0;
    try {
        // Events come by the event loop, so none can arrive before the row is there.
        job = m_bridge.submit(std::move(request));
    } catch (const Error& error) { // the device of the settings does not exist here
        const std::string_view name = toString(error.code());
        const auto tell =
            [this, pending = Pending{std::move(order), context},
             code = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
             message = QString::fromUtf8(error.what())] { tellFailure(pending, code, message); };
        QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
        return job;
    }
    const bool listed = !order.commandLine.isEmpty();
    if (listed) {
        JobRow row;
        row.id = job;
        row.title = order.title;
        row.commandLine = order.commandLine;
        row.device = m_device;
        row.resultPanel = order.resultPanel;
        m_rows.push_back(row);
        Q_EMIT commandStarted(order.commandLine);
    }
    m_pending.insert(job, {std::move(order), context});
    if (listed) {
        const JobOrder started = m_pending.value(job).order; // whoever answers may start others
        Q_EMIT orderStarted(job, started);
        Q_EMIT rowAdded(static_cast<int>(m_rows.size()) - 1);
        updateBusy();
    }
    return job;
}

void JobCenter::tellFailure(const Pending& pending, const QString& code, const QString& message)
{
    if (pending.context && pending.order.onFailed) {
        pending.order.onFailed(code, message);
    } else if (!pending.order.commandLine.isEmpty()) {
        Q_EMIT failed(pending.order.title, code, message);
    }
}

void JobCenter::cancel(JobId job)
{
    if (JobRow* row = find(job); row != nullptr && row->isActive()) {
        row->state = JobState::Stopping;
        changed(*row);
    }
    m_bridge.cancel(job);
}

void JobCenter::pause(JobId job)
{
    if (JobRow* row = find(job); row != nullptr && row->state == JobState::Running) {
        m_bridge.pause(job);
        row->state = JobState::Paused;
        changed(*row);
    }
}

void JobCenter::resume(JobId job)
{
    if (JobRow* row = find(job); row != nullptr && row->state == JobState::Paused) {
        m_bridge.resume(job);
        row->state = JobState::Running;
        changed(*row);
    }
}

void JobCenter::steer(JobId job, engine::SearchOrders orders)
{
    if (const JobRow* row = find(job); row != nullptr && row->isActive()) {
        m_bridge.steer(job, std::move(orders));
    }
}

void JobCenter::cancelAll()
{
    const QList<JobId> jobs = m_pending.keys();
    for (const JobId job : jobs) {
        cancel(job);
    }
}

const JobRow* JobCenter::row(JobId job) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [job](const JobRow& row) { return row.id == job; });
    return found == m_rows.end() ? nullptr : &*found;
}

JobRow* JobCenter::find(JobId job)
{
    return const_cast<JobRow*>(row(job));
}

bool JobCenter::isBusy() const
{
    return std::any_of(m_rows.begin(), m_rows.end(),
                       [](const JobRow& row) { return row.isActive(); });
}

void JobCenter::removeEnded()
{
    std::erase_if(m_rows, [](const JobRow& row) { return !row.isActive(); });
    Q_EMIT rowsReset();
}

void JobCenter::changed(const JobRow& row)
{
    Q_EMIT rowChanged(static_cast<int>(&row - m_rows.data()));
}

void JobCenter::end(JobId job, JobState state, const QString& outcome)
{
    if (JobRow* row = find(job)) {
        row->state = state;
        row->outcome = outcome;
        row->ended = QDateTime::currentDateTime();
        changed(*row);
        updateBusy();
    }
}

void JobCenter::updateBusy()
{
    const bool busy = isBusy();
    if (busy != m_busy) {
        m_busy = busy;
        Q_EMIT busyChanged(busy);
    }
}

} // namespace bitloom::workbench
