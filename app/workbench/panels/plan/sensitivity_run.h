// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/command_lines.h"
#include "core/engine/job.h"
#include "core/types/sensitivity_table.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace bitloom::workbench {

class DataChoice;
class JobCenter;
class PlanDocument;

/// What a sweep measures, beside model and images.
struct SweepSettings {
    int images = 256; ///< first ones of the chosen images; 0: all
    std::vector<int> bits = {2, 3, 4, 5, 6, 8};
    bool weights = true;
    bool activations = true;
};

/// Sensitivity sweeps of the open model: starts them, passes on what they know so far, and gives
/// the document the table. GUI thread only.
class SensitivityRun final : public QObject {
    Q_OBJECT
public:
    /// tableFile: where the table is written, so that a stopped sweep can go on.
    SensitivityRun(PlanDocument& document, JobCenter& jobs, DataChoice& choice,
                   std::function<QString()> tableFile, CommandLineOf commandLine,
                   QObject* parent = nullptr);

    /// Why there is nothing to measure, one sentence; empty: start() will do.
    QString problem() const;
    void start(const SweepSettings& settings);

Q_SIGNALS:
    /// The table of a running sweep; null when it has ended.
    void learned(std::shared_ptr<const bitloom::SensitivityTable> soFar);

private:
    PlanDocument& m_document;
    JobCenter& m_jobs;
    DataChoice& m_choice;
    std::function<QString()> m_tableFile;
    CommandLineOf m_commandLine;
};

} // namespace bitloom::workbench
