// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/engine_bridge.h"

#include <QDateTime>
#include <QHash>
#include <QPointer>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace bitloom::workbench {

enum class JobState { Queued, Running, Paused, Stopping, Finished, Failed, Cancelled };

/// One line of the jobs panel.
struct JobRow {
    JobId id = 0;
    QString title;       ///< "Evaluate w4a8"
    QString commandLine; ///< what repeats it without a window
    QString device;
    QString resultPanel; ///< id of the panel that shows what it found; empty: none
    JobState state = JobState::Queued;
    std::optional<Progress> progress;
    QString outcome; ///< one sentence when it has ended: the result or the error
    QString errorCode;
    QDateTime started;
    QDateTime ended;
    QStringList log;

    bool isActive() const
    {
        return state == JobState::Queued || state == JobState::Running ||
               state == JobState::Paused || state == JobState::Stopping;
    }
    bool hasResult() const { return state == JobState::Finished && !resultPanel.isEmpty(); }
};

/// What is to happen with a job's results. The functions run in the GUI thread, and not at all once
/// the context object is gone: results of a model that was closed are dropped.
struct JobOrder {
    engine::JobSpec spec;
    QString title;
    QString commandLine; ///< empty for previews, which are neither listed nor logged
    QString resultPanel; ///< as in JobRow
    QString slot;        ///< a newer job of the same slot replaces the older one
    std::function<void(const JobResult&)> onPartial;
    /// Returns the sentence that the jobs panel shows as the outcome.
    std::function<QString(const JobResult&)> onFinished;
    /// After a failure or a cancellation without it being asked for; the message is a whole
    /// sentence.
    std::function<void(const QString& code, const QString& message)> onFailed;
    std::function<void(const JobResult& bestSoFar)> onCancelled;
};

/// Starts jobs, knows how they are, and hands results to whoever ordered them. GUI thread only.
class JobCenter final : public QObject {
    Q_OBJECT
public:
    explicit JobCenter(EngineBridge& bridge, QObject* parent = nullptr);

    void setDevice(const QString& device) { m_device = device; }
    QString device() const { return m_device; }
    void setSeed(quint64 seed) { m_seed = seed; }
    quint64 seed() const { return m_seed; }

    /// A device that does not exist here is told as any other failure; the id is 0 then.
    JobId start(JobOrder order, QObject* context);
    void cancel(JobId job);
    void pause(JobId job);
    void resume(JobId job);
    /// Changes a search between two of its steps (engine::Engine::steer).
    void steer(JobId job, engine::SearchOrders orders);
    void cancelAll();

    const std::vector<JobRow>& rows() const { return m_rows; } ///< oldest first
    const JobRow* row(JobId job) const;
    bool isBusy() const; ///< a listed job is queued or running
    /// No job at all is queued or running, previews included.
    bool isIdle() const { return m_pending.isEmpty(); }
    void removeEnded();

Q_SIGNALS:
    void rowsReset();
    void rowAdded(int index);
    void rowChanged(int index);
    void busyChanged(bool busy);
    /// A listed job was ordered; none of its events has come yet.
    void orderStarted(bitloom::JobId job, const bitloom::workbench::JobOrder& order);
    /// Each event of any job, as it happened.
    void happened(const bitloom::EventPtr& event);
    /// A listed job was started: its command line belongs into the log.
    void commandStarted(const QString& commandLine);
    void logged(bitloom::LogLine::Level level, const QString& text);
    /// A listed job of the open model has ended well; whoever ordered it knows already.
    void finished(const bitloom::workbench::JobOrder& order,
                  const bitloom::workbench::JobResult& result);
    /// A listed job has failed, and who ordered it did not take the failure.
    void failed(const QString& title, const QString& code, const QString& message);

private:
    struct Pending {
        JobOrder order;
        QPointer<QObject> context;
    };
    void tellFailure(const Pending& pending, const QString& code, const QString& message);
    JobRow* find(JobId job);
    void changed(const JobRow& row);
    void end(JobId job, JobState state, const QString& outcome);
    void updateBusy();

    EngineBridge& m_bridge;
    QString m_device = QStringLiteral("cpu");
    quint64 m_seed = 0;
    std::vector<JobRow> m_rows;
    QHash<JobId, Pending> m_pending;
    bool m_busy = false;
};

} // namespace bitloom::workbench
