// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/run_actions.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/main_window.h"

namespace bitloom::workbench {

RunActions::RunActions(MainWindow& window, PlanDocument& document)
    : QObject(&window), m_window(window), m_document(document)
{
    ActionRegistry& actions = window.actions();
    const QString menu = QStringLiteral("run");
    actions.add({QStringLiteral("run.evaluate"), tr("&Evaluate"),
                 tr("Measure the accuracy of the shown plan."), QKeySequence(Qt::CTRL | Qt::Key_E),
                 QStringLiteral("evaluate"), menu},
                [this] { Q_EMIT evaluateRequested(); });
    actions.add({QStringLiteral("run.sensitivity"), tr("Measure &sensitivity..."),
                 tr("Measure what each layer loses at each bit width."),
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), QStringLiteral("sensitivity"),
                 menu},
                [this] { Q_EMIT sensitivityRequested(); });
    actions.add({QStringLiteral("run.search"), tr("Search &bits..."),
                 tr("Train the network and its bit widths together."),
                 QKeySequence(Qt::CTRL | Qt::Key_R), QStringLiteral("search"), menu},
                [this] { Q_EMIT searchRequested(); });
    actions.add({QStringLiteral("file.export"), tr("E&xport..."),
                 tr("Pack the model under the shown plan, read it back and prove it."),
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X), QStringLiteral("export"),
                 QStringLiteral("file")},
                [this] { Q_EMIT exportRequested(); });
    connect(&document, &PlanDocument::modelChanged, this, &RunActions::updateAvailability);
    updateAvailability();
}

void RunActions::updateAvailability()
{
    const QString reason = m_document.isOpen() ? QString() : tr("no model is open.");
    for (const char* id : {"run.evaluate", "run.sensitivity", "run.search", "file.export"}) {
        m_window.actions().setUnavailable(QString::fromLatin1(id), reason);
    }
}

} // namespace bitloom::workbench
