// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/notice_bar.h"

#include "app/workbench/frame/error_words.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/util/spacing.h"
#include "widgets/util/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kStripe = 4;
constexpr std::size_t kMost = 20; // a loop of failures must not fill the memory

QColor colourOf(Notice::Kind kind, const QPalette& palette)
{
    const ui::Theme theme(palette);
    switch (kind) {
    case Notice::Kind::Error:
        return theme.error();
    case Notice::Kind::Warning:
        return theme.activations();
    case Notice::Kind::Info:
        break;
    }
    return theme.accent();
}

QString iconOf(Notice::Kind kind)
{
    switch (kind) {
    case Notice::Kind::Error:
        return QStringLiteral("error");
    case Notice::Kind::Warning:
        return QStringLiteral("warning");
    case Notice::Kind::Info:
        break;
    }
    return QStringLiteral("info");
}

QToolButton* makeButton(const QString& icon, const QString& name, const QString& help,
                        QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(ui::icon(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    ui::setHelp(*button, help);
    return button;
}
} // namespace

Notice noticeOfError(const QString& what, const QString& errorCode, const QString& message)
{
    const ErrorWords words = errorWords(errorCodeFrom(errorCode.toStdString()));
    return {Notice::Kind::Error, what.isEmpty() ? words.what : what + u' ' + words.what, message,
            words.next};
}

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_more(new QLabel(this)),
      m_action(new QPushButton(this)),
      m_copy(makeButton(QStringLiteral("copy"), tr("Copy"),
                        tr("Copy this message with its details."), this)),
      m_dismiss(makeButton(QStringLiteral("close"), tr("Dismiss"), tr("Hide this message."), this))
{
    setObjectName(QStringLiteral("notices"));
    setAccessibleName(tr("Messages"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setAccessibleName(tr("Message"));
    m_more->setForegroundRole(QPalette::PlaceholderText);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kStripe + ui::kGap, ui::kGap / 2, ui::kGap / 2, ui::kGap / 2);
    layout->setSpacing(ui::kGap);
    layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_more);
    m_action->hide(); // until a notice brings one
    layout->addWidget(m_action);
    layout->addWidget(m_copy);
    layout->addWidget(m_dismiss);
    connect(m_dismiss, &QToolButton::clicked, this, &NoticeBar::dismiss);
    connect(m_copy, &QToolButton::clicked, this, [this] {
        if (current() != nullptr) {
            QApplication::clipboard()->setText(textOf(*current()));
        }
    });
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (current() != nullptr) {
            const std::function<void()> action = current()->action;
            dismiss();
            action();
        }
    });
    hide();
}

QString NoticeBar::textOf(const Notice& notice)
{
    QStringList lines{notice.what};
    for (const QString& line : {notice.why, notice.next}) {
        if (!line.isEmpty()) {
            lines << line;
        }
    }
    return lines.join(u'\n');
}

void NoticeBar::add(const Notice& notice)
{
    const auto same = [&](const Notice& other) { return textOf(other) == textOf(notice); };
    if (m_queue.size() >= kMost || std::any_of(m_queue.begin(), m_queue.end(), same)) {
        return;
    }
    m_queue.push_back(notice);
    showCurrent();
}

void NoticeBar::dismiss()
{
    if (!m_queue.empty()) {
        m_queue.pop_front();
    }
    showCurrent();
}

void NoticeBar::showCurrent()
{
    setVisible(!m_queue.empty());
    if (m_queue.empty()) {
        return;
    }
    const Notice& notice = m_queue.front();
    const int side = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_icon->setPixmap(ui::icon(iconOf(notice.kind)).pixmap(QSize(side, side), devicePixelRatioF()));
    QString text = QStringLiteral("<b>%1</b>").arg(notice.what.toHtmlEscaped());
    for (const QString& line : {notice.why, notice.next}) {
        if (!line.isEmpty()) {
            text += u' ' + line.toHtmlEscaped();
        }
    }
    m_text->setText(text);
    m_text->setAccessibleDescription(textOf(notice));
    const int more = count() - 1;
    m_more->setVisible(more > 0);
    m_more->setText(tr("%n more", nullptr, more));
    m_action->setVisible(!notice.actionText.isEmpty());
    m_action->setText(notice.actionText);
    m_action->setAccessibleDescription(notice.what);
    update();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    if (m_queue.empty()) {
        return;
    }
    QPainter painter(this);
    const QColor colour = colourOf(m_queue.front().kind, palette());
    QColor ground = colour;
    ground.setAlphaF(0.12F);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(rect(), ground);
    painter.fillRect(0, 0, kStripe, height(), colour);
    painter.fillRect(0, height() - 1, width(), 1, palette().color(QPalette::Midlight));
}

} // namespace bitloom::workbench
