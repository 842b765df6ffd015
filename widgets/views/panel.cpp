// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace bitloom::ui {

namespace {
constexpr int kPadding = 12;
constexpr int kMinimumWidth = 280;
constexpr int kGap = 8;
} // namespace

Panel::Panel(const QString& id, const QString& title, QWidget* parent)
    : QWidget(parent), m_gate(new RefreshGate(this, [this] { refresh(); }))
{
    setObjectName(id);
    setWindowTitle(title);
    setAccessibleName(title);

    m_titleLine = new QWidget(this);
    m_titleLayout = new QHBoxLayout(m_titleLine);
    m_titleLayout->setContentsMargins(kPadding, kGap / 2, kGap / 2, kGap / 2);
    m_titleLayout->setSpacing(kGap / 2);
    m_titleLabel = new QLabel(title, m_titleLine);
    QFont bold = m_titleLabel->font();
    bold.setWeight(QFont::DemiBold);
    m_titleLabel->setFont(bold);
    m_titleLabel->setTextFormat(Qt::PlainText);
    m_titleLayout->addWidget(m_titleLabel);
    m_titleLayout->addStretch(1);

    m_emptyPage = new QWidget(this);
    auto* empty = new QVBoxLayout(m_emptyPage);
    empty->setContentsMargins(2 * kPadding, kPadding, 2 * kPadding, kPadding);
    empty->setSpacing(kPadding);
    m_emptyLabel = new QLabel(m_emptyPage);
    m_emptyLabel->setTextFormat(Qt::PlainText);
    m_emptyLabel->setWordWrap(true);
    m_emptyLabel->setAlignment(Qt::AlignCenter);
    m_emptyLabel->setForegroundRole(QPalette::PlaceholderText);
    m_emptyButton = new QPushButton(m_emptyPage);
    m_emptyButton->hide();
    empty->addStretch(1);
    empty->addWidget(m_emptyLabel);
    empty->addWidget(m_emptyButton, 0, Qt::AlignHCenter);
    empty->addStretch(1);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_titleLine);
    m_pages = new QStackedLayout;
    m_pages->addWidget(m_emptyPage);
    layout->addLayout(m_pages, 1);
}

Panel::~Panel() = default;

QString Panel::title() const
{
    return m_titleLabel->text();
}

QString Panel::emptySentence() const
{
    return m_pages->currentWidget() == m_emptyPage ? m_emptyLabel->text() : QString();
}

void Panel::setContent(QWidget* content)
{
    // A narrow dock scrolls rather than taking the room from the table in the centre.
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setMinimumWidth(kMinimumWidth);
    scroll->setWidget(content);
    m_pages->addWidget(scroll);
    m_pages->setCurrentWidget(scroll);
}

void Panel::addTitleWidget(QWidget* widget)
{
    m_titleLayout->addWidget(widget);
}

void Panel::addTitleAction(QAction* action)
{
    auto* button = new QToolButton(m_titleLine);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolButtonStyle(action->icon().isNull() ? Qt::ToolButtonTextOnly
                                                       : Qt::ToolButtonIconOnly);
    if (action->menu() != nullptr) {
        button->setPopupMode(QToolButton::InstantPopup);
    }
    const auto follow = [button, action] {
        button->setAccessibleName(action->iconText());
        button->setAccessibleDescription(action->toolTip());
    };
    follow();
    connect(action, &QAction::changed, button, follow);
    m_titleLayout->addWidget(button);
}

QAction* Panel::addTitleAction(const QString& text, const QString& toolTip, const QIcon& icon)
{
    auto* action = new QAction(icon, text, this);
    action->setToolTip(toolTip);
    addTitleAction(action);
    return action;
}

void Panel::showEmpty(const QString& sentence, QAction* action)
{
    disconnect(m_emptyTriggered);
    disconnect(m_emptyChanged);
    disconnect(m_emptyGone);
    m_emptyLabel->setText(sentence);
    m_emptyPage->setAccessibleName(sentence);
    m_emptyButton->setVisible(action != nullptr);
    if (action != nullptr) {
        const auto follow = [this, action] {
            m_emptyButton->setText(action->text());
            m_emptyButton->setAccessibleName(action->iconText());
            m_emptyButton->setToolTip(action->toolTip());
            m_emptyButton->setAccessibleDescription(action->toolTip());
            m_emptyButton->setEnabled(action->isEnabled());
        };
        follow();
        m_emptyTriggered =
            connect(m_emptyButton, &QPushButton::clicked, action, [action] { action->trigger(); });
        m_emptyChanged = connect(action, &QAction::changed, m_emptyButton, follow);
        m_emptyGone = connect(action, &QObject::destroyed, m_emptyButton, &QWidget::hide);
    }
    m_pages->setCurrentWidget(m_emptyPage);
}

void Panel::showContent()
{
    if (m_pages->count() > 1) {
        m_pages->setCurrentIndex(1);
    }
}

} // namespace bitloom::ui
