// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/project/run_feed.h"

#include "app/workbench/document/run_view.h"
#include "app/workbench/project/project_store.h"
#include "core/base/error.h"
#include "core/engine/project_runs.h"
#include "core/io/events/run_events.h"
#include "core/types/run_paths.h"

#include <algorithm>
#include <filesystem>
#include <variant>

namespace bitloom::workbench {

namespace fs = std::filesystem;

namespace {
RunFacts factsOf(const engine::SearchJob& job, const JobCenter& jobs)
{
    RunFacts facts;
    facts.method = QString::fromStdString(job.method);
    facts.data = QString::fromStdString(job.data.spec);
    facts.device = jobs.device();
    facts.seed = jobs.seed();
    addOptions(facts, QByteArray::fromStdString(toJson(job.options)));
    return facts;
}

std::shared_ptr<WatchedRun> watched(engine::KeptRun kept)
{
    auto run = std::make_shared<WatchedRun>();
    run->state = kept.result.empty() ? WatchedRun::State::Stopped : WatchedRun::State::Finished;
    run->history = std::move(kept.history);
    run->result = std::move(kept.result);
    return run;
}
} // namespace

/// An events file that is read on while it grows. The reader belongs to the worker, the run to the
/// GUI thread.
struct RunFeed::Follower {
    explicit Follower(const fs::path& file) : events(file), reader(file) {}

