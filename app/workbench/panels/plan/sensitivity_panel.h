// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/sensitivity_table.h"
#include "widgets/views/panel.h"

#include <memory>

class QComboBox;
class QLabel;

namespace bitloom::ui {
class HeatMap;
struct HeatMapData;
} // namespace bitloom::ui

namespace bitloom::workbench {

class PlanDocument;
class Selection;

/// What each layer loses at each width, alone: rows are layers (or activation tensors), columns
/// widths. A click gives the plan that width; a running sweep fills it in.
class SensitivityPanel final : public ui::Panel {
    Q_OBJECT
public:
    SensitivityPanel(PlanDocument& document, Selection& selection, QAction* measure,
                     QWidget* parent = nullptr);

    QList<ui::Picture> pictures() const override;
    /// The table of a sweep that is still running; null: there is none.
    void showPartial(std::shared_ptr<const SensitivityTable> table);

protected:
    void refresh() override;

private:
    SensitivityTarget target() const;
    void activate(int row, int column);
    void selectRow(int row);

    PlanDocument& m_document;
    Selection& m_selection;
    QAction* m_measure;
    std::shared_ptr<const SensitivityTable> m_partial;
    QComboBox* m_target;
    QComboBox* m_metric;
    ui::HeatMap* m_map;
    QLabel* m_caption;
    std::shared_ptr<const ui::HeatMapData> m_data;
    std::vector<int> m_bits; ///< of the columns
};

} // namespace bitloom::workbench
