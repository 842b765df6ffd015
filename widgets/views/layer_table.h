// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/layer_tree_view.h"

#include <memory>

class QLabel;

namespace bitloom::ui {

class FilterLine;
class LayerFilterProxy;
class LayerTreeModel;

/// Filter line above the table of layers, with the number of matches: the content of the plan
/// editor. Rows go in, the view's signals come out.
class LayerTable final : public QWidget {
    Q_OBJECT
public:
    explicit LayerTable(QWidget* parent = nullptr);

    void setRows(std::shared_ptr<const LayerRows> rows);
    void setLossUnit(const QString& unit);
    void setFlat(bool flat);

    LayerTreeModel* model() const { return m_model; }
    LayerFilterProxy* proxy() const { return m_proxy; }
    LayerTreeView* view() const { return m_view; }
    FilterLine* filter() const { return m_filter; }

private:
    void showMatches();

    LayerTreeModel* m_model;
    LayerFilterProxy* m_proxy;
    LayerTreeView* m_view;
    FilterLine* m_filter;
    QLabel* m_matches;
};

} // namespace bitloom::ui
