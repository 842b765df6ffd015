// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/status_line.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/refresh_gate.h"

#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kNameCharacters = 32;
constexpr int kProgressSteps = 1000;
constexpr int kProgressWidth = 96;
constexpr int kSentenceMs = 6000;

QLabel* addLabel(QStatusBar* bar, const QString& name, const QString& help)
{
    auto* label = new QLabel(bar);
    label->setTextFormat(Qt::PlainText);
    label->setAccessibleName(name);
    ui::setHelp(*label, help);
    label->setContentsMargins(4, 0, 8, 0);
    bar->addPermanentWidget(label);
    return label;
}

/// The job that the line shows: the oldest that runs, else the oldest that waits.
const JobRow* shownJob(const JobCenter& jobs)
{
    const JobRow* waiting = nullptr;
    for (const JobRow& row : jobs.rows()) {
        if (row.isActive() && row.state != JobState::Queued) {
            return &row;
        }
        if (row.isActive() && waiting == nullptr) {
            waiting = &row;
        }
    }
    return waiting;
}
} // namespace

StatusLine::StatusLine(const PlanDocument& document, JobCenter& jobs, QWidget* parent)
    : QStatusBar(parent), m_document(document), m_jobs(jobs),
      m_gate(new ui::RefreshGate(this, [this] { refresh(); })), m_job(new QToolButton(this)),
      m_progress(new QProgressBar(this))
{
    setObjectName(QStringLiteral("statusLine"));
    setAccessibleName(tr("Status"));
    setSizeGripEnabled(false);
    m_job->setAutoRaise(true);
    m_job->setFocusPolicy(Qt::TabFocus);
    m_job->setAccessibleName(tr("Running job"));
    ui::setHelp(*m_job, tr("Show the jobs."));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(kProgressWidth);
    m_progress->setMaximumHeight(fontMetrics().height() * 2 / 3);
    m_progress->setAccessibleName(tr("Progress of the running job"));
    addWidget(m_progress);
    addWidget(m_job);
    m_model = addLabel(this, tr("Model"), tr("The open model and its number of layers."));
    m_plan = addLabel(this, tr("Plan"), tr("The plan that is shown."));
    m_cost = addLabel(this, tr("Cost"),
                      tr("Bytes of the packed model and bit operations of the shown plan."));
    m_device = addLabel(this, tr("Device"), tr("Where jobs run; the settings change it."));

    connect(m_job, &QToolButton::clicked, this, &StatusLine::jobClicked);
    const auto dirty = [this] { m_gate->markDirty(); };
    connect(&document, &PlanDocument::modelChanged, this, dirty);
    connect(&document, &PlanDocument::planShown, this, dirty);
    connect(&document, &PlanDocument::planListChanged, this, dirty);
    connect(&document, &PlanDocument::consequencesChanged, this, dirty);
    connect(&jobs, &JobCenter::rowAdded, this, dirty);
    connect(&jobs, &JobCenter::rowChanged, this, dirty);
    connect(&jobs, &JobCenter::rowsReset, this, dirty);
    refresh();
}

void StatusLine::say(const QString& sentence)
{
    showMessage(sentence, kSentenceMs);
}

void StatusLine::setDevice(const QString& device)
{
    m_device->setText(device);
}

void StatusLine::refresh()
{
    const bool open = m_document.isOpen();
    for (QLabel* label : {m_model, m_plan, m_cost}) {
        label->setVisible(open);
    }
    if (open) {
        const ModelInfo& model = *m_document.model();
        m_model->setText(
            tr("%1, %n layers", nullptr, static_cast<int>(model.layers.size()))
                .arg(ui::shortened(QString::fromStdString(model.name), kNameCharacters)));
        m_plan->setText(ui::shortened(m_document.planName(), kNameCharacters));
        const PlanCost& cost = m_document.cost();
        m_cost->setText(
            tr("%1, %2 of FP32 BOPs")
                .arg(ui::formatBytes(cost.bytes), ui::formatPercent(cost.bopsPercentOfFp32())));
    }
    refreshJob();
}

void StatusLine::refreshJob()
{
    const JobRow* row = shownJob(m_jobs);
    m_job->setVisible(row != nullptr);
    m_progress->setVisible(row != nullptr);
    if (row == nullptr) {
        return;
    }
    QString text = row->title;
    const bool knowsTotal = row->progress && row->progress->total > 0;
    m_progress->setRange(0, knowsTotal ? kProgressSteps : 0);
    if (knowsTotal) {
        const double share =
            static_cast<double>(row->progress->done) / static_cast<double>(row->progress->total);
        m_progress->setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kProgressSteps));
    }
    if (row->state == JobState::Stopping) {
        text = tr("%1: stopping").arg(text);
    } else if (row->state == JobState::Paused) {
        text = tr("%1: paused").arg(text);
    } else if (row->progress && row->progress->etaSeconds) {
        text = tr("%1, %2 left").arg(text, ui::formatDuration(*row->progress->etaSeconds));
    }
    const auto active = std::count_if(m_jobs.rows().begin(), m_jobs.rows().end(),
                                      [](const JobRow& other) { return other.isActive(); });
    if (active > 1) {
        text += u' ' + tr("(+%1)").arg(active - 1);
    }
    m_job->setText(text);
}

} // namespace bitloom::workbench
