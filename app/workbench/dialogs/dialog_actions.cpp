// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/dialog_actions.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/dialogs/about_dialog.h"
#include "app/workbench/dialogs/architecture_dialog.h"
#include "app/workbench/dialogs/convert_dialog.h"
#include "app/workbench/dialogs/settings_dialog.h"
#include "app/workbench/dialogs/shortcut_dialog.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/opening/model_opener.h"
#include "app/workbench/settings/settings.h"

#include <QApplication>
#include <QClipboard>
#include <QInputDialog>
#include <QWhatsThis>

namespace bitloom::workbench {

DialogActions::DialogActions(MainWindow& window, const Parts& parts, std::optional<int> threads)
    : QObject(&window), m_window(window), m_parts(parts), m_threads(threads)
{
    addEdit();
    addHelp();
}

void DialogActions::addEdit()
{
    ActionRegistry& actions = m_window.actions();
    actions.add({QStringLiteral("edit.settings"), tr("&Settings..."),
                 tr("Theme, language, device, threads and seed."),
                 QKeySequence(Qt::CTRL | Qt::Key_Comma), QStringLiteral("settings"),
                 QStringLiteral("edit")},
                [this] { (new SettingsDialog(m_parts.settings, &m_window))->open(); });
    actions.add({QStringLiteral("edit.shortcuts"),
                 tr("&Keyboard shortcuts..."),
                 tr("See and change the keys of all actions."),
                 {},
                 QStringLiteral("shortcut"),
                 QStringLiteral("edit")},
                [this] { (new ShortcutDialog(m_window.actions(), &m_window))->open(); });
}

void DialogActions::addHelp()
{
    ActionRegistry& actions = m_window.actions();
    actions.add({QStringLiteral("help.whats_this"), tr("&What's this?"),
                 tr("Click a figure, a column or a panel to read what it is."),
                 QKeySequence(Qt::SHIFT | Qt::Key_F1), QStringLiteral("help"),
                 QStringLiteral("help")},
                [] { QWhatsThis::enterWhatsThisMode(); });
    actions.add({QStringLiteral("help.diagnostics"),
                 tr("&Copy diagnostics"),
                 tr("Copy versions and system, for a report of a fault."),
                 {},
                 QStringLiteral("copy"),
                 QStringLiteral("help")},
                [this] { QApplication::clipboard()->setText(diagnosticsText()); });
    actions.add({QStringLiteral("help.about"),
                 tr("&About Bitloom"),
                 tr("Version, licences and diagnostics."),
                 {},
                 QStringLiteral("info"),
                 QStringLiteral("help")},
                [this] { (new AboutDialog(diagnosticsText(), &m_window))->open(); });
}

QString DialogActions::diagnosticsText() const
{
    return diagnostics(m_window, m_parts.jobs.device(),
                       m_threads.value_or(m_parts.settings.data().threads));
}

void DialogActions::askForArchitecture(const FileReport& report)
{
    auto* dialog = new ArchitectureDialog(report, &m_window);
    connect(dialog, &ArchitectureDialog::chosen, &m_parts.opener, &ModelOpener::openModel);
    connect(dialog, &ArchitectureDialog::attachGraphRequested, this,
            &DialogActions::modelFileRequested);
    connect(dialog, &ArchitectureDialog::convertRequested, this, &DialogActions::convertFile);
    dialog->open();
}

void DialogActions::convertFile(const QString& file)
{
    auto* dialog = new ConvertDialog(m_parts.jobs, &m_window);
    if (!file.isEmpty()) {
        dialog->setInput(file);
    }
    dialog->show(); // the window stays usable: a conversion may take its time
}

void DialogActions::askForName()
{
    auto* dialog = new ArchitectureDialog(&m_window);
    connect(dialog, &ArchitectureDialog::chosen, &m_parts.opener, &ModelOpener::openModel);
    dialog->open();
}

void DialogActions::askForPlanName()
{
    auto* dialog = new QInputDialog(&m_window);
    dialog->setObjectName(QStringLiteral("planName"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename plan"));
    dialog->setLabelText(tr("New name of the plan"));
    dialog->setTextValue(m_parts.document.planName());
    dialog->setOkButtonText(tr("Rename"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty() && name.trimmed() != m_parts.document.planName()) {
            m_parts.document.renamePlan(name.trimmed());
        }
    });
    dialog->open();
}

} // namespace bitloom::workbench
