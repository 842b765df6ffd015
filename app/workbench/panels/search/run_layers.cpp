// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_layers.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/run_view.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/table_style.h"
#include "widgets/models/roles.h"
#include "widgets/models/run_close_up.h"
#include "widgets/models/run_layer_model.h"
#include "widgets/util/formatting.h"
#include "widgets/views/bit_delegate.h"
#include "widgets/views/share_bar_delegate.h"
#include "widgets/views/table_picture.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

RunLayers::RunLayers(const RunParts& parts, QWidget* parent)
    : RunPage(parts, parent), m_model(new ui::RunLayerModel(this)),
      m_sorted(new QSortFilterProxyModel(this)), m_table(new QTreeView),
      m_bars(new ui::ShareBarDelegate(m_table)), m_caption(new QLabel)
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ui::SortRole);
    m_table->setModel(m_sorted);
    setUpTable(*m_table, tr("Layers of the run"));
    sizeColumns(*m_table, 24);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(static_cast<int>(ui::RunLayerColumn::Layer), Qt::AscendingOrder);
    auto* bits = new ui::BitDelegate(m_table);
    m_table->setItemDelegateForColumn(static_cast<int>(ui::RunLayerColumn::WeightBits), bits);
    m_table->setItemDelegateForColumn(static_cast<int>(ui::RunLayerColumn::ActivationBits), bits);
    m_table->setItemDelegateForColumn(static_cast<int>(ui::RunLayerColumn::BopsShare), m_bars);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    yieldColumns(*m_table, {static_cast<int>(ui::RunLayerColumn::Macs)});
    m_caption->setContentsMargins(12, 8, 12, 8);
    m_caption->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_caption);
    layout->addWidget(m_table, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunLayers::takeSelection);
}

void RunLayers::refresh()
{
    const auto rows = ui::runLayerRows(view().history(), document().model().get(), view().time());
    double largest = 0;
    for (const ui::RunLayerRow& row : rows) {
        largest = std::max(largest, row.bopsSharePercent / 100);
    }
    m_bars->setFullScale(largest);
    {
        const QScopedValueRollback<bool> quiet(m_isSelecting, true);
        m_model->setRows(rows);
    }
    m_table->setVisible(!rows.empty());
    const auto evaluation = ui::evaluationReading(view().history(), view().time());
    m_caption->setText(
        rows.empty() || !evaluation
            ? tr("Widths and pruning of each layer appear here with the first evaluation.")
            : tr("By the gates that are open at step %1: BOPs %2 of FP32, top-1 %3.")
                  .arg(ui::formatExact(evaluation->step),
                       ui::formatPercent(evaluation->relativeBopsPercent),
                       ui::formatPercent(evaluation->top1Percent)));
    showSelection();
}

void RunLayers::showSelection()
{
    const QScopedValueRollback<bool> quiet(m_isSelecting, true);
    QItemSelection chosen;
    QModelIndex current;
    for (const QString& layer : selection().layers()) {
        const int row = m_model->rowOf(layer);
        if (row >= 0) {
            current = m_sorted->mapFromSource(m_model->index(row, 0));
            chosen.select(current, current);
        }
    }
    QItemSelectionModel* model = m_table->selectionModel();
    if (current.isValid() && current.row() != model->currentIndex().row()) {
        model->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
        m_table->scrollTo(current);
    }
    model->select(chosen, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void RunLayers::takeSelection()
{
    if (m_isSelecting) {
        return;
    }
    QStringList layers;
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        if (index.row() != current.row()) {
            layers << index.data(ui::LayerNameRole).toString();
        }
    }
    if (current.isValid() && m_table->selectionModel()->isRowSelected(current.row())) {
        layers << current.data(ui::LayerNameRole).toString(); // the last one is the current one
    }
    selection().setLayers(layers);
}

QList<ui::Picture> RunLayers::pictures()
{
    flush();
    return {ui::tablePicture(QStringLiteral("run-layers"), *m_table)};
}

} // namespace bitloom::workbench
