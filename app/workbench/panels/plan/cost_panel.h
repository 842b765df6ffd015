// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/panel.h"

class QTreeView;

namespace bitloom::ui {
class PrecisionBars;
class TransitionMatrix;
} // namespace bitloom::ui

namespace bitloom::workbench {

class CostModel;
class PlanDocument;
class Selection;

/// What the shown plan costs against FP32, W8A8 and the last measured plan, how much of the model
/// has which precision, and which precision feeds which.
class CostPanel final : public ui::Panel {
    Q_OBJECT
public:
    CostPanel(PlanDocument& document, Selection& selection, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() const override;

protected:
    void refresh() override;

private:
    /// Selects the layers whose weight has this width (and reads activations of that one).
    void selectLayers(std::optional<int> activationBits, int weightBits);

    PlanDocument& m_document;
    Selection& m_selection;
    CostModel* m_model;
    QTreeView* m_table;
    ui::PrecisionBars* m_bars;
    ui::TransitionMatrix* m_matrix;
};

} // namespace bitloom::workbench
