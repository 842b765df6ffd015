// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/actions/action_registry.h"

#include "core/base/error.h"
#include "widgets/util/icons.h"

#include <QWidget>

#include <algorithm>

namespace bitloom::workbench {

ActionRegistry::ActionRegistry(QWidget* window) : QObject(window), m_window(window)
{
}

QAction* ActionRegistry::add(const ActionDescription& description, std::function<void()> handler)
{
    auto* action = new QAction(description.text, this);
    connect(action, &QAction::triggered, this, [handler = std::move(handler)] { handler(); });
    insert(description, action);
    return action;
}

QAction* ActionRegistry::addToggle(const ActionDescription& description, bool checked,
                                   std::function<void(bool)> handler)
{
    auto* action = new QAction(description.text, this);
    action->setCheckable(true);
    action->setChecked(checked);
    connect(action, &QAction::triggered, this,
            [handler = std::move(handler)](bool on) { handler(on); });
    insert(description, action);
    return action;
}

void ActionRegistry::adopt(QAction* action, const ActionDescription& description)
{
    insert(description, action);
}

void ActionRegistry::insert(const ActionDescription& description, QAction* action)
{
    BITLOOM_ASSERT(find(description.id) == nullptr);
    action->setObjectName(description.id);
    action->setShortcut(description.shortcut);
    action->setShortcutContext(Qt::WindowShortcut);
    if (!description.icon.isEmpty()) {
        action->setIcon(ui::icon(description.icon));
    }
    m_entries.push_back({description, action, {}});
    describe(m_entries.back());
    m_window->addAction(action);
    Q_EMIT changed();
}

void ActionRegistry::describe(const Entry& entry)
{
    const QString plain = entry.action->text().remove(u'&');
    QString tip = entry.description.help.isEmpty() ? plain : entry.description.help;
    if (!entry.action->shortcut().isEmpty()) {
        tip += QStringLiteral(" (%1)").arg(
            entry.action->shortcut().toString(QKeySequence::NativeText));
    }
    if (!entry.unavailable.isEmpty()) {
        tip += u'\n' + tr("Not available: %1").arg(entry.unavailable);
    }
    entry.action->setToolTip(tip);
    entry.action->setStatusTip(entry.unavailable.isEmpty() ? entry.description.help
                                                           : entry.unavailable);
    entry.action->setWhatsThis(tip);
}

const ActionRegistry::Entry* ActionRegistry::find(const QString& id) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.description.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

QAction* ActionRegistry::action(const QString& id) const
{
    const Entry* entry = find(id);
    return entry == nullptr ? nullptr : entry->action;
}

QStringList ActionRegistry::ids() const
{
    QStringList ids;
    for (const Entry& entry : m_entries) {
        ids << entry.description.id;
    }
    return ids;
}

QStringList ActionRegistry::idsOfMenu(const QString& menu) const
{
    QStringList ids;
    for (const Entry& entry : m_entries) {
        if (entry.description.menu == menu) {
            ids << entry.description.id;
        }
    }
    return ids;
}

QString ActionRegistry::help(const QString& id) const
{
    const Entry* entry = find(id);
    return entry == nullptr ? QString() : entry->description.help;
}

void ActionRegistry::setUnavailable(const QString& id, const QString& reason)
{
    auto* entry = const_cast<Entry*>(find(id));
    BITLOOM_ASSERT(entry != nullptr);
    if (entry->unavailable != reason || entry->action->isEnabled() != reason.isEmpty()) {
        entry->unavailable = reason;
        entry->action->setEnabled(reason.isEmpty());
        describe(*entry);
    }
}

QString ActionRegistry::unavailableReason(const QString& id) const
{
    const Entry* entry = find(id);
    return entry == nullptr ? QString() : entry->unavailable;
}

QKeySequence ActionRegistry::defaultShortcut(const QString& id) const
{
    const Entry* entry = find(id);
    return entry == nullptr ? QKeySequence() : entry->description.shortcut;
}

QString ActionRegistry::setShortcut(const QString& id, const QKeySequence& shortcut)
{
    const Entry* wanted = find(id);
    BITLOOM_ASSERT(wanted != nullptr);
    QString robbed;
    for (const Entry& entry : m_entries) {
        if (&entry != wanted && !shortcut.isEmpty() && entry.action->shortcut() == shortcut) {
            entry.action->setShortcut({});
            describe(entry);
            robbed = entry.description.id;
        }
    }
    wanted->action->setShortcut(shortcut);
    describe(*wanted);
    Q_EMIT changed();
    return robbed;
}

void ActionRegistry::resetShortcuts()
{
    for (const Entry& entry : m_entries) {
        entry.action->setShortcut(entry.description.shortcut);
        describe(entry);
    }
    Q_EMIT changed();
}

QHash<QString, QString> ActionRegistry::changedShortcuts() const
{
    QHash<QString, QString> shortcuts;
    for (const Entry& entry : m_entries) {
        if (entry.action->shortcut() != entry.description.shortcut) {
            shortcuts.insert(entry.description.id,
                             entry.action->shortcut().toString(QKeySequence::PortableText));
        }
    }
    return shortcuts;
}

void ActionRegistry::restoreShortcuts(const QHash<QString, QString>& shortcuts)
{
    resetShortcuts();
    for (auto it = shortcuts.begin(); it != shortcuts.end(); ++it) {
        if (find(it.key()) != nullptr) { // a later version may have dropped an action
            setShortcut(it.key(), QKeySequence::fromString(it.value(), QKeySequence::PortableText));
        }
    }
}

} // namespace bitloom::workbench
