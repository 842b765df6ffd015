// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/project/project_session.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/project/document_state.h"
#include "core/base/error.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <utility>

#include <algorithm>

namespace bitloom::workbench {

ProjectSession::ProjectSession(PlanDocument& document, JobCenter& jobs, ProjectStore& store,
                               const QString& untitledFolder, QObject* parent)
    : QObject(parent), m_document(document), m_jobs(jobs), m_store(store),
      m_untitledFolder(untitledFolder)
{
    m_journalTimer.setSingleShot(true);
    m_journalTimer.setInterval(kJournalMs);
    connect(&m_journalTimer, &QTimer::timeout, this, &ProjectSession::writeJournal);
    connect(&store, &ProjectStore::opened, this,
            [this](const std::shared_ptr<const ProjectContents>& contents) {
                if (const auto then = std::exchange(m_afterOpening, nullptr)) {
                    then();
                } else {
                    show(contents, m_startClean);
                }
            });
    connect(&store, &ProjectStore::saved, this, [this](const QStringList& names) {
        for (const QString& name : names) {
            if (const BitPlan* plan = m_document.findPlan(name)) {
                m_document.setStoredPlan(*plan);
            }
        }
        const QStringList all = m_document.planNames();
        if (std::none_of(all.begin(), all.end(), [this](const QString& name) {
                return m_document.isModified(name); // edited while it was written
            })) {
            m_document.undoStack().setClean(); // nothing to ask for when the window closes
        }
        if (const auto done = std::exchange(m_afterSaving, nullptr)) {
            done(true);
        }
    });
    connect(&store, &ProjectStore::copied, this, &ProjectSession::goOnInCopy);
    connect(&store, &ProjectStore::failed, this,
            [this](const QString& what, const QString& code, const QString& message) {
                m_afterOpening = nullptr;
                if (const auto done = std::exchange(m_afterSaving, nullptr)) {
                    done(false);
                }
                Q_EMIT failed(what, code, message);
            });
    connect(&document, &PlanDocument::planEdited, this, &ProjectSession::scheduleJournal);
    connect(&document, &PlanDocument::planListChanged, this, &ProjectSession::scheduleJournal);
    connect(&document, &PlanDocument::lockedChanged, this, &ProjectSession::scheduleJournal);
    connect(&document, &PlanDocument::modelChanged, this, [this] {
        m_following = false; // until whoever opened the model says which project it belongs to
        m_journalTimer.stop();
        if (!m_document.isOpen()) {
            m_data.reset();
            m_store.close();
            Q_EMIT projectClosed();
        }
    });
}

bool ProjectSession::isUntitled() const
{
    return isOpen() && QFileInfo(m_store.folder()).absolutePath() ==
                           QFileInfo(m_untitledFolder).absoluteFilePath();
}

QString ProjectSession::name() const
{
    return isOpen() ? QFileInfo(m_store.folder()).completeBaseName() : QString();
}

void ProjectSession::openProject(const QString& folder, bool startClean)
{
    m_startClean = startClean;
    m_store.open(folder);
}

void ProjectSession::show(const std::shared_ptr<const ProjectContents>& contents, bool startClean)
{
    for (const QString& warning : contents->warnings) {
        Q_EMIT warned(warning);
    }
    if (!contents->source) {
        Q_EMIT failed(
            tr("open the model of %1").arg(contents->folder), QStringLiteral("not_found"),
            tr("the project does not say which model it belongs to; open the model first, "
               "then save it as this project"));
        return;
    }
    JobOrder order;
    order.spec = engine::InspectJob{contents->source->model};
    order.title = tr("Open %1").arg(QFileInfo(contents->folder).fileName());
    order.slot = QStringLiteral("open");
    order.onFinished = [this, contents, startClean](const JobResult& result) {
        takeOver(*contents, std::get<std::shared_ptr<const ModelReport>>(result), startClean);
        return QString();
    };
    order.onFailed = [this, contents](const QString& code, const QString& message) {
        Q_EMIT failed(tr("open the model of %1").arg(contents->folder), code, message);
    };
    m_jobs.start(std::move(order), this);
}

void ProjectSession::takeOver(const ProjectContents& contents,
                              const std::shared_ptr<const ModelReport>& model, bool startClean)
{
    if (contents.model && contents.model->fingerprint != model->info.fingerprint) {
        Q_EMIT warned(tr("The model has changed since the project was made: measurements in it "
                         "are of the model as it was."));
    }
    m_document.open(model, contents.source->model);
    std::vector<BitPlan> fitting;
    for (const BitPlan& plan : contents.plans) {
        try {
            checkPlanAgainst(plan, *m_document.model());
            fitting.push_back(plan);
        } catch (const Error& error) {
            Q_EMIT warned(
                tr("The plan %1 was left out: %2")
                    .arg(QString::fromStdString(plan.name), QString::fromUtf8(error.what())));
        }
    }
    DocumentState left; // how the window was left: which plan was shown, which layers were locked
    if (!contents.session.empty()) {
        try {
            left = documentStateFromJson(contents.session);
        } catch (const Error& error) {
            Q_EMIT warned(QString::fromUtf8(error.what()));
        }
    }
    m_document.restorePlans(std::move(fitting), left.shown, left.locked,
                            PlanDocument::Origin::Stored);
    m_document.setSensitivity(contents.sensitivity);
    m_document.setPoints(contents.points);
    m_data = contents.source->data;
    m_calibrationImages = contents.source->calibrationImages;
    m_following = true;
    if (!contents.model && !m_store.isReadOnly()) { // made by hand: from now on it is described
        saveSource();
    }
    Q_EMIT dataChanged();
    Q_EMIT proofFound(contents.proof);
    m_store.readEvaluations();
    if (m_store.isReadOnly()) {
        Q_EMIT warned(m_store.readOnlyReason());
    }
    Q_EMIT projectOpened(contents.folder);
    if (contents.journal.empty() || m_store.isReadOnly()) {
        return;
    }
    if (startClean) {
        m_store.forgetJournal();
    } else {
        m_foundJournal = contents.journal;
        Q_EMIT journalFound();
    }
}

void ProjectSession::restoreJournal()
{
    try {
        restoreState(m_document, documentStateFromJson(std::exchange(m_foundJournal, {})));
    } catch (const Error& error) {
        Q_EMIT failed(tr("restore the edits of last time"),
                      QString::fromStdString(std::string(toString(error.code()))),
                      QString::fromUtf8(error.what()));
    }
}

void ProjectSession::forgetJournal()
{
    m_foundJournal.clear();
    m_store.forgetJournal();
}

void ProjectSession::adoptModel()
{
    const QString folder =
        QStringLiteral("%1/untitled-%2.bitloom")
            .arg(m_untitledFolder,
                 QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")));
    m_data.reset();
    m_afterOpening = [this] {
        saveSource();
        m_store.savePlan(m_document.plan()); // the commands in the log read its file
        m_following = true;
        Q_EMIT dataChanged();
        Q_EMIT proofFound({});
        Q_EMIT projectOpened(m_store.folder());
    };
    m_store.create(folder);
}

void ProjectSession::save(std::function<void(bool)> done)
{
    m_journalTimer.stop();
    m_afterSaving = std::move(done);
    DocumentState state = stateOf(m_document);
    m_store.savePlans(std::exchange(state.plans, {}));
    if (!m_store.isReadOnly()) {            // one refusal is enough
        m_store.saveSession(toJson(state)); // the plans themselves have files of their own
    }
}

void ProjectSession::saveAs(const QString& folder)
{
    const QString before = m_store.folder();
    if (QFileInfo(before).absoluteFilePath() == QFileInfo(folder).absoluteFilePath()) {
        save();
        return;
    }
    m_copied = before;
    m_copiedIsUntitled = isUntitled();
    m_afterOpening = [this, before] {
        m_store.copyFrom(before, m_document.modelReference(), m_data);
    };
    m_store.create(folder);
}

void ProjectSession::goOnInCopy(bool isWhole, const engine::ModelRef& model,
                                const std::optional<engine::DataRef>& data, const KeptProof& proof)
{
    const QString before = std::exchange(m_copied, {});
    if (!m_document.isOpen()) { // closed while it was copied
        return;
    }
    m_document.setModelReference(model);
    m_data = data;
    saveSource();
    if (m_document.sensitivity()) {
        m_store.saveSensitivity(m_document.sensitivity());
    }
    for (const FrontierPoint& point : m_document.points()) {
        m_store.savePoint(point);
    }
    m_following = true;
    // A job that runs still writes where it was told to.
    const bool isLeft = isWhole && m_copiedIsUntitled && !m_jobs.isBusy();
    save([this, before, isLeft](bool saved) {
        if (saved && isLeft) {
            m_store.removeFolder(before);
        }
    });
    Q_EMIT dataChanged();
    Q_EMIT projectOpened(m_store.folder());
    if (isWhole) {
        Q_EMIT proofFound(proof);
    }
}

void ProjectSession::setData(const engine::DataRef& data, std::int64_t calibrationImages)
{
    m_data = data;
    m_calibrationImages = calibrationImages;
    if (m_following) {
        saveSource();
    }
    Q_EMIT dataChanged();
}

void ProjectSession::saveSource()
{
    m_store.saveModel(*m_document.model(), m_document.modelReference(), m_data,
                      m_calibrationImages);
}

void ProjectSession::scheduleJournal()
{
    if (m_following && !m_store.isReadOnly()) {
        m_journalTimer.start();
    }
}

void ProjectSession::writeJournal()
{
    if (m_following && m_document.isOpen()) {
        m_store.saveJournal(stateOf(m_document));
    }
}

} // namespace bitloom::workbench
