// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/jobs/engine_bridge.h"
#include "core/types/option_schema.h"
#include "core/types/search_result.h"

#include <QObject>
#include <QString>

#include <algorithm>
#include <vector>

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

/// Searches of the open model, one after the other: starts them and gives the document what they
/// came to. GUI thread only.
class SearchRun final : public QObject {
    Q_OBJECT
public:
    /// All references must outlive the run.
    SearchRun(PlanDocument& document, JobCenter& center, DataChoice& choice, ProjectStore& store,
              CommandLineOf commandLine, QObject* parent = nullptr);

    /// Why no search can start, one sentence; empty: start() will do.
    QString problem() const;
    /// A run goes on if one of this name and these settings was stopped.
    void start(const std::vector<SearchSettings>& searches);
    void stop();
    /// For the one that is running: no more gates are sampled, what they say is decided.
    void freezeGates();
    /// For the one that is running; as the option --lock says them. Errors: InvalidArgument.
    void lock(const QString& locks);
    /// The one that is running, or comes first; 0: none.
    JobId job() const { return m_ordered.empty() ? JobId{0} : m_ordered.front().job; }
    /// Those behind it.
    int waiting() const { return std::max(0, static_cast<int>(m_ordered.size()) - 1); }

Q_SIGNALS:
    void stateChanged();
    /// run: its name.
    void found(const bitloom::SearchResult& result, const QString& run);
    void failed(const QString& run, const QString& code, const QString& message);

private:
    struct Ordered {
        JobId job;
        QString run;
    };
    void submit(const SearchSettings& settings);
    void addPlan(const SearchResult& result, const QString& run);
    void forget(const QString& run);

    PlanDocument& m_document;
    JobCenter& m_center;
    DataChoice& m_choice;
    ProjectStore& m_store;
    CommandLineOf m_commandLine;
    std::vector<Ordered> m_ordered; ///< those that have not ended, in their order
};

} // namespace bitloom::workbench
