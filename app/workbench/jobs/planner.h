// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cost/allocation.h"
#include "core/cost/frontier.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace bitloom::workbench {

/// What to plan for. Immutable: a change is a new problem.
struct PlanningProblem {
    std::shared_ptr<const ModelInfo> model;
    std::shared_ptr<const SensitivityTable> table;
    BitPlan base; ///< gives schemes and the bits of what is not chosen
    AllocationOptions options;
};

/// The best plan for a budget while the user drags, and the frontier behind it, on a thread of its
/// own: a running job does not delay it. Answers always belong to the newest problem and the newest
/// budget; older questions are dropped. Public members: GUI thread.
class Planner final : public QObject {
    Q_OBJECT
public:
    static constexpr int kFrontierPoints = 48;

    explicit Planner(QObject* parent = nullptr);
    ~Planner() override;

    /// Prepares for this problem and computes its frontier. nullopt: nothing to plan for.
    void setProblem(std::optional<PlanningProblem> problem);
    /// Asks for the best plan within a budget, in the unit of the problem's options.
    void ask(std::int64_t budget);

Q_SIGNALS:
    /// The cheapest plan that there is, and the cost above which nothing gets better.
    void rangeKnown(qint64 minimum, qint64 maximum);
    void frontierReady(std::shared_ptr<const bitloom::Frontier> frontier);
    void allocated(qint64 budget, std::shared_ptr<const bitloom::AllocationResult> result);
    /// The problem, or a budget, has no answer: one sentence that says why.
    void failed(const QString& sentence);

private:
    struct Worker;
    std::unique_ptr<Worker> m_worker;
    quint64 m_problem = 0; ///< answers to older problems are dropped
};

} // namespace bitloom::workbench
