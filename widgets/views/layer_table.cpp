// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/layer_table.h"

#include "widgets/models/layer_filter.h"
#include "widgets/models/layer_filter_proxy.h"
#include "widgets/models/layer_tree_model.h"
#include "widgets/util/formatting.h"
#include "widgets/views/filter_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace bitloom::ui {

LayerTable::LayerTable(QWidget* parent)
    : QWidget(parent), m_model(new LayerTreeModel(this)),
      m_proxy(new LayerFilterProxy(m_model, this)),
      m_view(new LayerTreeView(m_model, m_proxy, this)), m_filter(new FilterLine(this)),
      m_matches(new QLabel(this))
{
    m_filter->setPlaceholder(tr("Filter layers: bits<=4 op:conv share>5%"));
    m_filter->setWords(filterWords(layerFilterFields()));
    m_filter->setAccept([this](const QString& text) { return m_proxy->setFilterText(text); });
    m_matches->setForegroundRole(QPalette::PlaceholderText);
    m_matches->setAccessibleName(tr("Matching layers"));

    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 0, 12, 0);
    top->setSpacing(8);
    top->addWidget(m_filter, 1);
    top->addWidget(m_matches, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    setTabOrder(m_filter, m_view);

    connect(m_view, &LayerTreeView::filterRequested, m_filter, &FilterLine::focusLine);
    connect(m_filter, &FilterLine::leaveRequested, m_view, [this] { m_view->setFocus(); });
    connect(m_proxy, &LayerFilterProxy::matchesChanged, this, &LayerTable::showMatches);
    showMatches();
}

void LayerTable::setRows(std::shared_ptr<const LayerRows> rows)
{
    m_model->setRows(std::move(rows));
}

void LayerTable::setLossUnit(const QString& unit)
{
    m_model->setLossUnit(unit);
}

void LayerTable::setFlat(bool flat)
{
    m_model->setFlat(flat);
}

void LayerTable::showMatches()
{
    const auto all = static_cast<qsizetype>(m_model->rows()->size());
    const bool filtered = !m_proxy->filterText().trimmed().isEmpty();
    m_matches->setText(
        filtered ? tr("%1 of %2 layers")
                       .arg(formatExact(m_proxy->matchingLayers().size()), formatExact(all))
                 : tr("%1 layers").arg(formatExact(all)));
    m_matches->setMinimumHeight(m_filter->sizeHint().height());
}

} // namespace bitloom::ui
