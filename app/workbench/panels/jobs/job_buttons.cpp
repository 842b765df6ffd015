// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/job_buttons.h"

#include "widgets/util/help.h"
#include "widgets/util/icons.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace bitloom::workbench {

namespace {
constexpr int kButtons = 3; // at a time

void describe(QToolButton& button, const QString& text, const QString& name, const QString& tip)
{
    button.setText(text);
    button.setAccessibleName(name);
    ui::setHelp(button, tip);
}
} // namespace

JobButtons::JobButtons(QWidget* parent) : QWidget(parent)
{
    setAutoFillBackground(true); // icons are made for this ground, not for that of the selection
    setBackgroundRole(QPalette::Base);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(2, 0, 2, 0);
    layout->setSpacing(2);
    m_pause = makeButton(QStringLiteral("pause"));
    m_cancel = makeButton(QStringLiteral("stop"));
    m_result = makeButton(QStringLiteral("open"));
    m_log = makeButton(QStringLiteral("log"));
    layout->addStretch(1);
    for (QToolButton* button : {m_pause, m_cancel, m_result, m_log}) {
        layout->addWidget(button);
    }
    connect(m_pause, &QToolButton::clicked, this, &JobButtons::pauseToggled);
    connect(m_cancel, &QToolButton::clicked, this, &JobButtons::cancelled);
    connect(m_result, &QToolButton::clicked, this, &JobButtons::resultOpened);
    connect(m_log, &QToolButton::clicked, this, &JobButtons::logOpened);
}

int JobButtons::widthFor(int fontHeight)
{
    return kButtons * (fontHeight + 14) + 8;
}

QToolButton* JobButtons::makeButton(const QString& icon)
{
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setIcon(ui::icon(icon));
    const int side = fontMetrics().height();
    button->setIconSize({side, side});
    return button;
}

void JobButtons::follow(const JobRow& row)
{
    const bool active = row.isActive();
    const bool paused = row.state == JobState::Paused;
    if (paused != m_paused) {
        m_paused = paused;
        m_pause->setIcon(ui::icon(paused ? QStringLiteral("resume") : QStringLiteral("pause")));
    }
    m_pause->setVisible(active);
    m_pause->setEnabled(row.state == JobState::Running || paused);
    describe(*m_pause, paused ? tr("Go on") : tr("Pause"),
             paused ? tr("Go on with %1").arg(row.title) : tr("Pause %1").arg(row.title),
             paused                           ? tr("Go on where the job stopped.")
             : row.state == JobState::Running ? tr("Pause the job; it keeps its memory.")
                                              : tr("Only a running job can be paused."));
    m_cancel->setVisible(active);
    m_cancel->setEnabled(active && row.state != JobState::Stopping);
    describe(*m_cancel, tr("Cancel"), tr("Cancel %1").arg(row.title),
             row.state == JobState::Stopping ? tr("The job is stopping.")
                                             : tr("Stop the job; what it found so far is kept."));
    m_result->setVisible(!active);
    m_result->setEnabled(row.hasResult());
    describe(*m_result, tr("Show"), tr("Show the result of %1").arg(row.title),
             row.hasResult() ? tr("Show what the job found.") : tr("The job has no result."));
    describe(*m_log, tr("Log"), tr("Open the log of %1").arg(row.title),
             tr("Show the job's command line and its messages."));
}

} // namespace bitloom::workbench
