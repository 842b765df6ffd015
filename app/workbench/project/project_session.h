// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/project/project_store.h"
#include "core/types/model_report.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace bitloom::workbench {

class JobCenter;
class PlanDocument;

/// Keeps document and project folder together: a project that is opened is shown, a model that is
/// opened gets a project of its own, what is done is recorded, and what is not saved yet is in the
/// journal a second later. GUI thread only; files are the store's business.
class ProjectSession final : public QObject {
    Q_OBJECT
public:
    static constexpr int kJournalMs = 1000;

    /// untitledFolder: where projects live that have no name yet.
    ProjectSession(PlanDocument& document, JobCenter& jobs, ProjectStore& store,
                   const QString& untitledFolder, QObject* parent = nullptr);

    /// Reads the folder and opens its model; what was open stays until the model is known.
    /// startClean: edits that were never saved are forgotten instead of offered.
    void openProject(const QString& folder, bool startClean = false);
    /// The document has a new model that came from no project: makes one without a name.
    void adoptModel();

    bool isOpen() const { return m_store.isOpen(); }
    bool isUntitled() const;
    QString name() const; ///< without the folder's ending; empty: none is open

    /// Writes the plans; done is told whether it worked.
    void save(std::function<void(bool)> done = {});
    /// Copies the project to another folder and goes on there. The folder of a project without a
    /// name goes once everything in it is in the copy, unless a job still writes there.
    void saveAs(const QString& folder);

    /// The images that were measured on last, and how many others ranges were calibrated on; kept
    /// with the project.
    void setData(const engine::DataRef& data, std::int64_t calibrationImages);
    std::optional<engine::DataRef> data() const { return m_data; }
    std::int64_t calibrationImages() const { return m_calibrationImages; } ///< 0: not known

    /// Answers journalFound().
    void restoreJournal();
    void forgetJournal();

Q_SIGNALS:
    void projectOpened(const QString& folder);
    void projectClosed();
    /// Plans were edited and never saved, most likely because the program was killed.
    void journalFound();
    void dataChanged();
    void proofFound(const bitloom::workbench::KeptProof& proof);
    /// Something that the user should read.
    void warned(const QString& sentence);
    /// what: continues "Could not …".
    void failed(const QString& what, const QString& code, const QString& message);

private:
    void show(const std::shared_ptr<const ProjectContents>& contents, bool startClean);
    void takeOver(const ProjectContents& contents, const std::shared_ptr<const ModelReport>& model,
                  bool startClean);
    void goOnInCopy(bool isWhole, const engine::ModelRef& model,
                    const std::optional<engine::DataRef>& data, const KeptProof& proof);
    void saveSource();
    void scheduleJournal();
    void writeJournal();

    PlanDocument& m_document;
    JobCenter& m_jobs;
    ProjectStore& m_store;
    QString m_untitledFolder;
    std::optional<engine::DataRef> m_data;
    std::int64_t m_calibrationImages = 0;
    QString m_copied; ///< the folder that is being copied
    bool m_copiedIsUntitled = false;
    std::string m_foundJournal;
    QTimer m_journalTimer;
    bool m_following = false; ///< the document is that of the open project
    bool m_startClean = false;
    std::function<void()> m_afterOpening;
    std::function<void(bool)> m_afterSaving;
};

} // namespace bitloom::workbench