    fs::path events;
    io::RunEventsReader reader;
    std::shared_ptr<WatchedRun> run = std::make_shared<WatchedRun>();
    bool isReading = false;
};

RunFeed::RunFeed(JobCenter& jobs, ProjectStore& store, RunView& view, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_store(store), m_view(view),
      m_worker(std::make_unique<SerialWorker>())
{
    m_followTimer.setInterval(kFollowMs);
    m_listTimer.setInterval(kListMs);
    connect(&m_followTimer, &QTimer::timeout, this, &RunFeed::readOn);
    connect(&m_listTimer, &QTimer::timeout, this, &RunFeed::list);
    connect(&jobs, &JobCenter::orderStarted, this, &RunFeed::begin);
    connect(&jobs, &JobCenter::happened, this, &RunFeed::take);
    connect(&jobs, &JobCenter::rowChanged, this, [this](int index) {
        const JobRow& row = m_jobs.rows().at(static_cast<std::size_t>(index));
        const auto live = m_live.constFind(row.id);
        if (live != m_live.constEnd()) {
            showPause(*live, row.state);
        }
    });
    connect(&store, &ProjectStore::opened, this, [this] {
        clear();
        list();
    });
    connect(&store, &ProjectStore::closed, this, &RunFeed::clear);
}

RunFeed::~RunFeed() = default;

void RunFeed::clear()
{
    ++m_question;
    m_follower.reset();
    m_followTimer.stop();
    m_entries.clear();
    // A search that goes on belongs to its own project's folder and is heard there still.
    m_view.clear();
    Q_EMIT entriesChanged();
}

void RunFeed::begin(JobId job, const JobOrder& order)
{
    const auto* search = std::get_if<engine::SearchJob>(&order.spec);
    if (search == nullptr) {
        return;
    }
    Live live{QString::fromStdString(runNameOf(search->runFile)),
              QString::fromStdString(projectOfRunFile(search->runFile).string()),
              std::make_shared<WatchedRun>(), factsOf(*search, m_jobs)};
    // A run that goes on under its name takes the place of its earlier stretch.
    m_live.removeIf([&live](QHash<JobId, Live>::iterator old) {
        return old.value().name == live.name && old.value().folder == live.folder;
    });
    m_live.insert(job, live);
    if (live.folder != m_store.folder()) {
        return;
    }
    ++m_question;
    m_follower.reset();
    m_view.show(live.name, RunView::Source::Here, live.run, live.facts);
    list();
    Q_EMIT searchStarted(live.name);
}

void RunFeed::take(const EventPtr& event)
{
    const auto live = m_live.constFind(event->job);
    if (live == m_live.constEnd()) {
        return;
    }
    live->run->apply(*event);
    if (const JobRow* row = m_jobs.row(event->job)) {
        showPause(*live, row->state);
    }
    m_view.noteGrowth(live->run.get());
    const bool hasEnded = std::holds_alternative<JobFinished>(event->body) ||
                          std::holds_alternative<JobFailed>(event->body) ||
                          std::holds_alternative<JobCancelled>(event->body);
    if (hasEnded) {
        list();
    }
}

/// A run may pause by itself; a pause that was asked for shows before the run has said so.
void RunFeed::showPause(const Live& live, JobState state)
{
    if (!m_view.isEmpty() && live.run.get() == &m_view.run()) {
        m_view.setPaused(state == JobState::Paused || live.run->isPaused);
    }
}

const RunFeed::Live* RunFeed::liveNamed(const QString& name) const
{
    const auto found = std::find_if(m_live.cbegin(), m_live.cend(), [&](const Live& live) {
        return live.name == name && live.folder == m_store.folder();
    });
    return found == m_live.cend() ? nullptr : &found.value();
}

void RunFeed::setWatching(bool watching)
{
    if (watching && m_store.isOpen()) {
        list();
    }
    if (watching != m_listTimer.isActive()) {
        watching ? m_listTimer.start() : m_listTimer.stop();
    }
}

void RunFeed::list()
{
    if (!m_store.isOpen() || m_isListing) {
        return;
    }
    m_isListing = true;
    m_worker->run([this, folder = m_store.folder()] {
        std::vector<engine::RunFound> found;
        try {
            found = engine::findRuns(folder.toStdString());
        } catch (const Error& error) {
            report(tr("list the runs"), error);
        }
        QMetaObject::invokeMethod(
            this,
            [this, folder, found = std::move(found)] {
                m_isListing = false;
                if (folder == m_store.folder()) {
                    takeList(found);
                } else {
                    list(); // another project meanwhile
                }
            },
            Qt::QueuedConnection);
    });
}

void RunFeed::takeList(const std::vector<engine::RunFound>& found)
{
    std::vector<RunEntry> entries;
    const auto isActive = [this](const QString& name) {
        const Live* live = liveNamed(name);
        return live != nullptr && (live->run->state == WatchedRun::State::Running ||
                                   live->run->state == WatchedRun::State::Unknown);
    };
    // A search that has just begun has no file yet.
    for (const Live& live : std::as_const(m_live)) {
        if (live.folder == m_store.folder() && isActive(live.name)) {
            entries.push_back({live.name, RunEntry::Where::Here});
        }
    }
    for (const engine::RunFound& run : found) {
        const QString name = QString::fromStdString(run.name);
        if (!isActive(name)) {
            entries.push_back(
                {name, run.isAlive ? RunEntry::Where::Elsewhere : RunEntry::Where::Kept});
        }
    }
    if (entries == m_entries) {
        return;
    }
    m_entries = std::move(entries);
    Q_EMIT entriesChanged();
    if (m_view.isEmpty() && !m_entries.empty()) {
        open(m_entries.front().name); // a project shows what it did last
    }
}

QString RunFeed::runElsewhere() const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [](const RunEntry& run) {
        return run.where == RunEntry::Where::Elsewhere;
    });
    return found == m_entries.end() ? QString() : found->name;
}

void RunFeed::open(const QString& name)
{
    ++m_question;
    m_follower.reset();
    m_followTimer.stop();
    if (const Live* live = liveNamed(name)) {
        m_view.show(name, RunView::Source::Here, live->run, live->facts);
        return;
    }
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&name](const RunEntry& run) { return run.name == name; });
    if (entry != m_entries.end() && entry->where == RunEntry::Where::Elsewhere) {
        follow(name);
    } else {
        readKept(name);
    }
}

