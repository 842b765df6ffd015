// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace bitloom::workbench {

class PlanDocument;

/// The way from a name to an open model: what is it, which architecture does it need, describe it,
/// show it. What is open stays as it is until the new model is known. GUI thread only; files are
/// read by jobs.
class ModelOpener final : public QObject {
    Q_OBJECT
public:
    ModelOpener(PlanDocument& document, JobCenter& jobs, QObject* parent = nullptr);

    /// Asked before a job may replace what is open; calls its argument if it may. Default: it may.
    void setReplaceQuestion(std::function<void(std::function<void()>)> question);

    /// A file, a project folder, or "arch:NAME". A newer call cancels the one before.
    void open(const QString& spec);
    /// A model by what a job opens: "arch:NAME@FILE" or a file that describes itself.
    /// inputShape: at batch 1; empty: the model's own.
    void openModel(const QString& spec, const std::vector<std::int64_t>& inputShape = {});

    bool isOpening() const { return m_opening != 0; }

Q_SIGNALS:
    void started(const QString& spec);
    void opened(const QString& spec);
    /// What is not known of the plan that was opened with it.
    void planHasGaps(const QStringList& sentences);
    /// A project folder: whoever keeps projects takes over.
    void projectFound(const QString& folder);
    /// A plan, table or list of predictions, which needs an open model.
    void resultFileFound(const bitloom::FileReport& report);
    /// Packed weights that belong to no known network: they can be converted.
    void weightsFound(const bitloom::FileReport& report);
    /// Weights without a graph: the user has to choose, then openModel().
    void architectureNeeded(const bitloom::FileReport& report);
    void failed(const QString& spec, const QString& code, const QString& message);
    void ended(); ///< after one of the above

private:
    void identified(const QString& spec, const FileReport& report);
    void start(const QString& spec, JobOrder order);
    void end();

    PlanDocument& m_document;
    JobCenter& m_jobs;
    std::function<void(std::function<void()>)> m_mayReplace;
    JobId m_opening = 0; ///< 0: none
};

} // namespace bitloom::workbench
