// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/job_progress.h"

#include "app/workbench/panels/jobs/job_model.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace bitloom::workbench {

JobProgress::JobProgress(JobCenter& center, const QString& name, QWidget* parent)
    : QWidget(parent), m_center(center), m_phase(new QLabel), m_bar(new QProgressBar),
      m_stop(new QPushButton), m_gate(this, [this] { refresh(); })
{
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    m_bar->setAccessibleName(name);
    m_stop->setIcon(ui::icon(QStringLiteral("stop")));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_phase);
    layout->addWidget(m_bar, 1);
    layout->addWidget(m_stop);
    hide();

    connect(&center, &JobCenter::rowChanged, this, [this] {
        if (m_job != 0) {
            m_gate.markDirty();
        }
    });
    connect(m_stop, &QPushButton::clicked, this, &JobProgress::stopRequested);
}

void JobProgress::setStop(const QString& text, const QString& name, const QString& help)
{
    m_stop->setText(text);
    m_stop->setAccessibleName(name);
    ui::setHelp(*m_stop, help);
}

void JobProgress::setPause(const QString& help)
{
    m_pauseHelp = help;
    m_pause = new QPushButton(tr("Pause"));
    m_pause->setIcon(ui::icon(QStringLiteral("pause")));
    m_pause->setAccessibleName(tr("Pause or go on"));
    m_pause->setAccessibleDescription(help);
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->insertWidget(row->indexOf(m_stop), m_pause);
    connect(m_pause, &QPushButton::clicked, this, &JobProgress::togglePause);
}

void JobProgress::setJob(JobId job, int waiting)
{
    m_job = job;
    m_waiting = waiting;
    refresh();
}

void JobProgress::togglePause()
{
    const JobRow* job = m_center.row(m_job);
    if (job != nullptr && job->state == JobState::Paused) {
        m_center.resume(m_job);
    } else if (job != nullptr) {
        m_center.pause(m_job);
    }
}

void JobProgress::refresh()
{
    const JobRow* job = m_job == 0 ? nullptr : m_center.row(m_job);
    setVisible(job != nullptr);
    if (job == nullptr) {
        return;
    }
    const QString progress = QStringLiteral("%1  %2").arg(statusText(*job), timeText(*job));
    m_phase->setText(m_waiting == 0 ? progress
                                    : tr("%1, %n more to come", nullptr, m_waiting).arg(progress));
    const auto done = fractionDone(*job);
    m_bar->setRange(0, done ? 1000 : 0);
    m_bar->setValue(done ? static_cast<int>(*done * 1000) : 0);
    const bool isStopping = job->state == JobState::Stopping;
    m_stop->setEnabled(!isStopping);
    if (m_pause != nullptr) {
        const bool isPaused = job->state == JobState::Paused;
        m_pause->setText(isPaused ? tr("Go on") : tr("Pause"));
        ui::setHelp(*m_pause, isPaused ? tr("Go on where it stopped.") : m_pauseHelp);
        m_pause->setEnabled(!isStopping);
    }
}

} // namespace bitloom::workbench
