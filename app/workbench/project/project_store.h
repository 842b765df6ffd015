// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/project/document_state.h"
#include "app/workbench/project/serial_worker.h"
#include "core/engine/project.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitloom {
class Error;
}

namespace bitloom::workbench {

/// The proof of the file that was packed last.
struct KeptProof {
    std::shared_ptr<const PackSheet> sheet; ///< null: nothing was packed
    QString file;
    std::optional<BitPlan> plan; ///< as it was packed, where that is known
    bool fileIsThere = true;
};

/// Everything that a project folder holds, read at once.
struct ProjectContents {
    QString folder;
    std::optional<engine::ProjectSource> source;
    std::optional<ModelInfo> model;
    std::vector<BitPlan> plans;
    std::shared_ptr<const SensitivityTable> sensitivity;
    std::vector<FrontierPoint> points;
    KeptProof proof;
    std::string session; ///< how the window looked, JSON; empty: not recorded
    std::string journal; ///< edits that were never saved, JSON; empty: none
    /// Why nothing can be written: another process holds the folder, a newer version wrote it.
    QString readOnlyReason;
    QStringList warnings; ///< parts that could not be read, one sentence each
};

/// The project folder of the window. Everything is read and written on a thread of its own, in the
/// order asked for, so the GUI thread never waits for a disk. GUI thread only.
class ProjectStore final : public QObject {
    Q_OBJECT
public:
    explicit ProjectStore(QObject* parent = nullptr);
    /// Finishes the writes that were asked for.
    ~ProjectStore() override;

    /// Reads a folder: answers opened() or failed(). What was open before stays until then.
    void open(const QString& folder);
    /// Makes an empty project: answers opened() or failed().
    void create(const QString& folder);
    void close();
    bool isOpen() const { return !m_folder.isEmpty(); }
    bool isReadOnly() const { return !m_readOnlyReason.isEmpty(); }
    QString readOnlyReason() const { return m_readOnlyReason; }
    QString folder() const { return m_folder; }
    QString planFile(const QString& planName) const;
    QString sensitivityFile() const;
    QString runFile(const QString& name) const;
    QString exportFile(const QString& fileName) const;

    // Writes. Each answers failed() if it could not be done; none is lost without a word.
    void saveModel(const ModelInfo& model, const engine::ModelRef& reference,
                   const std::optional<engine::DataRef>& data, std::int64_t calibrationImages);
    /// Writes these plans, removes the files of other ones, forgets the journal; answers saved().
    void savePlans(std::vector<BitPlan> plans);
    void savePlan(const BitPlan& plan);
    /// Keeps the plan as it is now for the command line of a run, and returns its file.
    QString saveSnapshot(const BitPlan& plan);
    void savePoint(const FrontierPoint& point);
    void saveSheet(const PackSheet& sheet);
    void savePacked(const QString& file, const BitPlan& plan);
    /// plan: absent: the model without one.
    void saveEvaluation(const std::optional<BitPlan>& plan, engine::KeptEvaluation evaluation);
    void saveHistograms(std::vector<WeightHistogram> histograms);
    void saveTraining(std::vector<EpochResult> epochs);
    void recordRun(std::function<engine::RunRecord()> describe);
    /// Copies the results of another project folder into this one; answers copied(), and failed()
    /// before it where not everything is there.
    void copyFrom(const QString& fromFolder, const engine::ModelRef& model,
                  const std::optional<engine::DataRef>& data);
    /// Removes a folder that has been copied.
    void removeFolder(const QString& folder);
    void saveSensitivity(std::shared_ptr<const SensitivityTable> table);
    void saveJournal(DocumentState state);
    void forgetJournal();
    void saveSession(std::string session);
    /// Writes the one-page report of what the folder holds, under this plan; answers
    /// reportWritten() or failed().
    void writeReport(const BitPlan& plan, const QString& file);
    /// Answers evaluationsRead(), and failed() for what cannot be read.
    void readEvaluations();

Q_SIGNALS:
    void opened(std::shared_ptr<const bitloom::workbench::ProjectContents> contents);
    void closed();
    void saved(const QStringList& plans);
    void reportWritten(const QString& file);
    /// isWhole: everything was copied and is equal. model, data: where they lie now.
    void copied(bool isWhole, const bitloom::engine::ModelRef& model,
                const std::optional<bitloom::engine::DataRef>& data,
                const bitloom::workbench::KeptProof& proof);
    void evaluationsRead(const std::vector<bitloom::engine::KeptEvaluation>& evaluations);
    /// what: "open the project", "save the plans": for a sentence that begins with "Could not".
    void failed(const QString& what, const QString& code, const QString& message);

private:
    void write(const QString& what, std::function<void(engine::Project&)> work,
               std::function<void()> then = {});
    void load(const QString& folder, bool create);
    /// Says failed() in the GUI thread. Threads: any.
    void report(const QString& what, const Error& error);

    /// The open folder; used by the worker only.
    std::shared_ptr<std::optional<engine::Project>> m_project;
    QString m_folder;
    QString m_readOnlyReason;
    std::unique_ptr<SerialWorker> m_worker;
};

} // namespace bitloom::workbench
