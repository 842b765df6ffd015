// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/search/run_page.h"

class QLabel;
class QSortFilterProxyModel;
class QTreeView;

namespace bitloom::ui {
class RunLayerModel;
class ShareBarDelegate;
} // namespace bitloom::ui

namespace bitloom::workbench {

/// What the run has come to, layer by layer, at the evaluation that is looked at.
class RunLayers final : public RunPage {
    Q_OBJECT
public:
    explicit RunLayers(const RunParts& parts, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() override;

protected:
    void refresh() override;

private:
    void showSelection();
    void takeSelection();

    ui::RunLayerModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QTreeView* m_table;
    ui::ShareBarDelegate* m_bars;
    QLabel* m_caption;
    bool m_isSelecting = false; ///< the table follows the selection, not the other way round
};

} // namespace bitloom::workbench
