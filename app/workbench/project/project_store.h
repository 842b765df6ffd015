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

namespace bitloom::workbench {

/// Everything that a project folder holds, read at once.
struct ProjectContents {
    QString folder;
    std::optional<engine::ProjectSource> source;
    std::optional<ModelInfo> model;
    std::vector<BitPlan> plans;
    std::shared_ptr<const SensitivityTable> sensitivity;
    std::vector<FrontierPoint> points;
    std::shared_ptr<const PackSheet> sheet;
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
    QString exportFile(const QString& fileName) const;

    // Writes. Each answers failed() if it could not be done; none is lost without a word.
    void saveModel(const ModelInfo& model, const engine::ModelRef& reference,
                   const std::optional<engine::DataRef>& data);
    /// Writes these plans, removes the files of other ones, forgets the journal; answers saved().
    void savePlans(std::vector<BitPlan> plans);
    void savePlan(const BitPlan& plan);
    /// Keeps the plan as it is now for the command line of a run, and returns its file.
    QString saveSnapshot(const BitPlan& plan);
    void savePoint(const FrontierPoint& point);
    void saveSheet(const PackSheet& sheet);
    /// The proof that another project folder holds, and its packed file.
    void copyProof(const QString& fromFolder);
    void recordRun(const engine::RunRecord& record);
    void saveSensitivity(std::shared_ptr<const SensitivityTable> table);
    void saveJournal(DocumentState state);
    void forgetJournal();
    void saveSession(std::string session);
    /// Writes the one-page report; answers reportWritten() or failed().
    void writeReport(const QString& planName, const QString& file);

Q_SIGNALS:
    void opened(std::shared_ptr<const bitloom::workbench::ProjectContents> contents);
    void closed();
    void saved(const QStringList& plans);
    void reportWritten(const QString& file);
    /// what: "open the project", "save the plans": for a sentence that begins with "Could not".
    void failed(const QString& what, const QString& code, const QString& message);

private:
    void write(const QString& what, std::function<void(engine::Project&)> work,
               std::function<void()> then = {});
    void load(const QString& folder, bool create);

    /// The open folder; used by the worker only.
    std::shared_ptr<std::optional<engine::Project>> m_project;
    QString m_folder;
    QString m_readOnlyReason;
    std::unique_ptr<SerialWorker> m_worker;
};

} // namespace bitloom::workbench
