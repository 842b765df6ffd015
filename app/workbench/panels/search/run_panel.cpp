// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/run_view.h"
#include "app/workbench/panels/search/run_close_ups.h"
#include "app/workbench/panels/search/run_curves.h"
#include "app/workbench/panels/search/run_gates.h"
#include "app/workbench/panels/search/run_header.h"
#include "app/workbench/panels/search/run_layers.h"
#include "app/workbench/panels/search/run_time_bar.h"
#include "app/workbench/panels/search/run_warnings_page.h"
#include "app/workbench/project/run_feed.h"

#include <QAction>
#include <QComboBox>
#include <QSignalBlocker>
#include <QTabWidget>
#include <QVBoxLayout>

namespace bitloom::workbench {

RunPanel::RunPanel(const RunParts& parts, RunFeed& feed, QAction* start, QWidget* parent)
    : Panel(QStringLiteral("run"), tr("Run"), parent), m_parts(parts), m_feed(feed), m_start(start),
      m_runs(new QComboBox), m_header(new RunHeader), m_tabs(new QTabWidget),
      m_time(new RunTimeBar(parts.view)), m_warnings(new RunWarnings(parts))
{
    setWhatsThis(tr("A search as it goes on, or as its file tells it later: losses, accuracy and "
                    "costs, the gates of every layer, channels, ranges, what each layer has come "
                    "to, and what calls for attention. All views show the same step."));
    m_runs->setAccessibleName(tr("Run"));
    m_runs->setAccessibleDescription(tr("Which run of the project is shown"));
    m_runs->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_runs->setMinimumContentsLength(8);
    addTitleWidget(m_runs);
    m_follow = addTitleAction(tr("Follow"), QString());
    connect(m_follow, &QAction::triggered, this, [this] {
        if (const QString name = m_feed.runElsewhere(); !name.isEmpty()) {
            m_feed.open(name);
        }
    });

    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Views of the run"));
    m_tabs->setUsesScrollButtons(true);
    addPage(new RunCurves(parts), tr("Curves"));
    addPage(new RunGates(parts), tr("Gates"));
    addPage(new RunChannels(parts), tr("Channels"));
    addPage(new RunRanges(parts), tr("Ranges"));
    addPage(new RunLayers(parts), tr("Layers"));
    addPage(m_warnings, tr("Warnings"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_time);
    setContent(content);

    connect(m_runs, &QComboBox::activated, this,
            [this](int index) { m_feed.open(m_runs->itemData(index).toString()); });
    connect(m_warnings, &RunWarnings::countChanged, this, [this](int count) {
        m_tabs->setTabText(m_tabs->indexOf(m_warnings),
                           count == 0 ? tr("Warnings") : tr("Warnings (%1)").arg(count));
    });
    connect(&feed, &RunFeed::entriesChanged, this, &RunPanel::markDirty);
    connect(&parts.view, &RunView::runChanged, this, &RunPanel::markDirty);
    connect(&parts.view, &RunView::updated, this, &RunPanel::markDirty);
    connect(&parts.view, &RunView::timeChanged, this, &RunPanel::markDirty);
    connect(&parts.document, &PlanDocument::modelChanged, this, &RunPanel::markDirty);
    markDirty();
}

void RunPanel::addPage(RunPage* page, const QString& title)
{
    m_pages << page;
    m_tabs->addTab(page, title);
}

void RunPanel::showEvent(QShowEvent* event)
{
    Panel::showEvent(event);
    m_feed.setWatching(true);
}

void RunPanel::hideEvent(QHideEvent* event)
{
    Panel::hideEvent(event);
    m_feed.setWatching(false);
}

void RunPanel::fillRuns()
{
    const QSignalBlocker quiet(m_runs);
    m_runs->clear();
    for (const RunEntry& entry : m_feed.entries()) {
        m_runs->addItem(entry.where == RunEntry::Where::Here ? tr("%1 (running)").arg(entry.name)
                        : entry.where == RunEntry::Where::Elsewhere
                            ? tr("%1 (running elsewhere)").arg(entry.name)
                            : entry.name,
                        entry.name);
    }
    m_runs->setCurrentIndex(m_runs->findData(m_parts.view.name()));
    m_runs->setVisible(m_runs->count() > 0);
}

void RunPanel::updateFollow()
{
    const QString elsewhere = m_feed.runElsewhere();
    const bool isShown =
        m_parts.view.name() == elsewhere && m_parts.view.source() == RunView::Source::Elsewhere;
    m_follow->setEnabled(!elsewhere.isEmpty() && !isShown);
    m_follow->setToolTip(
        elsewhere.isEmpty() ? tr("Follow another process's run. Unavailable: no other process "
                                 "runs a search in this project now.")
        : isShown ? tr("Follow another process's run. Unavailable: %1 is followed.").arg(elsewhere)
                  : tr("Follow %1, which another process runs.").arg(elsewhere));
}

void RunPanel::refresh()
{
    fillRuns();
    updateFollow();
    if (m_parts.view.isEmpty()) {
        showEmpty(m_parts.document.isOpen()
                      ? tr("A search of bits appears here while it runs, and any time later: its "
                           "losses, gates and ranges, and what it came to.")
                      : tr("Open a model to see the searches that were made with it."),
                  m_parts.document.isOpen() ? m_start : nullptr);
        return;
    }
    m_header->show(m_parts.view, m_parts.document);
    m_time->refresh();
    m_warnings->look();
    showContent();
}

QList<ui::Picture> RunPanel::pictures() const
{
    QList<ui::Picture> pictures;
    if (!m_parts.view.isEmpty()) {
        for (RunPage* page : m_pages) {
            pictures << page->pictures();
        }
    }
    return pictures;
}

} // namespace bitloom::workbench
