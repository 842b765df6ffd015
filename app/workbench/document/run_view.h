// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/run_facts.h"
#include "core/types/watched_run.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>

namespace bitloom::workbench {

/// The run that the window shows, and the moment of it: the same whether it goes on here, in
/// another process, or ended long ago. GUI thread only; knows no job and no file.
class RunView final : public QObject {
    Q_OBJECT
public:
    enum class Source {
        Here,      ///< a job of this window
        Elsewhere, ///< of another process, followed while it goes on
        Kept       ///< read from its file
    };
    /// 20 times a second at most: faster than one can read, slow enough to leave the processor to
    /// the run.
    static constexpr int kUpdateMs = 50;

    explicit RunView(QObject* parent = nullptr);

    bool isEmpty() const { return m_run == nullptr; }
    QString name() const { return m_name; }
    Source source() const { return m_source; }
    const RunFacts& facts() const { return m_facts; }
    /// Of a run that has finished.
    const std::optional<RunOutcome>& outcome() const { return m_outcome; }
    /// Only while a run is shown. It grows between two turns of the event loop, never within one;
    /// whoever needs it longer copies it.
    const WatchedRun& run() const { return *m_run; }
    const RunHistory& history() const { return m_run->history; }
    bool isRunning() const;
    bool isPaused() const { return m_isPaused; }

    /// The step that is looked at; nullopt: always the newest.
    std::optional<std::int64_t> time() const { return m_time; }
    void setTime(std::optional<std::int64_t> step);

    /// Shows another run, at its newest step. run: whoever feeds it goes on writing to it.
    void show(const QString& name, Source source, std::shared_ptr<const WatchedRun> run,
              RunFacts facts);
    void clear();
    /// The run has more rows, or another state. Does nothing for a run that is not shown.
    void noteGrowth(const WatchedRun* run);
    void setFacts(RunFacts facts);
    void setPaused(bool paused);

Q_SIGNALS:
    void runChanged();  ///< another run, or none
    void updated();     ///< the shown run goes on; coalesced
    void timeChanged(); ///< also when the run changed

private:
    void readOutcome();

    QString m_name;
    Source m_source = Source::Kept;
    std::shared_ptr<const WatchedRun> m_run;
    RunFacts m_facts;
    std::optional<RunOutcome> m_outcome;
    bool m_isPaused = false;
    std::optional<std::int64_t> m_time;
    std::size_t m_rewrites = 0;
    QTimer m_updates;
};

} // namespace bitloom::workbench
