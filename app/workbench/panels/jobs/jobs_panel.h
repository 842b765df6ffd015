// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"
#include "widgets/views/panel.h"

#include <QHash>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QSplitter;
class QTreeView;

namespace bitloom::workbench {

class JobButtons;
class JobModel;

/// What runs and what has run: one line each with its phase, progress, rate, time left and buttons;
/// beside them, when asked for, the log of one job.
///
/// Keyboard on a line: Space pauses and goes on, Delete cancels, L opens the log, Return shows the
/// result.
class JobsPanel final : public ui::Panel {
    Q_OBJECT
public:
    static constexpr int kMemoryMs = 1000;

    /// The center must outlive the panel.
    explicit JobsPanel(JobCenter& center, QWidget* parent = nullptr);
    ~JobsPanel() override;

    QList<ui::Picture> pictures() const override;
    /// Opens the log of this job; nothing happens for one that is not listed.
    void showLog(JobId job);
    /// The job whose log is shown; 0: none.
    JobId shownLog() const { return m_logJob; }

Q_SIGNALS:
    /// The user wants to see what a finished job found: the panel of this id shows it.
    void resultRequested(const QString& panel);

protected:
    void refresh() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeLogPane();
    void addRowActions();
    JobId currentJob() const;
    void togglePause(JobId job);
    void placeButtons();
    void updateMemory();
    void updateLog();

    JobCenter& m_center;
    JobModel* m_model;
    QTreeView* m_view;
    QSplitter* m_splitter;
    QWidget* m_logPane = nullptr;
    QLabel* m_logTitle = nullptr;
    QPlainTextEdit* m_logText = nullptr;
    QLabel* m_memory;
    QAction* m_clear;
    QTimer m_memoryTimer;
    QHash<JobId, JobButtons*> m_buttons;
    JobId m_logJob = 0;
};

} // namespace bitloom::workbench
