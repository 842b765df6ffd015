// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QObject>
#include <QString>

class QAction;
class QMainWindow;
class QMenu;
class QToolBar;
class QWidget;

namespace bitloom::workbench {

class ActionRegistry;

/// The menu bar and the toolbar of a window, made from what is registered: an action that another
/// part registers later appears by itself.
class Menus final : public QObject {
    Q_OBJECT
public:
    Menus(QMainWindow& window, ActionRegistry& actions);

    /// Puts a submenu behind the action with this id (or at the end of the menu).
    void addSubmenu(const QString& menu, const QString& afterId, QMenu* submenu);
    /// A control of the toolbar, before the action with this id.
    void addToolWidget(const QString& beforeId, QWidget* widget);

private:
    struct Submenu {
        QString menu;
        QString afterId;
        QMenu* submenu;
    };
    void rebuild();
    void fillMenu(const QString& id, QMenu* menu);
    void fillToolBar();

    ActionRegistry& m_actions;
    QHash<QString, QMenu*> m_menus;
    QToolBar* m_toolBar;
    QList<Submenu> m_submenus;
    QList<QPair<QString, QWidget*>> m_toolWidgets;
    QHash<QWidget*, QAction*> m_toolWidgetActions;
    bool m_waiting = false;
};

} // namespace bitloom::workbench
