// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/jobs/engine_bridge.h"
#include "core/types/option_schema.h"
#include "core/types/search_result.h"

#include <QObject>
#include <QString>

namespace bitloom::workbench {

class DataChoice;
class JobCenter;
class PlanDocument;
class ProjectStore;

/// What a search does, beside model and images.
struct SearchSettings {
    std::string method;      ///< of the method catalog
    OptionValues options;    ///< complete
    QString name;            ///< of the run, in the project's runs and exports
    std::int64_t images = 0; ///< first ones of the training split; 0: all
};

/// Searches of the open model: starts one at a time and gives the document what it came to.
/// GUI thread only.
class SearchRun final : public QObject {
    Q_OBJECT
public:
    /// All references must outlive the run.
    SearchRun(PlanDocument& document, JobCenter& jobs, DataChoice& choice, ProjectStore& store,
              CommandLineOf commandLine, QObject* parent = nullptr);

    /// Why no search can start, one sentence; empty: start() will do.
    QString problem() const;
    /// The run goes on if one of this name and these settings was stopped.
    void start(const SearchSettings& settings);
    /// 0: no search is running.
    JobId job() const { return m_job; }

Q_SIGNALS:
    void stateChanged();
    /// run: its name.
    void found(const bitloom::SearchResult& result, const QString& run);
    void failed(const QString& run, const QString& code, const QString& message);

private:
    PlanDocument& m_document;
    JobCenter& m_jobs;
    DataChoice& m_choice;
    ProjectStore& m_store;
    CommandLineOf m_commandLine;
    JobId m_job = 0;
};

} // namespace bitloom::workbench