void RunFeed::readKept(const QString& name)
{
    const fs::path file(m_store.runFile(name).toStdString());
    m_worker->run([this, question = m_question, name, file] {
        try {
            if (!fs::exists(file)) { // killed before its first checkpoint: its events are left
                QMetaObject::invokeMethod(
                    this,
                    [this, question, name] {
                        if (question == m_question) {
                            follow(name);
                        }
                    },
                    Qt::QueuedConnection);
                return;
            }
            engine::KeptRun kept = engine::readKeptRun(file);
            const RunFacts facts = runFactsFromRequest(QByteArray::fromStdString(kept.request));
            QMetaObject::invokeMethod(
                this,
                [this, question, name, facts, run = watched(std::move(kept))] {
                    if (question == m_question) {
                        m_view.show(name, RunView::Source::Kept, run, facts);
                    }
                },
                Qt::QueuedConnection);
        } catch (const Error& error) {
            report(tr("read the run"), error);
        }
    });
}

void RunFeed::follow(const QString& name)
{
    const fs::path file(m_store.runFile(name).toStdString());
    m_follower = std::make_shared<Follower>(runEventsPath(file));
    m_view.show(name, RunView::Source::Elsewhere, m_follower->run, {});
    m_followTimer.start();
    readOn();
    m_worker->run([this, question = m_question, file] {
        try {
            if (!fs::exists(file)) {
                return; // before its first checkpoint
            }
            const RunFacts facts =
                runFactsFromRequest(QByteArray::fromStdString(engine::readKeptRun(file).request));
            QMetaObject::invokeMethod(
                this,
                [this, question, facts] {
                    if (question == m_question) {
                        m_view.setFacts(facts);
                    }
                },
                Qt::QueuedConnection);
        } catch (const Error& error) {
            report(tr("read the run"), error);
        }
    });
}

void RunFeed::readOn()
{
    if (m_follower == nullptr || m_follower->isReading) {
        return;
    }
    m_follower->isReading = true;
    m_worker->run([this, follower = m_follower] {
        auto news = std::make_shared<io::RunEventsNews>();
        bool isAlive = false;
        try {
            // First: what is written between the two would otherwise be missed for good.
            isAlive = io::isRunAlive(follower->events);
            *news = follower->reader.read();
        } catch (const Error& error) {
            report(tr("follow the run"), error);
        }
        QMetaObject::invokeMethod(
            this,
            [this, follower, news, isAlive] {
                follower->isReading = false;
                if (follower == m_follower) {
                    takeNews(*news, isAlive);
                }
            },
            Qt::QueuedConnection);
    });
}

void RunFeed::takeNews(const io::RunEventsNews& news, bool isAlive)
{
    WatchedRun& run = *m_follower->run;
    if (news.restarted && run.state != WatchedRun::State::Unknown) {
        const std::size_t rewrites = run.rewrites;
        run = WatchedRun();
        run.rewrites = rewrites + 1;
    }
    for (const Event& event : news.events) {
        run.apply(event);
    }
    if (!isAlive && !news.hasMore) {
        m_followTimer.stop();
        if (run.state == WatchedRun::State::Running || run.state == WatchedRun::State::Unknown) {
            run.state = WatchedRun::State::Stopped; // its process has gone without a word
        }
        list();
    }
    m_view.setPaused(run.isPaused);
    if (!news.events.empty() || !isAlive) {
        m_view.noteGrowth(&run);
    }
    if (news.hasMore) {
        readOn();
    }
}

void RunFeed::report(const QString& what, const Error& error)
{
    QMetaObject::invokeMethod(
        this,
        [this, what, code = QString::fromStdString(std::string(toString(error.code()))),
         message = QString::fromUtf8(error.what())] { Q_EMIT failed(what, code, message); },
        Qt::QueuedConnection);
}

} // namespace bitloom::workbench
