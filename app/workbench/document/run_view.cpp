// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/run_view.h"

#include <utility>

namespace bitloom::workbench {

RunView::RunView(QObject* parent) : QObject(parent)
{
    m_updates.setSingleShot(true);
    m_updates.setInterval(kUpdateMs);
    connect(&m_updates, &QTimer::timeout, this, &RunView::updated);
}

bool RunView::isRunning() const
{
    return m_run != nullptr && m_source != Source::Kept &&
           (m_run->state == WatchedRun::State::Running ||
            m_run->state == WatchedRun::State::Unknown);
}

void RunView::setTime(std::optional<std::int64_t> step)
{
    if (step != m_time) {
        m_time = step;
        Q_EMIT timeChanged();
    }
}

void RunView::show(const QString& name, Source source, std::shared_ptr<const WatchedRun> run,
                   RunFacts facts)
{
    m_name = name;
    m_source = source;
    m_run = std::move(run);
    m_facts = std::move(facts);
    m_isPaused = false;
    m_outcome.reset();
    readOutcome();
    m_time.reset();
    m_rewrites = m_run == nullptr ? 0 : m_run->rewrites;
    m_updates.stop();
    Q_EMIT runChanged();
    Q_EMIT timeChanged();
}

void RunView::readOutcome()
{
    if (m_run == nullptr || m_run->result.empty()) {
        m_outcome.reset(); // it goes on
    } else if (!m_outcome) {
        m_outcome = runOutcomeFrom(QByteArray::fromStdString(m_run->result));
    }
}

void RunView::clear()
{
    if (!isEmpty()) {
        show({}, Source::Kept, nullptr, {});
    }
}

void RunView::noteGrowth(const WatchedRun* run)
{
    if (run != m_run.get() || isEmpty()) {
        return;
    }
    readOutcome();
    if (m_rewrites != m_run->rewrites) { // the step that was looked at may be gone
        m_rewrites = m_run->rewrites;
        setTime(std::nullopt);
    }
    if (!m_updates.isActive()) {
        m_updates.start();
    }
}

void RunView::setFacts(RunFacts facts)
{
    m_facts = std::move(facts);
    noteGrowth(m_run.get());
}

void RunView::setPaused(bool paused)
{
    if (paused != m_isPaused) {
        m_isPaused = paused;
        noteGrowth(m_run.get());
    }
}

} // namespace bitloom::workbench
