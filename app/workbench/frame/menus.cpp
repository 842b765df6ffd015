// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/menus.h"

#include "app/workbench/actions/action_registry.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

namespace bitloom::workbench {

namespace {

struct ToolEntry {
    const char* id; ///< nullptr: a separator
    bool withText;
};
// Six main actions carry their text; what everybody knows by its picture does not.
constexpr ToolEntry kTools[] = {
    {"file.open", true},     {nullptr, false},       {"edit.undo", false},
    {"edit.redo", false},    {nullptr, false},       {"plan.duplicate", true},
    {nullptr, false},        {"run.evaluate", true}, {"run.sensitivity", true},
    {"run.search", true},    {nullptr, false},       {"file.export", true},
    {"view.palette", false},
};

/// Actions that begin a new group of their menu.
bool beginsGroup(const QString& id)
{
    static const QStringList ids{
        QStringLiteral("file.save"),   QStringLiteral("file.export"),
        QStringLiteral("file.close"),  QStringLiteral("file.quit"),
        QStringLiteral("edit.copy"),   QStringLiteral("edit.settings"),
        QStringLiteral("plan.revert"), QStringLiteral("plan.next"),
        QStringLiteral("view.panel"),  QStringLiteral("view.layout.save"),
        QStringLiteral("view.theme"),  QStringLiteral("help.diagnostics"),
    };
    return ids.contains(id);
}
} // namespace

Menus::Menus(QMainWindow& window, ActionRegistry& actions)
    : QObject(&window), m_actions(actions), m_toolBar(new QToolBar(tr("Main toolbar"), &window))
{
    const QList<QPair<QString, QString>> titles{
        {QStringLiteral("file"), tr("&File")}, {QStringLiteral("edit"), tr("&Edit")},
        {QStringLiteral("plan"), tr("&Plan")}, {QStringLiteral("run"), tr("&Run")},
        {QStringLiteral("view"), tr("&View")}, {QStringLiteral("help"), tr("&Help")}};
    for (const auto& [id, title] : titles) {
        QMenu* menu = window.menuBar()->addMenu(title);
        menu->setObjectName(QStringLiteral("menu.") + id);
        menu->setToolTipsVisible(true);
        m_menus.insert(id, menu);
    }
    m_toolBar->setObjectName(QStringLiteral("toolbar.main"));
    m_toolBar->setAccessibleName(tr("Main toolbar"));
    m_toolBar->setMovable(false);
    m_toolBar->setContextMenuPolicy(Qt::PreventContextMenu); // it would offer to hide it for good
    window.addToolBar(m_toolBar);
    // Many actions are registered one after the other: build once for all of them.
    connect(&actions, &ActionRegistry::changed, this, [this] {
        if (!m_waiting) {
            m_waiting = true;
            QMetaObject::invokeMethod(
                this,
                [this] {
                    m_waiting = false;
                    rebuild();
                },
                Qt::QueuedConnection);
        }
    });
    rebuild();
}

void Menus::addSubmenu(const QString& menu, const QString& afterId, QMenu* submenu)
{
    m_submenus.append({menu, afterId, submenu});
    rebuild();
}

void Menus::addToolWidget(const QString& beforeId, QWidget* widget)
{
    m_toolWidgets.append({beforeId, widget});
    rebuild();
}

void Menus::rebuild()
{
    for (auto it = m_menus.begin(); it != m_menus.end(); ++it) {
        fillMenu(it.key(), it.value());
    }
    fillToolBar();
}

void Menus::fillMenu(const QString& id, QMenu* menu)
{
    menu->clear();
    const auto addSubmenusAfter = [&](const QString& after) {
        for (const Submenu& entry : std::as_const(m_submenus)) {
            if (entry.menu == id && entry.afterId == after) {
                menu->addMenu(entry.submenu);
            }
        }
    };
    const QStringList ids = m_actions.idsOfMenu(id);
    for (const QString& actionId : ids) {
        if (beginsGroup(actionId) && !menu->isEmpty()) {
            menu->addSeparator();
        }
        menu->addAction(m_actions.action(actionId));
        addSubmenusAfter(actionId);
    }
    addSubmenusAfter(QString());
    menu->menuAction()->setVisible(!menu->isEmpty());
}

void Menus::fillToolBar()
{
    // Controls are owned by their wrapping action: they are taken out, not deleted.
    const QList<QAction*> shown = m_toolBar->actions();
    for (QAction* action : shown) {
        m_toolBar->removeAction(action);
        if (action->isSeparator()) {
            action->deleteLater();
        }
    }
    bool separate = false;
    for (const ToolEntry& entry : kTools) {
        if (entry.id == nullptr) {
            separate = !m_toolBar->actions().isEmpty();
            continue;
        }
        const QString id = QString::fromLatin1(entry.id);
        QAction* action = m_actions.action(id);
        if (action == nullptr) {
            continue;
        }
        if (separate) {
            m_toolBar->addSeparator();
            separate = false;
        }
        for (const auto& [before, widget] : std::as_const(m_toolWidgets)) {
            if (before != id) {
                continue;
            }
            QAction*& wrapper = m_toolWidgetActions[widget];
            if (wrapper == nullptr) {
                wrapper = m_toolBar->addWidget(widget);
            } else {
                m_toolBar->addAction(wrapper);
            }
        }
        m_toolBar->addAction(action);
        if (auto* button = qobject_cast<QToolButton*>(m_toolBar->widgetForAction(action))) {
            button->setToolButtonStyle(entry.withText ? Qt::ToolButtonTextBesideIcon
                                                      : Qt::ToolButtonIconOnly);
            button->setFocusPolicy(Qt::TabFocus);
            button->setAccessibleName(action->iconText());
            button->setAccessibleDescription(m_actions.help(id));
        }
    }
}

} // namespace bitloom::workbench
