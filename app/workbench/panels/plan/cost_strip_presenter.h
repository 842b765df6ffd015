// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/cost_figures.h"

#include <QObject>

#include <optional>

namespace bitloom::ui {
class CostStrip;
} // namespace bitloom::ui

namespace bitloom::workbench {

class BudgetAssistant;
class PlanDocument;

/// The figures of the shown plan; absent without a model.
std::optional<ui::CostFigures> figuresOf(const PlanDocument& document);
/// What plans are compared with: FP32, W8A8, the last measured plan.
QList<ui::CostReference> referencesOf(const PlanDocument& document);
/// Unit of predicted losses, for headers and tooltips.
QString lossUnitOf(const PlanDocument& document);

/// Keeps the cost strip true to document and budget, and passes the budget that the user drags on.
class CostStripPresenter final : public QObject {
    Q_OBJECT
public:
    CostStripPresenter(PlanDocument& document, BudgetAssistant& budget, ui::CostStrip& strip);

private:
    void showFigures();
    void showBudget();

    PlanDocument& m_document;
    BudgetAssistant& m_budget;
    ui::CostStrip& m_strip;
};

} // namespace bitloom::workbench
