// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/run_facts.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/project/serial_worker.h"
#include "core/types/event.h"
#include "core/types/watched_run.h"

#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <vector>

namespace bitloom {
class Error;
namespace engine {
struct RunFound;
}
namespace io {
struct RunEventsNews;
}
} // namespace bitloom

namespace bitloom::workbench {

class ProjectStore;
class RunView;

/// One run of the open project.
struct RunEntry {
    enum class Where {
        Here,      ///< goes on in this window
        Elsewhere, ///< goes on in another process
        Kept       ///< has ended, or was killed
    };
    QString name;
    Where where = Where::Kept;
    bool operator==(const RunEntry&) const = default;
};

/// Brings runs into the view: the events of searches of this window, files of runs that have ended,
/// and the events file of a run of another process while it is written. Files are read on a thread
/// of its own. GUI thread only.
class RunFeed final : public QObject {
    Q_OBJECT
public:
    static constexpr int kFollowMs = 200; ///< between two looks at a file that grows
    static constexpr int kListMs = 2000;  ///< between two looks at the folder

    RunFeed(JobCenter& jobs, ProjectStore& store, RunView& view, QObject* parent = nullptr);
    ~RunFeed() override;

    /// Of the open project, the one that changed last first.
    const std::vector<RunEntry>& entries() const { return m_entries; }
    /// Shows a run of the project; it is there once it was read.
    void open(const QString& name);
    /// A run of another process goes on now; empty: none.
    QString runElsewhere() const;
    /// Whether runs that others begin are looked for: only while somebody sees the list.
    void setWatching(bool watching);

Q_SIGNALS:
    void entriesChanged();
    /// A search of this window has begun and is shown.
    void searchStarted(const QString& name);
    /// what: "read the run": for a sentence that begins with "Could not".
    void failed(const QString& what, const QString& code, const QString& message);

private:
    struct Live {
        QString name;
        QString folder; ///< of its project
        std::shared_ptr<WatchedRun> run;
        RunFacts facts;
    };
    struct Follower;

    void begin(JobId job, const JobOrder& order);
    void take(const EventPtr& event);
    void showPause(const Live& live, JobState state);
    void list();
    void takeList(const std::vector<engine::RunFound>& found);
    const Live* liveNamed(const QString& name) const;
    void readKept(const QString& name);
    void follow(const QString& name);
    void readOn();
    void takeNews(const io::RunEventsNews& news, bool isAlive);
    void report(const QString& what, const Error& error);
    void clear();

    JobCenter& m_jobs;
    ProjectStore& m_store;
    RunView& m_view;
    std::vector<RunEntry> m_entries;
    QHash<JobId, Live> m_live; ///< searches of this window, also those that have ended
    std::shared_ptr<Follower> m_follower;
    quint64 m_question = 0; ///< answers to older ones are dropped
    QTimer m_followTimer;
    QTimer m_listTimer;
    bool m_isListing = false;
    std::unique_ptr<SerialWorker> m_worker;
};

} // namespace bitloom::workbench
