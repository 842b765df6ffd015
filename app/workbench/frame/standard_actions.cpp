// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/standard_actions.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "widgets/util/icons.h"

namespace bitloom::workbench {

StandardActions::StandardActions(ActionRegistry& actions, PlanDocument& document)
    : QObject(&actions), m_actions(actions), m_document(document)
{
    addEditActions();
    addPlanActions();
    const auto update = [this] { updateAvailability(); };
    connect(&document, &PlanDocument::modelChanged, this, update);
    connect(&document, &PlanDocument::planListChanged, this, update);
    connect(&document, &PlanDocument::planShown, this, update);
    connect(&document.undoStack(), &QUndoStack::indexChanged, this, update);
    updateAvailability();
}

void StandardActions::addEditActions()
{
    // The stack's own actions name the step: "Undo set 3 layers to 4 bits".
    QAction* undo = m_document.undoStack().createUndoAction(this, tr("&Undo"));
    undo->setIcon(ui::icon(QStringLiteral("undo")));
    m_actions.adopt(undo, {QStringLiteral("edit.undo"),
                           tr("&Undo"),
                           tr("Take back the last change of a plan."),
                           QKeySequence::Undo,
                           {},
                           QStringLiteral("edit")});
    QAction* redo = m_document.undoStack().createRedoAction(this, tr("&Redo"));
    redo->setIcon(ui::icon(QStringLiteral("redo")));
    m_actions.adopt(redo, {QStringLiteral("edit.redo"),
                           tr("&Redo"),
                           tr("Make the change again that was taken back."),
                           QKeySequence::Redo,
                           {},
                           QStringLiteral("edit")});
}

void StandardActions::addPlanActions()
{
    const QString menu = QStringLiteral("plan");
    m_actions.add({QStringLiteral("plan.duplicate"), tr("&Duplicate plan"),
                   tr("Make a copy of the shown plan and show it."),
                   QKeySequence(Qt::CTRL | Qt::Key_D), QStringLiteral("duplicate"), menu},
                  [this] { m_document.duplicatePlan(); });
    m_actions.add({QStringLiteral("plan.rename"), tr("&Rename plan..."),
                   tr("Give the shown plan another name."), QKeySequence(Qt::SHIFT | Qt::Key_F2),
                   QStringLiteral("rename"), menu},
                  [this] { Q_EMIT renameRequested(); });
    m_actions.add({QStringLiteral("plan.remove"),
                   tr("Re&move plan"),
                   tr("Take the shown plan out of the list; undo brings it back."),
                   {},
                   QStringLiteral("remove"),
                   menu},
                  [this] { m_document.removePlan(); });
    m_actions.add({QStringLiteral("plan.revert"),
                   tr("Re&vert to saved"),
                   tr("Set the shown plan back to how it was saved; undo brings the changes back."),
                   {},
                   QStringLiteral("revert"),
                   menu},
                  [this] { m_document.revertPlan(); });
    m_actions.add({QStringLiteral("plan.next"),
                   tr("&Next plan"),
                   tr("Show the next plan."),
                   QKeySequence(Qt::CTRL | Qt::Key_PageDown),
                   {},
                   menu},
                  [this] { showNeighbour(1); });
    m_actions.add({QStringLiteral("plan.previous"),
                   tr("&Previous plan"),
                   tr("Show the plan before this one."),
                   QKeySequence(Qt::CTRL | Qt::Key_PageUp),
                   {},
                   menu},
                  [this] { showNeighbour(-1); });
}

void StandardActions::showNeighbour(int step)
{
    const QStringList names = m_document.planNames();
    const auto count = names.size();
    const auto index = (names.indexOf(m_document.planName()) + step + count) % count;
    m_document.showPlan(names[index]);
}

void StandardActions::updateAvailability()
{
    const QUndoStack& steps = m_document.undoStack();
    m_actions.setUnavailable(QStringLiteral("edit.undo"),
                             steps.canUndo() ? QString() : tr("nothing was changed yet."));
    m_actions.setUnavailable(QStringLiteral("edit.redo"),
                             steps.canRedo() ? QString() : tr("nothing was taken back."));
    const bool open = m_document.isOpen();
    const QString noModel = open ? QString() : tr("no model is open.");
    const bool single = open && m_document.planNames().size() < 2;
    const QString onlyOne = single ? tr("there is only one plan.") : noModel;
    m_actions.setUnavailable(QStringLiteral("plan.duplicate"), noModel);
    m_actions.setUnavailable(QStringLiteral("plan.rename"), noModel);
    m_actions.setUnavailable(QStringLiteral("plan.remove"), onlyOne);
    m_actions.setUnavailable(QStringLiteral("plan.next"), onlyOne);
    m_actions.setUnavailable(QStringLiteral("plan.previous"), onlyOne);
    QString noRevert = noModel;
    if (open) {
        const BitPlan* stored = m_document.storedPlan(m_document.planName());
        if (stored == nullptr) {
            noRevert = tr("this plan was not saved yet.");
        } else if (!m_document.isModified(m_document.planName())) {
            noRevert = tr("it has no changes since it was saved.");
        }
    }
    m_actions.setUnavailable(QStringLiteral("plan.revert"), noRevert);
}

} // namespace bitloom::workbench
