// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/cost/multiple_choice.h"
#include "core/types/bit_plan.h"
#include "core/types/model_info.h"
#include "core/types/plan_cost.h"
#include "core/types/sensitivity_table.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bitloom {

enum class BudgetKind {
    Bytes, ///< PlanCost::bytes; activations keep the base plan's widths
    Bops,  ///< PlanCost::bops; weights and activations are chosen together
};

struct AllocationOptions {
    BudgetKind budget = BudgetKind::Bytes;
    SensitivityMetric metric = SensitivityMetric::Kl;
    std::vector<int> weightBits;     ///< candidates; empty: the table's widths
    std::vector<int> activationBits; ///< candidates (Bops only); empty: the table's widths
    /// Layers that keep the base plan's weight bits, and whose input tensors keep theirs.
    std::vector<std::string> lockedLayers;
    SolveLimits limits;
};

struct AllocationResult {
    BitPlan plan; ///< the base plan with other bits
    PlanCost cost;
    double predictedLoss = 0; ///< sum of the sensitivity losses of the plan's choices
    double lowerBound = 0;    ///< no plan within the budget has a smaller predicted loss
    bool optimal = false;     ///< proven: gap() is 0
    double gap() const { return optimal ? 0.0 : predictedLoss - lowerBound; }
};

/// Chooses bits so that the predicted loss is least within a budget: exact, not a heuristic.
///
/// Byte budget: every weight is one group of the multiple-choice problem. BOP budget: a layer's
/// cost is the product of its weight and activation bits, so an activation tensor, the layers that
/// read it and the tensors those read besides form one group; its choices are all combinations,
/// reduced to those that are best for their cost. The base plan gives schemes, granularities,
/// observers and the widths of everything that is not chosen; a model input that it leaves in
/// floating point stays so; channels that it prunes are back. Of several best plans, the cheapest
/// is taken. Numerics: losses are rounded to 2^-60 of the sum of each group's largest differences;
/// the rest is integers. Determinism: same input, same result, unless a time limit ends the search.
class Allocator {
public:
    /// Errors: ModelMismatch if plan or table are of another model; NotFound for a candidate that
    /// was not measured or an unknown locked layer; InvalidArgument for illegal candidates;
    /// Unsupported for a BOP budget where very many tensors are coupled.
    Allocator(const ModelInfo& model, const SensitivityTable& table, const BitPlan& base,
              const AllocationOptions& options);
    ~Allocator();
    Allocator(Allocator&&) noexcept;
    Allocator& operator=(Allocator&&) noexcept;

    std::int64_t minimumCost() const; ///< of any plan, in the budget's unit
    std::int64_t
    maximumCost() const; ///< of the plan with the least loss: a larger budget changes nothing

    /// Errors: BudgetTooSmall, naming the minimum. A stopped search returns its best plan with the
    /// remaining gap.
    AllocationResult allocate(std::int64_t budget, RunControl& control) const;
    double predictedLossOf(const BitPlan& plan) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// One allocation from start to end.
AllocationResult allocate(const ModelInfo& model, const SensitivityTable& table,
                          const BitPlan& base, const AllocationOptions& options,
                          std::int64_t budget, RunControl& control);

/// The BOPs that are this share of the model in FP32 (1024 * MACs), rounded down.
std::int64_t bopsBudgetFromPercent(const ModelInfo& model, double percent);

/// {predicted_loss,lower_bound,gap,optimal,bytes,bops,bops_percent_of_fp32}
std::string toJson(const AllocationResult& result);

} // namespace bitloom
