// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>

namespace bitloom::workbench {

class JobCenter;
class MainWindow;
class PlanDocument;

/// Asks before work would be lost: plans that are not saved, jobs that run. The questions are
/// window-modal and answered by signals: no event loop waits in here. GUI thread only.
class CloseGuard final : public QObject {
    Q_OBJECT
public:
    /// Stores the plans and calls its argument with whether that worked.
    using Saver = std::function<void(std::function<void(bool saved)>)>;

    CloseGuard(MainWindow& window, PlanDocument& document, JobCenter& jobs);

    /// Without a saver the question offers to discard or to stay.
    void setSaver(Saver saver) { m_saver = std::move(saver); }
    /// Plans have changes that are on no disk.
    bool hasUnsavedPlans() const;

    /// Closes the window if the user agrees: asks about plans, then about jobs, stops these, and
    /// closes when they have ended.
    void close();
    /// Calls go at once if nothing would be lost, else when the user agrees.
    void replace(const std::function<void()>& go);
    bool isStopping() const { return m_stopping; }

private:
    void askAboutPlans(const QString& question, const std::function<void()>& go);
    void askAboutJobs();
    void stopAndClose();

    MainWindow& m_window;
    PlanDocument& m_document;
    JobCenter& m_jobs;
    Saver m_saver;
    bool m_asking = false;
    bool m_stopping = false;
};

} // namespace bitloom::workbench
