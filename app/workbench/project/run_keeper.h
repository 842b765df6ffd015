// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"

#include <QObject>

namespace bitloom::workbench {

class PlanDocument;
class ProjectStore;

/// Keeps in the project's folder what the window's jobs found, as a command with --project does:
/// the record of the run, the answers to the images, the packed file with the histograms of its
/// plan, the course of a training. GUI thread only.
class RunKeeper final : public QObject {
    Q_OBJECT
public:
    /// All references must outlive the keeper.
    RunKeeper(PlanDocument& document, JobCenter& jobs, ProjectStore& store,
              QObject* parent = nullptr);

private:
    void keep(const JobOrder& order, const JobResult& result);
    void record(const JobOrder& order, const JobResult& result);
    void keepHistograms(const engine::PackJob& job);

    PlanDocument& m_document;
    JobCenter& m_jobs;
    ProjectStore& m_store;
};

} // namespace bitloom::workbench
