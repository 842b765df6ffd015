// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/plan_editor.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/plan/cost_strip_presenter.h"
#include "widgets/util/formatting.h"
#include "widgets/views/layer_table.h"
#include "widgets/views/layer_tree_view.h"

#include <QVBoxLayout>

namespace bitloom::workbench {

PlanEditor::PlanEditor(PlanDocument& document, Selection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_selection(selection), m_table(new ui::LayerTable),
      m_gate(new ui::RefreshGate(this, [this] { refresh(); }))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    setFocusProxy(m_table);
    setWhatsThis(tr("The shown plan: each layer with its bits and what they cost. Select layers "
                    "and type a number to set their bits; every change can be undone. The filter "
                    "line finds layers by name, kind, bits and cost."));

    connect(&document, &PlanDocument::modelChanged, this, &PlanEditor::newModel);
    connect(&document, &PlanDocument::consequencesChanged, this, [this] { m_gate->markDirty(); });
    ui::LayerTreeView* view = m_table->view();
    connect(view, &ui::LayerTreeView::editRequested, this, &PlanEditor::setBits);
    connect(view, &ui::LayerTreeView::lockRequested, &document, &PlanDocument::setLocked);
    connect(view, &ui::LayerTreeView::bitsPasted, this,
            [this](const QList<ui::LayerBits>& bits) { paste(bits); });
    connect(view, &ui::LayerTreeView::messageRequested, this, &PlanEditor::messageRequested);
    connect(view, &ui::LayerTreeView::layersSelected, &selection, &Selection::setLayers);
    connect(&selection, &Selection::changed, view,
            [this, view] { view->selectLayers(m_selection.layers()); });
    newModel();
}

ui::Picture PlanEditor::picture() const
{
    return m_table->view()->picture();
}

void PlanEditor::newModel()
{
    m_selection.clear();
    m_base = m_document.isOpen() ? ui::layerRowsOf(*m_document.model()) : ui::LayerRows{};
    m_gate->markDirty();
}

void PlanEditor::refresh()
{
    if (!m_document.isOpen()) {
        m_table->setRows(nullptr);
        return;
    }
    auto rows = std::make_shared<ui::LayerRows>(m_base);
    ui::applyPlan(*rows, *m_document.model(), m_document.plan(), m_document.cost());
    for (std::size_t i = 0; i < rows->size(); ++i) {
        (*rows)[i].sensitivity = m_document.layerSensitivity(i);
        (*rows)[i].predictedLoss = m_document.layerLoss(i);
        (*rows)[i].locked = m_document.isLocked((*rows)[i].name);
    }
    m_table->setLossUnit(lossUnitOf(m_document));
    m_table->setRows(std::move(rows));
}

void PlanEditor::setBits(const QStringList& layers, ui::BitTarget target, int bits)
{
    PlanEdit edit;
    (target == ui::BitTarget::Weights ? edit.weightBits : edit.activationBits) = bits;
    const QString what = target == ui::BitTarget::Weights ? tr("weights") : tr("activations");
    m_document.edit(
        layers, edit,
        layers.size() == 1
            ? tr("set %1 of %2 to %3").arg(what, layers.front(), ui::formatBits(bits))
            : tr("set %1 of %n layer(s) to %2", nullptr, static_cast<int>(layers.size()))
                  .arg(what, ui::formatBits(bits)));
}

void PlanEditor::paste(const QList<ui::LayerBits>& bits)
{
    BitPlan plan = m_document.plan();
    for (const ui::LayerBits& entry : bits) {
        PlanEdit edit;
        edit.weightBits = entry.weight;
        edit.activationBits = entry.activation;
        editLayers(plan, {entry.layer.toStdString()}, edit);
    }
    m_document.assign(plan,
                      tr("paste bits of %n layer(s)", nullptr, static_cast<int>(bits.size())));
}

} // namespace bitloom::workbench
