// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panel_set.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/main_window.h"
#include "app/workbench/panels/cost_panel.h"
#include "app/workbench/panels/cost_strip_presenter.h"
#include "app/workbench/panels/frontier_panel.h"
#include "app/workbench/panels/jobs_panel.h"
#include "app/workbench/panels/layer_panel.h"
#include "app/workbench/panels/log_panel.h"
#include "app/workbench/panels/plan_editor.h"
#include "app/workbench/panels/qt_messages.h"
#include "app/workbench/panels/sensitivity_panel.h"
#include "widgets/views/cost_strip.h"

namespace bitloom::workbench {

namespace {
constexpr int kSentenceMs = 6000;
// Places in the right column; a group is a stack of tabs.
const QString kCloseUp = QStringLiteral("layer");
const QString kResults = QStringLiteral("results");
} // namespace

PanelSet::PanelSet(MainWindow& window, PlanDocument& document, Selection& selection,
                   JobCenter& jobs, BudgetAssistant& budget)
    : QObject(&window), m_window(window)
{
    addEditor(document, selection, budget);
    window.addPanel(new LayerPanel(
                        document, selection, jobs, [] { return std::nullopt; }, &window),
                    Qt::RightDockWidgetArea, kCloseUp);
    QAction* measure = window.actions().action(QStringLiteral("run.sensitivity"));
    window.addPanel(new CostPanel(document, selection, &window), Qt::RightDockWidgetArea, kCloseUp);
    window.addPanel(new FrontierPanel(document, budget, measure, &window), Qt::RightDockWidgetArea,
                    kResults);
    if (measure != nullptr) { // without the action that fills it, it would stay empty
        window.addPanel(new SensitivityPanel(document, selection, measure, &window),
                        Qt::RightDockWidgetArea, kResults);
    }
    window.addPanel(new JobsPanel(jobs, &window), Qt::BottomDockWidgetArea, QStringLiteral("jobs"));
    addLog(jobs);
    connect(&document, &PlanDocument::noticed, this, &PanelSet::say);
}

PanelSet::~PanelSet() = default;

void PanelSet::addEditor(PlanDocument& document, Selection& selection, BudgetAssistant& budget)
{
    auto* strip = new ui::CostStrip(&m_window);
    new CostStripPresenter(document, budget, *strip);
    m_editor = new PlanEditor(document, selection, &m_window);
    m_window.setEditor(strip, m_editor);
    connect(m_editor, &PlanEditor::messageRequested, this, &PanelSet::say);
    connect(strip, &ui::CostStrip::figureActivated, this,
            [this] { m_window.showPanel(QStringLiteral("cost")); });
}

void PanelSet::addLog(JobCenter& jobs)
{
    m_log = new LogPanel(&m_window);
    m_window.addPanel(m_log, Qt::BottomDockWidgetArea, QStringLiteral("log"));
    m_messages = new QtMessages(this);
    connect(m_messages, &QtMessages::logged, m_log, &LogPanel::add);
    connect(&jobs, &JobCenter::commandStarted, m_log, &LogPanel::addCommand);
    connect(&jobs, &JobCenter::logged, m_log, &LogPanel::add);
}

void PanelSet::say(const QString& sentence)
{
    m_window.statusLine().showMessage(sentence, kSentenceMs);
    m_log->addNote(sentence);
}

} // namespace bitloom::workbench
