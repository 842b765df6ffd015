// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/budget_assistant.h"

#include "app/workbench/document/plan_document.h"
#include "widgets/util/formatting.h"

#include <cmath>

namespace bitloom::workbench {

namespace {
constexpr int kRenewalMs = 120;
}

BudgetAssistant::BudgetAssistant(PlanDocument& document, Planner& planner, QObject* parent)
    : QObject(parent), m_document(document), m_planner(planner)
{
    m_renewal.setSingleShot(true);
    m_renewal.setInterval(kRenewalMs);
    connect(&m_renewal, &QTimer::timeout, this, &BudgetAssistant::renew);
    const auto later = [this] { m_renewal.start(); };
    connect(&document, &PlanDocument::modelChanged, this, [this] {
        dismiss();
        renew();
    });
    connect(&document, &PlanDocument::planShown, this, later);
    connect(&document, &PlanDocument::planEdited, this, later);
    connect(&document, &PlanDocument::lockedChanged, this, later);
    connect(&document, &PlanDocument::sensitivityChanged, this, later);
    connect(&planner, &Planner::rangeKnown, this, [this](qint64 low, qint64 high) {
        m_range = {low, high};
        m_unavailable.clear();
        Q_EMIT rangeChanged();
        if (m_budget) {
            setBudget(*m_budget);
        }
    });
    connect(&planner, &Planner::frontierReady, this,
            [this](const std::shared_ptr<const Frontier>& frontier) {
                m_frontier = frontier;
                Q_EMIT frontierChanged();
            });
    connect(&planner, &Planner::allocated, this,
            [this](qint64 budget, const std::shared_ptr<const AllocationResult>& result) {
                if (m_budget == budget) {
                    m_preview = result;
                    Q_EMIT previewChanged();
                }
            });
    connect(&planner, &Planner::failed, this, [this](const QString& sentence) {
        m_unavailable = sentence;
        m_preview = nullptr;
        Q_EMIT rangeChanged();
        Q_EMIT previewChanged();
    });
    renew();
}

void BudgetAssistant::setKind(BudgetKind kind)
{
    if (kind != m_kind) {
        m_kind = kind;
        dismiss();
        renew();
    }
}

double BudgetAssistant::toUnit(std::int64_t cost) const
{
    if (m_kind == BudgetKind::Bytes || !m_document.isOpen()) {
        return static_cast<double>(cost);
    }
    return 100.0 * static_cast<double>(cost) / static_cast<double>(m_document.cost().bopsFp32);
}

std::int64_t BudgetAssistant::fromUnit(double value) const
{
    if (m_kind == BudgetKind::Bytes || !m_document.isOpen()) {
        return std::llround(value);
    }
    return bopsBudgetFromPercent(*m_document.model(), value);
}

void BudgetAssistant::renew()
{
    m_range.reset();
    if (!m_document.isOpen() || !m_document.sensitivity()) {
        m_unavailable = m_document.isOpen()
                            ? tr("A budget needs the sensitivity table: measure it first.")
                            : tr("A budget needs a model: open one first.");
        m_frontier = nullptr;
        m_preview = nullptr;
        m_planner.setProblem(std::nullopt);
        Q_EMIT rangeChanged();
        Q_EMIT frontierChanged();
        Q_EMIT previewChanged();
        return;
    }
    PlanningProblem problem;
    problem.model = m_document.model();
    problem.table = m_document.sensitivity();
    problem.base = m_document.plan();
    problem.options.budget = m_kind;
    problem.options.metric = m_document.metric();
    const QStringList locked = m_document.lockedLayers();
    for (const QString& layer : locked) {
        problem.options.lockedLayers.push_back(layer.toStdString());
    }
    m_planner.setProblem(std::move(problem));
}

void BudgetAssistant::setBudget(std::int64_t budget)
{
    m_budget = budget;
    if (m_range) {
        m_planner.ask(std::max(budget, m_range->first));
        m_budget = std::max(budget, m_range->first);
    }
}

void BudgetAssistant::take()
{
    if (!m_preview || !m_budget) {
        return;
    }
    const std::int64_t budget = *m_budget;
    const AllocationResult chosen = *m_preview;
    dismiss();
    const QString text = m_kind == BudgetKind::Bytes
                             ? tr("allocate for %1").arg(ui::formatBytes(budget))
                             : tr("allocate for %1 BOPs").arg(ui::formatPercent(toUnit(budget)));
    if (!m_renewal.isActive()) { // else the preview is of the plan before its last edit
        Q_EMIT taking(m_kind, budget);
    }
    m_document.assign(chosen.plan, text);
    Q_EMIT taken();
}

void BudgetAssistant::dismiss()
{
    m_budget.reset();
    m_preview = nullptr;
    Q_EMIT previewChanged();
}

} // namespace bitloom::workbench
