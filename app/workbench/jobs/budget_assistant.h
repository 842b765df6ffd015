// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/planner.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>

namespace bitloom::workbench {

class PlanDocument;

/// The budget that the user drags: asks the planner for the best plan within it, shows that plan
/// before it is taken, and keeps the frontier for the document as it is. GUI thread only.
class BudgetAssistant final : public QObject {
    Q_OBJECT
public:
    BudgetAssistant(PlanDocument& document, Planner& planner, QObject* parent = nullptr);

    BudgetKind kind() const { return m_kind; }
    void setKind(BudgetKind kind);

    /// Bytes, or BOPs in percent of FP32.
    double toUnit(std::int64_t cost) const;
    std::int64_t fromUnit(double value) const;

    /// Why there is no budget to set; empty: there is.
    QString unavailableReason() const { return m_unavailable; }
    /// Of any plan, and above which nothing gets better; in the kind's own unit (bytes or BOPs).
    std::optional<std::pair<std::int64_t, std::int64_t>> range() const { return m_range; }
    std::shared_ptr<const Frontier> frontier() const { return m_frontier; }

    void setBudget(std::int64_t budget);
    std::optional<std::int64_t> budget() const { return m_budget; }
    /// The best plan within the budget; null until it is known.
    std::shared_ptr<const AllocationResult> preview() const { return m_preview; }
    /// Gives the shown plan the preview's bits: one undo step.
    void take();
    /// Forgets the budget and its preview.
    void dismiss();

Q_SIGNALS:
    void rangeChanged();
    void frontierChanged();
    void previewChanged();
    /// Around the edit of take(), where it is what an allocation now would say.
    void taking(bitloom::BudgetKind kind, qint64 budget);
    void taken();

private:
    void renew();

    PlanDocument& m_document;
    Planner& m_planner;
    BudgetKind m_kind = BudgetKind::Bops;
    QString m_unavailable;
    std::optional<std::pair<std::int64_t, std::int64_t>> m_range;
    std::shared_ptr<const Frontier> m_frontier;
    std::optional<std::int64_t> m_budget;
    std::shared_ptr<const AllocationResult> m_preview;
    QTimer m_renewal; ///< several edits in a row are one new problem
};

} // namespace bitloom::workbench
