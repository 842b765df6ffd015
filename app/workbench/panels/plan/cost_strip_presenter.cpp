// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/cost_strip_presenter.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "widgets/views/cost_strip.h"

#include <algorithm>

namespace bitloom::workbench {

namespace {
ui::CostFigures figuresOf(const PlanCost& cost)
{
    ui::CostFigures figures;
    figures.bytes = cost.bytes;
    figures.bytesFp32 = cost.bytesFp32;
    figures.bops = cost.bops;
    figures.bopsFp32 = cost.bopsFp32;
    figures.macs = cost.macs;
    return figures;
}

/// The budget row shows bytes in megabytes.
constexpr double kMegabyte = 1e6;

double toRowUnit(const BudgetAssistant& budget, std::int64_t cost)
{
    const double value = budget.toUnit(cost);
    return budget.kind() == BudgetKind::Bytes ? value / kMegabyte : value;
}

std::int64_t fromRowUnit(const BudgetAssistant& budget, double value)
{
    return budget.fromUnit(budget.kind() == BudgetKind::Bytes ? value * kMegabyte : value);
}
} // namespace

std::optional<ui::CostFigures> figuresOf(const PlanDocument& document)
{
    if (!document.isOpen()) {
        return std::nullopt;
    }
    ui::CostFigures figures = figuresOf(document.cost());
    figures.predictedLoss = document.predictedLoss();
    if (const FrontierPoint* measured = document.measurement()) {
        figures.measuredAccuracy = measured->top1Percent;
    }
    return figures;
}

QList<ui::CostReference> referencesOf(const PlanDocument& document)
{
    if (!document.isOpen()) {
        return {};
    }
    ui::CostReference fp32{QStringLiteral("fp32"), QStringLiteral("FP32"),
                           figuresOf(document.costOfFloat())};
    if (const auto table = document.sensitivity()) {
        fp32.figures.predictedLoss = 0;
        fp32.figures.measuredAccuracy = table->floatAccuracyPercent;
    }
    ui::CostReference w8a8{QStringLiteral("w8a8"), QStringLiteral("W8A8"),
                           figuresOf(document.costOfW8A8())};
    w8a8.figures.predictedLoss = document.predictedLossOfW8A8();
    QList<ui::CostReference> references{fp32, w8a8};
    const auto& points = document.points();
    const auto last = std::find_if(points.rbegin(), points.rend(), [](const FrontierPoint& point) {
        return point.kind == PointKind::Measured && point.top1Percent.has_value();
    });
    if (last != points.rend()) {
        ui::CostFigures figures = figuresOf(document.costOfFloat());
        figures.bytes = last->bytes;
        figures.bops = last->bops;
        figures.predictedLoss = last->predictedLoss;
        figures.measuredAccuracy = last->top1Percent;
        references << ui::CostReference{
            QStringLiteral("measured"),
            CostStripPresenter::tr("last measured (%1)").arg(QString::fromStdString(last->label)),
            figures};
    }
    return references;
}

QString lossUnitOf(const PlanDocument& document)
{
    switch (document.metric()) {
    case SensitivityMetric::Kl:
        return CostStripPresenter::tr("KL, nats");
    case SensitivityMetric::OutputError:
        return CostStripPresenter::tr("squared error");
    case SensitivityMetric::Accuracy:
        break;
    }
    return CostStripPresenter::tr("points of top-1");
}

CostStripPresenter::CostStripPresenter(PlanDocument& document, BudgetAssistant& budget,
                                       ui::CostStrip& strip)
    : QObject(&strip), m_document(document), m_budget(budget), m_strip(strip)
{
    connect(&document, &PlanDocument::consequencesChanged, this, [this] {
        showFigures();
        showBudget();
    });
    for (const auto signal : {&BudgetAssistant::rangeChanged, &BudgetAssistant::previewChanged}) {
        connect(&budget, signal, this, &CostStripPresenter::showBudget);
    }
    ui::BudgetRow* row = strip.budget();
    connect(row, &ui::BudgetRow::budgetChanged, this,
            [this](double value) { m_budget.setBudget(fromRowUnit(m_budget, value)); });
    connect(row, &ui::BudgetRow::budgetAccepted, &budget, &BudgetAssistant::take);
    connect(row, &ui::BudgetRow::budgetDiscarded, &budget, &BudgetAssistant::dismiss);
    connect(row, &ui::BudgetRow::unitChanged, this, [this](ui::BudgetUnit unit) {
        m_budget.setKind(unit == ui::BudgetUnit::BopsPercent ? BudgetKind::Bops
                                                             : BudgetKind::Bytes);
    });
    showFigures();
    showBudget();
}

void CostStripPresenter::showFigures()
{
    m_strip.setReferences(referencesOf(m_document));
    m_strip.setLossUnit(lossUnitOf(m_document));
    m_strip.setFigures(figuresOf(m_document));
}

void CostStripPresenter::showBudget()
{
    ui::BudgetState state = m_strip.budget()->state();
    state.unit = m_budget.kind() == BudgetKind::Bops ? ui::BudgetUnit::BopsPercent
                                                     : ui::BudgetUnit::Megabytes;
    state.lossUnit = lossUnitOf(m_document);
    state.unavailable = m_budget.unavailableReason();
    const auto range = m_budget.range();
    if (range) {
        state.minimum = toRowUnit(m_budget, range->first);
        state.maximum = toRowUnit(m_budget, range->second);
        const std::int64_t present =
            m_budget.kind() == BudgetKind::Bops ? m_document.cost().bops : m_document.cost().bytes;
        state.value = std::clamp(toRowUnit(m_budget, m_budget.budget().value_or(present)),
                                 state.minimum, state.maximum);
    }
    const auto preview = m_budget.preview();
    state.preview = preview != nullptr;
    state.gap = preview ? std::optional(preview->gap()) : std::nullopt;
    m_strip.budget()->setState(state);
}

} // namespace bitloom::workbench
