// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace bitloom::workbench {

/// How an action introduces itself.
struct ActionDescription {
    QString id;   ///< stable, for settings and tests: "plan.duplicate"
    QString text; ///< "Duplicate plan"; with the menu's mnemonic
    QString help; ///< one sentence: tooltip, status line, palette
    QKeySequence shortcut;
    QString icon; ///< name in resources/icons; empty: none
    QString menu; ///< "file", "edit", "plan", "run", "view", "help"; empty: palette only
};

/// All actions of the window: menus, toolbar, command palette and shortcut editor show what is
/// registered here, and nothing else. GUI thread only.
class ActionRegistry final : public QObject {
    Q_OBJECT
public:
    explicit ActionRegistry(QWidget* window);

    /// The id must be new. The handler runs in the GUI thread and must not wait.
    QAction* add(const ActionDescription& description, std::function<void()> handler);
    /// A check box in menus; the handler gets the new state.
    QAction* addToggle(const ActionDescription& description, bool checked,
                       std::function<void(bool)> handler);
    /// For actions that another class made (QUndoStack): its triggered() is already connected.
    void adopt(QAction* action, const ActionDescription& description);

    /// nullptr for an unknown id.
    QAction* action(const QString& id) const;
    QStringList ids() const; ///< in the order of registration
    QStringList idsOfMenu(const QString& menu) const;
    QString help(const QString& id) const;
    /// An action that is not available says why in its tooltip; an empty reason enables it.
    void setUnavailable(const QString& id, const QString& reason);
    QString unavailableReason(const QString& id) const;

    QKeySequence defaultShortcut(const QString& id) const;
    /// A shortcut that another action has is taken from it, and that action's id returned.
    QString setShortcut(const QString& id, const QKeySequence& shortcut);
    void resetShortcuts();
    /// Only the shortcuts that differ from their defaults.
    QHash<QString, QString> changedShortcuts() const;
    void restoreShortcuts(const QHash<QString, QString>& shortcuts);

Q_SIGNALS:
    void changed(); ///< an action was added or has another shortcut

private:
    struct Entry {
        ActionDescription description;
        QAction* action = nullptr;
        QString unavailable;
    };
    const Entry* find(const QString& id) const;
    void insert(const ActionDescription& description, QAction* action);
    static void describe(const Entry& entry);

    QWidget* m_window;
    std::vector<Entry> m_entries;
};

} // namespace bitloom::workbench
