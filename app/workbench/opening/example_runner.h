// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"

#include <QObject>
#include <QString>

namespace bitloom::workbench {

/// The example project: if this user has it already, it is opened; else its network is trained by a
/// job, which takes seconds, and a project with nothing but that network is made. GUI thread only.
class ExampleRunner final : public QObject {
    Q_OBJECT
public:
    /// folder: where the example is kept; empty: the system's folder for this program's data.
    /// jobs must outlive the runner.
    explicit ExampleRunner(JobCenter& jobs, const QString& folder = {}, QObject* parent = nullptr);
    /// What is unfinished goes.
    ~ExampleRunner() override;

    QString projectFolder() const { return m_project; }
    /// Answers by ready() or failed().
    void start();
    void stop();
    bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    /// total: 0: not known.
    void progressed(int done, int total, const QString& text);
    /// isNew: it was made just now, and nothing was measured in it yet.
    void ready(const QString& projectFolder, bool isNew);
    void failed(const QString& message);
    void stopped();

private:
    QString weights() const;
    void train();
    void tellProgress(int row);
    void makeProject(const std::shared_ptr<const std::vector<EpochResult>>& epochs,
                     const QString& commandLine);
    void giveUp();

    JobCenter& m_jobs;
    QString m_project;
    JobId m_job = 0;
    bool m_isRunning = false;
};

} // namespace bitloom::workbench
