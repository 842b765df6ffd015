// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_gates.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/run_view.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/plot_grid.h"
#include "widgets/plots/gate_map.h"
#include "widgets/plots/plot.h"
#include "widgets/plots/run_scenes.h"

#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

const std::vector<ui::GateRow>& GateSites::rows(const RunParts& parts)
{
    const HistorySeries* gates =
        parts.view.isEmpty() ? nullptr : parts.view.history().find("gate_probabilities");
    if (gates == nullptr) {
        m_rows.clear();
        m_columns.clear();
        return m_rows;
    }
    const auto model = parts.document.model();
    if (model.get() != m_model || gates->columns != m_columns) {
        m_model = model.get();
        m_columns = gates->columns;
        m_rows = ui::gateRows(*gates, model.get());
    }
    return m_rows;
}

int GateSites::selected(const RunParts& parts)
{
    const auto& found = rows(parts);
    const int row = ui::gateRowOf(found, parts.selection.currentLayer());
    return row < 0 && !found.empty() ? 0 : row;
}

RunGates::RunGates(const RunParts& parts, QWidget* parent)
    : RunPage(parts, parent), m_splitter(new QSplitter(Qt::Vertical)), m_map(new ui::GateMap),
      m_weights(new ui::Plot), m_activations(new ui::Plot)
{
    m_map->setEmptyText(
        tr("How probable it is that each gate is open appears here with the first recorded step."));
    m_map->setWhatsThis(
        tr("A row per layer: its weight, and the activation that follows it. A gate is open in "
           "evaluation above 0.66; at or below 0.40 nothing opens it again. A level counts only "
           "where all lower ones are open. The chip is the width that evaluation would take."));
    m_weights->setAccessibleName(tr("Gates of the layer's weight by step"));
    m_activations->setAccessibleName(tr("Gates of the layer's activation by step"));
    m_splitter->setHandleWidth(5);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_map);
    m_splitter->addWidget(new PlotGrid({m_weights, m_activations}));
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(m_map, &ui::GateMap::rowActivated, this, &RunGates::selectRow);
    for (ui::Plot* plot : {m_weights, m_activations}) {
        letChooseTime(*plot);
        plot->setTooltipProvider([this, plot](int id) {
            const auto& site = plot == m_weights ? m_weightSite : m_activationSite;
            return view().isEmpty() || !site
                       ? QString()
                       : ui::gateText(view().history(), *site, ui::stepOfStop(plot->scene(), id));
        });
    }
}

void RunGates::resizeEvent(QResizeEvent* event)
{
    RunPage::resizeEvent(event);
    // A wide, low panel has room beside the map, not below it.
    const bool isWide = width() > 2 * height() && width() >= 760;
    m_splitter->setOrientation(isWide ? Qt::Horizontal : Qt::Vertical);
}

void RunGates::selectRow(int row)
{
    const auto& rows = m_sites.rows(parts());
    if (row >= 0 && row < static_cast<int>(rows.size())) {
        const ui::GateRow& chosen = rows[static_cast<std::size_t>(row)];
        selection().setLayers(chosen.layers.isEmpty() ? QStringList{chosen.name} : chosen.layers);
    }
}

void RunGates::showCurves(ui::Plot& plot, const std::optional<ui::GateSite>& site, bool isWeight)
{
    plot.setVisible(site.has_value());
    if (!site) {
        return;
    }
    plot.setLive(view().isRunning());
    ui::PlotScene scene = ui::gateScene(
        view().history(), *site, isWeight ? ui::GateSubject::Weights : ui::GateSubject::Activations,
        lookFor(plot, false));
    scene.caption = QString::fromStdString(site->name);
    plot.setScene(std::move(scene));
}

void RunGates::refresh()
{
    const auto& rows = m_sites.rows(parts());
    m_map->setData(std::make_shared<const ui::GateMapData>(
        ui::gateMapData(view().history(), rows, view().time())));
    const int row = m_sites.selected(parts());
    m_map->setSelectedRow(row);
    m_weightSite.reset();
    m_activationSite.reset();
    if (row >= 0) {
        m_weightSite = rows[static_cast<std::size_t>(row)].weight;
        m_activationSite = rows[static_cast<std::size_t>(row)].activation;
    }
    showCurves(*m_weights, m_weightSite, true);
    showCurves(*m_activations, m_activationSite, false);
}

QList<ui::Picture> RunGates::pictures()
{
    flush();
    QList<ui::Picture> pictures{m_map->picture(QStringLiteral("gates"))};
    if (m_weightSite) {
        pictures << pictureOf(*m_weights, QStringLiteral("weight-gates"), "gate_probabilities",
                              m_weightSite->name);
    }
    if (m_activationSite) {
        pictures << pictureOf(*m_activations, QStringLiteral("activation-gates"),
                              "gate_probabilities", m_activationSite->name);
    }
    return pictures;
}

} // namespace bitloom::workbench
