// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel.h"

#include "widgets/util/help.h"
#include "widgets/util/spacing.h"
#include "widgets/views/flow_layout.h"

#include <QAction>
#include <QEvent>
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
constexpr int kMinimumWidth = 400; // of plots and tables that say something
constexpr int kControlsPlace = 2;  // in the title line, behind the title and the stretch
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
    m_controls = new QWidget(m_titleLine);
    auto* controls = new FlowLayout(m_controls);
    controls->setContentsMargins(0, 0, 0, 0);
    controls->setSpacing(kGap / 2);
    m_controls->hide();
    m_controls->installEventFilter(this);
    m_titleLayout->addWidget(m_controls);

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
    m_controls->layout()->addWidget(widget);
    m_controls->show();
}

bool Panel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_controls && event->type() == QEvent::LayoutRequest) {
        placeControls(); // one of them wants another width
    }
    return QWidget::eventFilter(watched, event);
}

void Panel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeControls();
}

void Panel::placeControls()
{
    if (m_controls->isHidden()) {
        return;
    }
    auto* column = static_cast<QVBoxLayout*>(layout());
    bool isBeside = m_titleLayout->indexOf(m_controls) >= 0;
    const int wanted = m_controls->layout()->sizeHint().width();
    const int line = m_titleLayout->sizeHint().width() + (isBeside ? 0 : wanted + kGap / 2);
    if ((line <= width()) != isBeside) {
        if (isBeside) {
            m_titleLayout->removeWidget(m_controls);
            m_controls->layout()->setContentsMargins(kPadding, 0, kPadding, kGap / 2);
            column->insertWidget(column->indexOf(m_titleLine) + 1, m_controls); // 0 in a dock
        } else {
            column->removeWidget(m_controls);
            m_controls->layout()->setContentsMargins(0, 0, 0, 0);
            m_titleLayout->insertWidget(kControlsPlace, m_controls);
        }
        m_controls->show(); // another parent hides it
        isBeside = !isBeside;
    }
    // A low panel must not take their second line.
    m_controls->setMinimumHeight(isBeside ? 0 : m_controls->layout()->heightForWidth(width()));
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
            setHelp(*m_emptyButton, action->toolTip());
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
