// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"
#include "widgets/util/refresh_gate.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace bitloom::workbench {

/// How far a job of a panel is: its phase, the time left, a bar, and what can be done to it.
/// Takes no room while there is no job.
class JobProgress final : public QWidget {
    Q_OBJECT
public:
    /// name: what the bar measures, for those who do not see it. The center must outlive the row.
    JobProgress(JobCenter& center, const QString& name, QWidget* parent = nullptr);

    /// The button that emits stopRequested().
    void setStop(const QString& text, const QString& name, const QString& help);
    /// Adds a button that pauses the job and lets it go on.
    void setPause(const QString& help);
    /// 0: none. waiting: jobs that come after it.
    void setJob(JobId job, int waiting = 0);

Q_SIGNALS:
    void stopRequested();

private:
    void refresh();
    void togglePause();

    JobCenter& m_center;
    JobId m_job = 0;
    int m_waiting = 0;
    QString m_pauseHelp;
    QLabel* m_phase;
    QProgressBar* m_bar;
    QPushButton* m_pause = nullptr; ///< where jobs can stand still
    QPushButton* m_stop;
    ui::RefreshGate m_gate;
};

} // namespace bitloom::workbench
