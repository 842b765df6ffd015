// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/project_actions.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/project/project_session.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QUrl>

namespace bitloom::workbench {

namespace {
const QString kProjectEnding = QStringLiteral(".bitloom");
} // namespace

ProjectActions::ProjectActions(MainWindow& window, PlanDocument& document, ProjectSession& session,
                               ProjectStore& store)
    : QObject(&window), m_window(window), m_document(document), m_session(session), m_store(store)
{
    addActions();
    connectSession();
    connect(&document, &PlanDocument::modelChanged, this, &ProjectActions::updateAvailability);
    updateAvailability();
}

void ProjectActions::addActions()
{
    ActionRegistry& actions = m_window.actions();
    const QString menu = QStringLiteral("file");
    actions.add({QStringLiteral("file.save"), tr("&Save"),
                 tr("Write the plans into the project folder."), QKeySequence::Save,
                 QStringLiteral("save"), menu},
                [this] { save(); });
    actions.add({QStringLiteral("file.save_as"),
                 tr("Save project &as..."),
                 tr("Copy the project to a folder of its own and go on there."),
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
                 {},
                 menu},
                [this] { askWhereToSave(); });
    actions.add({QStringLiteral("file.report"),
                 tr("Write &report..."),
                 tr("Everything about the project on one HTML page."),
                 {},
                 QStringLiteral("report"),
                 menu},
                [this] { askForReport(); });
}

void ProjectActions::updateAvailability()
{
    const QString nothing = m_document.isOpen() ? QString() : tr("no model is open.");
    const QString readOnly =
        nothing.isEmpty() && m_store.isReadOnly() ? m_store.readOnlyReason() : nothing;
    m_window.actions().setUnavailable(QStringLiteral("file.save"), readOnly);
    m_window.actions().setUnavailable(QStringLiteral("file.save_as"), nothing);
    m_window.actions().setUnavailable(QStringLiteral("file.report"), nothing);
}

void ProjectActions::save()
{
    if (m_session.isUntitled()) {
        askWhereToSave();
        return;
    }
    m_session.save([this](bool saved) {
        if (saved) {
            m_window.statusLine().say(tr("Saved in %1.").arg(m_store.folder()));
        }
    });
}

void ProjectActions::askWhereToSave()
{
    auto* dialog = new QFileDialog(&m_window, tr("Save project as"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilters({tr("Bitloom projects (*%1)").arg(kProjectEnding)});
    const QString model = QString::fromStdString(m_document.model()->name);
    dialog->selectFile((model.isEmpty() ? tr("project") : model) + kProjectEnding);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
        m_session.saveAs(chosen.endsWith(kProjectEnding) ? chosen : chosen + kProjectEnding);
    });
    dialog->open();
}

void ProjectActions::askForReport()
{
    auto* dialog = new QFileDialog(&m_window, tr("Write report"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("HTML pages (*.html)")});
    dialog->setDefaultSuffix(QStringLiteral("html"));
    dialog->selectFile(m_store.folder() + QStringLiteral("/report.html"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& file) { Q_EMIT reportRequested(m_document.plan(), file); });
    dialog->open();
}

void ProjectActions::connectSession()
{
    connect(&m_session, &ProjectSession::projectOpened, this, [this] {
        m_window.setProjectName(m_session.isUntitled() ? QString() : m_session.name());
        updateAvailability();
    });
    connect(&m_session, &ProjectSession::projectClosed, this, [this] {
        m_window.setProjectName({});
        updateAvailability();
    });
    connect(&m_session, &ProjectSession::warned, this, [this](const QString& sentence) {
        m_window.notices().add({Notice::Kind::Warning, sentence});
    });
    connect(&m_session, &ProjectSession::failed, this,
            [this](const QString& what, const QString& code, const QString& message) {
                m_window.notices().add(noticeOfError(tr("Could not %1.").arg(what), code, message));
            });
    connect(&m_session, &ProjectSession::journalFound, this, [this] {
        Notice notice;
        notice.kind = Notice::Kind::Warning;
        notice.what = tr("Edits of last time were never saved.");
        notice.why = tr("Most likely the program did not end as it should.");
        notice.next = tr("Dismiss this to go on without them.");
        notice.actionText = tr("Restore them");
        notice.action = [this] { m_session.restoreJournal(); };
        m_window.notices().add(notice);
    });
    connect(&m_store, &ProjectStore::reportWritten, this, [this](const QString& file) {
        Notice notice;
        notice.what = tr("The report was written: %1").arg(file);
        notice.actionText = tr("Open it");
        notice.action = [file] { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); };
        m_window.notices().add(notice);
    });
}

} // namespace bitloom::workbench
