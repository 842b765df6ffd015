// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/failure_line.h"

#include "app/workbench/panels/common/state_mark.h"
#include "core/base/error.h"
#include "widgets/util/icons.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace bitloom::workbench {

FailureLine::FailureLine(QWidget* parent) : QFrame(parent), m_mark(new QLabel), m_text(new QLabel)
{
    setAccessibleName(tr("What went wrong"));
    m_text->setAccessibleName(tr("Message"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* copy = new QToolButton;
    copy->setText(tr("Copy"));
    copy->setIcon(ui::icon(QStringLiteral("copy")));
    copy->setAutoRaise(true);
    copy->setToolTip(tr("Copy the details."));
    copy->setAccessibleName(tr("Copy the details"));
    connect(copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_details); });
    auto* close = new QToolButton;
    close->setText(tr("Close"));
    close->setIcon(ui::icon(QStringLiteral("close")));
    close->setAutoRaise(true);
    close->setToolTip(tr("Dismiss this message."));
    close->setAccessibleName(tr("Dismiss the message"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_mark, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(copy, 0, Qt::AlignTop);
    layout->addWidget(close, 0, Qt::AlignTop);
    hide();
}

void FailureLine::show(const QString& what, const QString& code, const QString& message)
{
    m_text->setText(QStringLiteral("%1: %2").arg(what, message));
    m_text->setAccessibleName(m_text->text());
    m_details = QStringLiteral("%1\n%2: %3\n").arg(what, code, message);
    m_mark->setPixmap(markPixmap(Mark::Failed, fontMetrics().height(),
                                 markColour(Mark::Failed, palette()), devicePixelRatioF()));
    setVisible(true);
}

void FailureLine::show(const QString& what, const Error& error)
{
    const std::string_view code = toString(error.code());
    show(what, QString::fromUtf8(code.data(), static_cast<qsizetype>(code.size())),
         QString::fromUtf8(error.what()));
}

QString FailureLine::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void FailureLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_mark->setPixmap(markPixmap(Mark::Failed, fontMetrics().height(),
                                     markColour(Mark::Failed, palette()), devicePixelRatioF()));
    }
    QFrame::changeEvent(event);
}

} // namespace bitloom::workbench
