// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStatusBar>

class QLabel;
class QProgressBar;
class QToolButton;

namespace bitloom::ui {
class RefreshGate;
}

namespace bitloom::workbench {

class JobCenter;
class PlanDocument;

/// The line at the bottom: model, plan, cost, device, and the running job with its progress, which
/// a click opens. The jobs dock may be hidden: this line is always there.
class StatusLine final : public QStatusBar {
    Q_OBJECT
public:
    StatusLine(const PlanDocument& document, JobCenter& jobs, QWidget* parent = nullptr);

    /// A sentence for a few seconds, before the line shows its own words again.
    void say(const QString& sentence);
    void setDevice(const QString& device);

Q_SIGNALS:
    void jobClicked();

private:
    void refresh();
    void refreshJob();

    const PlanDocument& m_document;
    JobCenter& m_jobs;
    ui::RefreshGate* m_gate;
    QLabel* m_model;
    QLabel* m_plan;
    QLabel* m_cost;
    QLabel* m_device;
    QToolButton* m_job;
    QProgressBar* m_progress;
};

} // namespace bitloom::workbench
