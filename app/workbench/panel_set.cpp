// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panel_set.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/panel_dock.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/evaluate/evaluate_panel.h"
#include "app/workbench/panels/jobs/jobs_panel.h"
#include "app/workbench/panels/log/log_panel.h"
#include "app/workbench/panels/log/qt_messages.h"
#include "app/workbench/panels/pack/export_panel.h"
#include "app/workbench/panels/pack/packed_panel.h"
#include "app/workbench/panels/plan/compare_panel.h"
#include "app/workbench/panels/plan/cost_panel.h"
#include "app/workbench/panels/plan/cost_strip_presenter.h"
#include "app/workbench/panels/plan/frontier_panel.h"
#include "app/workbench/panels/plan/layer_panel.h"
#include "app/workbench/panels/plan/plan_editor.h"
#include "app/workbench/panels/plan/sensitivity_panel.h"
#include "app/workbench/panels/search/run_panel.h"
#include "app/workbench/panels/search/search_panel.h"
#include "app/workbench/project/plan_commands.h"
#include "app/workbench/project/project_store.h"
#include "app/workbench/project/run_feed.h"
#include "core/engine/method_catalog.h"
#include "widgets/views/cost_strip.h"

namespace bitloom::workbench {

namespace {
// Places in the right column; a group is a stack of tabs: what is known of the plan, and what is
// done with it.
const QString kCloseUp = QStringLiteral("layer");
const QString kResults = QStringLiteral("results");
} // namespace

PanelSet::PanelSet(MainWindow& window, const PanelParts& parts) : QObject(&window), m_window(window)
{
    addEditor(parts);
    addCloseUps(parts);
    addResults(parts);
    auto* jobs = new JobsPanel(parts.jobs, &window);
    window.addPanel(jobs, Qt::BottomDockWidgetArea, QStringLiteral("jobs"));
    connect(jobs, &JobsPanel::resultRequested, &window, &MainWindow::showPanel);
    addLog(parts);
    connect(&parts.document, &PlanDocument::noticed, this, &PanelSet::say);
}

PanelSet::~PanelSet() = default;

void PanelSet::addEditor(const PanelParts& parts)
{
    m_editor = new PlanEditor(parts.document, parts.selection, &m_window);
    auto* strip = new ui::CostStrip(&m_window);
    new CostStripPresenter(parts.document, parts.budget, *strip);
    m_window.setEditor(strip, m_editor);
    // Each figure opens what it is made of.
    connect(strip, &ui::CostStrip::figureActivated, this, [this](ui::Figure figure) {
        m_window.showPanel(figure == ui::Figure::PredictedLoss ? QStringLiteral("sensitivity")
                                                               : QStringLiteral("cost"));
    });
    connect(m_editor, &PlanEditor::messageRequested, this, &PanelSet::say);
}

void PanelSet::addCloseUps(const PanelParts& parts)
{
    DataChoice& data = parts.data;
    m_window.addPanel(new LayerPanel(
                          parts.document, parts.selection, parts.jobs,
                          [&data] { return data.data(); }, &m_window),
                      Qt::RightDockWidgetArea, kCloseUp);
    m_window.addPanel(new CostPanel(parts.document, parts.selection, &m_window),
                      Qt::RightDockWidgetArea, kCloseUp);
    m_window.addPanel(new ComparePanel(parts.document, parts.selection, &m_window),
                      Qt::RightDockWidgetArea, kCloseUp);
}

void PanelSet::addResults(const PanelParts& parts)
{
    QAction* measure = m_window.actions().action(QStringLiteral("run.sensitivity"));
    m_window.addPanel(
        new FrontierPanel(parts.document, parts.budget, parts.selection, measure, &m_window),
        Qt::RightDockWidgetArea, kCloseUp);
    m_sensitivity = new SensitivityPanel(parts.document, parts.selection, measure, &m_window);
    m_window.addPanel(m_sensitivity, Qt::RightDockWidgetArea, kCloseUp);
    m_evaluate = new EvaluatePanel(parts.document, parts.selection, parts.jobs, parts.data,
                                   parts.measurements, parts.commandLine, &m_window);
    m_window.addPanel(m_evaluate, Qt::RightDockWidgetArea, kResults);
    m_export = new ExportPanel(parts.document, parts.jobs, parts.data, parts.measurements,
                               parts.commandLine, &m_window);
    m_window.addPanel(m_export, Qt::RightDockWidgetArea, kResults);
    auto* packed =
        new PackedPanel(parts.document, parts.selection, parts.jobs, parts.commandLine, &m_window);
    PanelDock* packedDock = m_window.addPanel(packed, Qt::RightDockWidgetArea, kResults);
    packedDock->setOnDemand();
    connect(m_export, &ExportPanel::packed, packed,
            [packed](const PackSheet&, const QString& path) { packed->showFile(path); });
    connect(packed, &PackedPanel::fileShown, packedDock, [packedDock](bool isModel) {
        packedDock->show();
        if (isModel) { // who opens a packed file wants to see what is in it
            packedDock->raise();
        }
    });
    connect(packed, &PackedPanel::fileGone, packedDock, &QWidget::hide);
    m_search = new SearchPanel(parts.document, parts.jobs, parts.data, parts.search,
                               engine::methodCatalog(), &m_window);
    m_window.addPanel(m_search, Qt::RightDockWidgetArea, kResults);
    m_window.addPanel(new RunPanel({parts.run, parts.document, parts.selection}, parts.runs,
                                   m_window.actions().action(QStringLiteral("run.search")),
                                   &m_window),
                      Qt::RightDockWidgetArea, kResults);
    // A search that starts is what one wants to see.
    connect(&parts.runs, &RunFeed::searchStarted, this,
            [this] { m_window.showPanel(QStringLiteral("run")); });
}

void PanelSet::addLog(const PanelParts& parts)
{
    m_log = new LogPanel(&m_window);
    m_window.addPanel(m_log, Qt::BottomDockWidgetArea, QStringLiteral("log"));
    m_messages = new QtMessages(this);
    connect(m_messages, &QtMessages::logged, m_log, &LogPanel::add);
    connect(&parts.jobs, &JobCenter::commandStarted, m_log, &LogPanel::addCommand);
    connect(&parts.jobs, &JobCenter::logged, m_log, &LogPanel::add);
    m_commands = new PlanCommands(parts.document, parts.store, this);
    connect(&parts.budget, &BudgetAssistant::taking, m_commands, &PlanCommands::expectAllocation);
    connect(&parts.budget, &BudgetAssistant::taken, m_commands, &PlanCommands::endAllocation);
    connect(m_commands, &PlanCommands::commandDone, m_log, &LogPanel::addCommand);
}

void PanelSet::say(const QString& sentence)
{
    m_window.statusLine().say(sentence);
    m_log->addNote(sentence);
}

} // namespace bitloom::workbench
