// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QHash>
#include <QKeySequence>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace bitloom::workbench {

class ActionRegistry;

/// Keys of all actions. A key that belongs to another action is told before it is taken from it.
/// Changes count at once; the registry's owner stores them.
class ShortcutDialog final : public QDialog {
    Q_OBJECT
public:
    ShortcutDialog(ActionRegistry& actions, QWidget* parent);

    /// What taking this key for the current action means; empty: no other action has it.
    QString conflict() const { return m_conflictText; }

private:
    void fill();
    void showCurrent();
    void showConflict();
    void assign(const QKeySequence& keys);
    QString currentId() const;

    ActionRegistry& m_actions;
    QLineEdit* m_filter;
    QTreeWidget* m_list;
    QKeySequenceEdit* m_keys;
    QLabel* m_conflict;
    QString m_conflictText;
    QPushButton* m_assign;
    QPushButton* m_reset;
};

} // namespace bitloom::workbench
