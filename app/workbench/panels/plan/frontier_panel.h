// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/frontier_plot.h"
#include "widgets/views/panel.h"

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace bitloom::workbench {

class BudgetAssistant;
class PlanDocument;
class Selection;

/// Predicted and measured plans on the plane of cost and quality, with the budget as a line. A
/// click on a measured plan shows it; a click on a predicted one proposes it. Those that are
/// brushed become the window's selection of plans.
class FrontierPanel final : public ui::Panel {
    Q_OBJECT
public:
    FrontierPanel(PlanDocument& document, BudgetAssistant& budget, Selection& selection,
                  QAction* measureSensitivity, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() const override;

Q_SIGNALS:
    /// A predicted plan was taken as a plan of its own.
    void planAdded(const QString& name);

protected:
    void refresh() override;

private:
    void activate(const QString& label);
    void addPredicted(const QString& label);
    void showOptions();
    void takeBrushed();
    QString brushedText() const;

    PlanDocument& m_document;
    BudgetAssistant& m_budget;
    Selection& m_selection;
    QAction* m_measure;
    ui::FrontierPlot* m_plot;
    QComboBox* m_cost;
    QComboBox* m_quality;
    QComboBox* m_top;
    QAction* m_logCost;
    QAction* m_hideDominated;
    QAction* m_brush;
    QLabel* m_proposal;
    QPushButton* m_add;
    QPushButton* m_take;
    QPushButton* m_all;
    QString m_proposed; ///< label of the predicted plan that was clicked
};

} // namespace bitloom::workbench
