// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/allocation.h"

#include "core/base/error.h"
#include "core/cost/choice_groups.h"
#include "core/cost/cost_model.h"
#include "core/types/detail/json_support.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace bitloom {

namespace {

/// Losses become integers by this share of the sum of each group's largest difference.
constexpr double kLossResolution = 0x1p60;

ModelInfo requireSameModel(const ModelInfo& model, const SensitivityTable& table,
                           const BitPlan& base)
{
    checkPlanAgainst(base, model);
    BITLOOM_REQUIRE(table.modelFingerprint == model.fingerprint, ErrorCode::ModelMismatch,
                    "the sensitivity table was measured on the model ", table.modelName, " (",
                    table.modelFingerprint, "), this is ", model.name, " (", model.fingerprint,
                    ")");
    return model;
}

AllocationOptions withDefaults(AllocationOptions options, const SensitivityTable& table)
{
    if (options.weightBits.empty()) {
        options.weightBits = table.bits;
    }
    if (options.activationBits.empty()) {
        options.activationBits = table.bits;
    }
    return options;
}

/// The groups with integer losses; scale is what one unit of loss became.
std::vector<ChoiceGroup> toIntegerGroups(const ChoiceSpace& space, double& scale)
{
    double sum = 0;
    for (const VariableGroup& group : space.groups) {
        sum += group.choices.front().loss - group.choices.back().loss;
    }
    scale = sum > 0 ? kLossResolution / sum : 1.0;
    std::vector<ChoiceGroup> groups;
    for (const VariableGroup& group : space.groups) {
        ChoiceGroup choices;
        for (const GroupChoice& choice : group.choices) {
            const double above = choice.loss - group.choices.back().loss;
            choices.push_back(
                {choice.cost, static_cast<std::int64_t>(std::llround(above * scale))});
        }
        groups.push_back(std::move(choices));
    }
    return groups;
}

/// Bits are chosen for the whole network: what a search pruned belongs to its own plan.
BitPlan withAllChannels(BitPlan plan)
{
    for (LayerPlan& layer : plan.layers) {
        layer.prunedChannels.clear();
    }
    return plan;
}
} // namespace

struct Allocator::State {
    State(const ModelInfo& model_, const SensitivityTable& table, const BitPlan& base_,
          const AllocationOptions& options_)
        : model(requireSameModel(model_, table, base_)), base(withAllChannels(base_)),
          options(withDefaults(options_, table)), losses(table, options.metric),
          space(makeChoiceSpace(model, losses, base, options)),
          problem(toIntegerGroups(space, lossScale))
    {
    }

    BitPlan planOf(const std::vector<std::size_t>& picks) const
    {
        BitPlan plan = base;
        std::unordered_map<std::string_view, LayerPlan*> layers;
        for (LayerPlan& layer : plan.layers) {
            layers.emplace(layer.name, &layer);
        }
        std::unordered_map<std::string_view, TensorPlan*> tensors;
        for (TensorPlan& tensor : plan.tensors) {
            tensors.emplace(tensor.name, &tensor);
        }
        for (std::size_t g = 0; g < picks.size(); ++g) {
            const VariableGroup& group = space.groups[g];
            for (std::size_t p = 0; p < group.variables.size(); ++p) {
                const Variable& variable = space.variables[group.variables[p]];
                const int bits = variable.bits[group.choices[picks[g]].picks[p]];
                for (const std::size_t member : variable.members) {
                    if (variable.isWeight) {
                        layers.at(model.layers[member].name)->weight.bits = bits;
                    } else {
                        tensors.at(model.tensors[member].name)->activation.bits = bits;
                    }
                }
            }
        }
        return plan;
    }

    ModelInfo model;
    BitPlan base;
    AllocationOptions options;
    SensitivityLosses losses;
    ChoiceSpace space;
    double lossScale = 1.0; // set while problem is made
    MultipleChoiceProblem problem;
};

Allocator::Allocator(const ModelInfo& model, const SensitivityTable& table, const BitPlan& base,
                     const AllocationOptions& options)
    : m_state(std::make_unique<State>(model, table, base, options))
{
}
Allocator::~Allocator() = default;
Allocator::Allocator(Allocator&&) noexcept = default;
Allocator& Allocator::operator=(Allocator&&) noexcept = default;

std::int64_t Allocator::minimumCost() const
{
    return m_state->space.fixedCost + m_state->problem.minimumCost();
}

std::int64_t Allocator::maximumCost() const
{
    return m_state->space.fixedCost + m_state->problem.maximumUsefulCost();
}

double Allocator::predictedLossOf(const BitPlan& plan) const
{
    return predictedLoss(plan, m_state->losses);
}

AllocationResult Allocator::allocate(std::int64_t budget, RunControl& control) const
{
    const char* unit = m_state->options.budget == BudgetKind::Bytes ? " bytes" : " BOPs";
    BITLOOM_REQUIRE(budget >= minimumCost(), ErrorCode::BudgetTooSmall,
                    "no plan fits the budget of ", budget, unit,
                    ": with the fewest bits allowed everywhere it takes ", minimumCost(), unit);
    const MultipleChoiceSolution solution =
        m_state->problem.solve(budget - m_state->space.fixedCost, m_state->options.limits, control);
    AllocationResult result;
    result.plan = m_state->planOf(solution.picks);
    result.cost = computeCost(m_state->model, result.plan);
    const std::int64_t cost =
        m_state->options.budget == BudgetKind::Bytes ? result.cost.bytes : result.cost.bops;
    BITLOOM_ASSERT(cost == solution.cost + m_state->space.fixedCost && cost <= budget);
    result.predictedLoss = predictedLossOf(result.plan);
    result.optimal = solution.optimal;
    result.lowerBound =
        result.predictedLoss -
        static_cast<double>(solution.loss - solution.lowerBound) / m_state->lossScale;
    return result;
}

AllocationResult allocate(const ModelInfo& model, const SensitivityTable& table,
                          const BitPlan& base, const AllocationOptions& options,
                          std::int64_t budget, RunControl& control)
{
    return Allocator(model, table, base, options).allocate(budget, control);
}

std::int64_t bopsBudgetFromPercent(const ModelInfo& model, double percent)
{
    BITLOOM_REQUIRE(percent > 0.0 && percent <= 100.0, ErrorCode::InvalidArgument,
                    "a BOP budget of ", percent, " %, allowed are values above 0 and up to 100");
    std::int64_t macs = 0;
    for (const LayerInfo& layer : model.layers) {
        macs += layer.macs;
    }
    return static_cast<std::int64_t>(
        std::floor(percent / 100.0 * 1024.0 * static_cast<double>(macs)));
}

std::string toJson(const AllocationResult& result)
{
    json::Json document;
    document["predicted_loss"] = json::finite(result.predictedLoss, "predicted_loss");
    document["lower_bound"] = json::finite(result.lowerBound, "lower_bound");
    document["gap"] = json::finite(result.gap(), "gap");
    document["optimal"] = result.optimal;
    document["bytes"] = result.cost.bytes;
    document["bops"] = result.cost.bops;
    document["bops_percent_of_fp32"] = result.cost.bopsPercentOfFp32();
    return json::dumpLine(document);
}

} // namespace bitloom
