// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/shortcut_dialog.h"

#include "app/workbench/actions/action_registry.h"
#include "widgets/util/help.h"
#include "widgets/util/spacing.h"
#include "widgets/views/row_delegate.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {
constexpr QSize kShortcutSize(620, 560);
constexpr int kIdRole = Qt::UserRole;

QString plainText(const QAction* action)
{
    return action->text().remove(u'&');
}
} // namespace

ShortcutDialog::ShortcutDialog(ActionRegistry& actions, QWidget* parent)
    : QDialog(parent), m_actions(actions), m_filter(new QLineEdit(this)),
      m_list(new QTreeWidget(this)), m_keys(new QKeySequenceEdit(this)),
      m_conflict(new QLabel(this)), m_assign(new QPushButton(tr("Assign"), this)),
      m_reset(new QPushButton(tr("Default"), this))
{
    setObjectName(QStringLiteral("shortcutDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(kShortcutSize);
    m_filter->setPlaceholderText(tr("Filter by action or key"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setAccessibleDescription(tr("Shows only actions whose name or key holds this text."));
    m_list->setObjectName(QStringLiteral("shortcuts"));
    m_list->setHeaderLabels({tr("Action"), tr("Key"), tr("Default")});
    m_list->setRootIsDecorated(false);
    m_list->setItemDelegate(new ui::RowDelegate(m_list));
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Actions and their keys"));
    m_list->setAccessibleDescription(tr("Choose an action, then give it a key below."));
    m_keys->setAccessibleName(tr("New key"));
    m_keys->setAccessibleDescription(tr("Press the keys for the chosen action."));
    m_conflict->setWordWrap(true);
    m_conflict->setTextFormat(Qt::PlainText);
    m_conflict->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_conflict->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_conflict->setAccessibleName(tr("Conflict"));
    ui::setHelp(*m_assign, tr("Give the chosen action this key."));
    ui::setHelp(*m_reset, tr("Give the chosen action its default key again."));
    auto* clear = new QPushButton(tr("No key"), this);
    ui::setHelp(*clear, tr("Take the key from the chosen action."));

    auto* row = new QHBoxLayout;
    row->addWidget(m_keys, 1);
    row->addWidget(m_assign);
    row->addWidget(m_reset);
    row->addWidget(clear);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton* resetAll = buttons->addButton(tr("Reset all"), QDialogButtonBox::ResetRole);
    ui::setHelp(*resetAll, tr("Give all actions their default keys."));
    for (QPushButton* button : {m_assign, m_reset, clear, resetAll}) {
        button->setAutoDefault(false); // Return in the key field must not press one
    }
    auto* column = new QVBoxLayout(this);
    column->setSpacing(ui::kGap);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addLayout(row);
    column->addWidget(m_conflict);
    column->addWidget(buttons);

    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutDialog::showCurrent);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
            QTreeWidgetItem* item = m_list->topLevelItem(i);
            item->setHidden(!item->text(0).contains(text, Qt::CaseInsensitive) &&
                            !item->text(1).contains(text, Qt::CaseInsensitive));
        }
    });
    connect(m_keys, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutDialog::showConflict);
    connect(m_assign, &QPushButton::clicked, this, [this] { assign(m_keys->keySequence()); });
    connect(m_reset, &QPushButton::clicked, this,
            [this] { assign(m_actions.defaultShortcut(currentId())); });
    connect(clear, &QPushButton::clicked, this, [this] { assign({}); });
    connect(resetAll, &QPushButton::clicked, this, [this] { m_actions.resetShortcuts(); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_actions, &ActionRegistry::changed, this, &ShortcutDialog::fill);
    fill();
}

QString ShortcutDialog::currentId() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item == nullptr ? QString() : item->data(0, kIdRole).toString();
}

void ShortcutDialog::fill()
{
    const QString before = currentId();
    m_list->clear();
    const QStringList ids = m_actions.ids();
    for (const QString& id : ids) {
        const QAction* action = m_actions.action(id);
        const QKeySequence standard = m_actions.defaultShortcut(id);
        auto* item = new QTreeWidgetItem(
            m_list, {plainText(action), action->shortcut().toString(QKeySequence::NativeText),
                     standard.toString(QKeySequence::NativeText)});
        item->setData(0, kIdRole, id);
        item->setToolTip(0, m_actions.help(id));
        if (action->shortcut() != standard) {
            QFont bold = m_list->font();
            bold.setBold(true);
            item->setFont(1, bold);
        }
        if (id == before || (before.isEmpty() && m_list->topLevelItemCount() == 1)) {
            m_list->setCurrentItem(item);
        }
    }
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);
}

void ShortcutDialog::showCurrent()
{
    if (const QAction* action = m_actions.action(currentId())) {
        m_keys->setKeySequence(action->shortcut());
    }
    showConflict();
}

void ShortcutDialog::showConflict()
{
    m_conflictText.clear();
    const QKeySequence keys = m_keys->keySequence();
    const QString current = currentId();
    const QStringList ids = m_actions.ids();
    for (const QString& id : ids) {
        const QAction* action = m_actions.action(id);
        if (id != current && !keys.isEmpty() && action->shortcut() == keys) {
            m_conflictText = tr("%1 belongs to \"%2\", which will have no key then.")
                                 .arg(keys.toString(QKeySequence::NativeText), plainText(action));
        }
    }
    m_conflict->setText(m_conflictText);
    const QAction* action = m_actions.action(current);
    m_assign->setEnabled(action != nullptr && action->shortcut() != keys);
}

void ShortcutDialog::assign(const QKeySequence& keys)
{
    const QString id = currentId();
    if (!id.isEmpty()) {
        m_actions.setShortcut(id, keys); // changed() fills the list anew
    }
}

} // namespace bitloom::workbench
