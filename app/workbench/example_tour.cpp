// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/example_tour.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/evaluate/evaluate_panel.h"
#include "app/workbench/panels/pack/export_panel.h"
#include "app/workbench/panels/plan/sensitivity_run.h"
#include "core/engine/example_jobs.h"

#include <algorithm>

namespace bitloom::workbench {

ExampleTour::ExampleTour(const Parts& parts, PanelSet& panels, QObject* parent)
    : QObject(parent), m_parts(parts), m_panels(panels)
{
    connect(&parts.document, &PlanDocument::modelChanged, this, &ExampleTour::end);
    connect(&parts.budget, &BudgetAssistant::frontierChanged, this, [this] {
        if (m_parts.budget.frontier() == nullptr) {
            return;
        }
        if (m_step == Step::Frontier) {
            addBudgetPlan();
        } else if (m_step == Step::Renewal) {
            askForBudget();
        }
    });
    connect(&parts.budget, &BudgetAssistant::previewChanged, this, [this] {
        if (m_step == Step::Preview && m_parts.budget.preview() != nullptr) {
            takeBudget();
        }
    });
    connect(&parts.jobs, &JobCenter::busyChanged, this, &ExampleTour::proceedWhenIdle,
            Qt::QueuedConnection);
}

void ExampleTour::start()
{
    m_parts.window.showPanel(QStringLiteral("sensitivity"));
    m_parts.budget.setKind(BudgetKind::Bops);
    SweepSettings settings;
    settings.images = static_cast<int>(engine::kExampleSweepImages);
    remember();
    m_step = Step::Sweep;
    m_parts.sweep.start(settings);
}

void ExampleTour::remember()
{
    m_shown = m_parts.document.planName();
    m_edits = m_parts.document.undoStack().index();
}

bool ExampleTour::isUntouched() const
{
    return m_parts.document.isOpen() && m_parts.document.planName() == m_shown &&
           m_parts.document.undoStack().index() == m_edits;
}

void ExampleTour::addBudgetPlan()
{
    if (!isUntouched()) {
        end();
        return;
    }
    m_parts.document.duplicatePlan();
    m_parts.document.renamePlan(QStringLiteral("budget"));
    remember();
    m_step = Step::Renewal; // what is planned for is the new plan, a moment later
}

void ExampleTour::askForBudget()
{
    if (!isUntouched()) {
        end();
        return;
    }
    m_step = Step::Preview;
    m_parts.budget.setBudget(m_parts.budget.fromUnit(engine::kExampleBudgetPercent));
}

void ExampleTour::takeBudget()
{
    if (!isUntouched()) {
        end();
        return;
    }
    m_parts.budget.take();
    remember();
    m_step = Step::Measure;
    m_panels.evaluate().measureShownPlan();
}

void ExampleTour::proceedWhenIdle(bool busy)
{
    if (busy || m_step == Step::None) {
        return;
    }
    const bool endedWell =
        !m_parts.jobs.rows().empty() && m_parts.jobs.rows().back().state == JobState::Finished;
    if (!endedWell || !isUntouched()) {
        end();
        return;
    }
    switch (m_step) {
    case Step::Sweep:
        m_step = Step::Frontier;
        if (m_parts.budget.frontier() != nullptr) {
            addBudgetPlan();
        }
        break;
    case Step::Measure:
        m_step = Step::Pack;
        m_panels.exporting().pack();
        break;
    case Step::Pack:
        m_step = Step::Prove;
        m_panels.exporting().measurePackedFile();
        break;
    case Step::Prove:
        end();
        break;
    case Step::None:
    case Step::Frontier:
    case Step::Renewal:
    case Step::Preview:
        break;
    }
}

} // namespace bitloom::workbench
