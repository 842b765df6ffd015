// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/frontier.h"

#include "core/base/error.h"
#include "core/cost/cost_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unordered_set>

namespace bitloom {

namespace {

std::int64_t costOf(const FrontierPoint& point, BudgetKind kind)
{
    return kind == BudgetKind::Bytes ? point.bytes : point.bops;
}

FrontierPoint makePoint(PointKind kind, std::string label, const PlanCost& cost, double loss,
                        bool optimal)
{
    FrontierPoint point;
    point.kind = kind;
    point.label = std::move(label);
    point.bytes = cost.bytes;
    point.bops = cost.bops;
    point.bopsPercentOfFp32 = cost.bopsPercentOfFp32();
    point.predictedLoss = loss;
    point.optimal = optimal;
    return point;
}

std::string budgetLabel(std::int64_t budget, BudgetKind kind, std::int64_t bopsFp32)
{
    if (kind == BudgetKind::Bytes) {
        return "budget " + std::to_string(budget) + " bytes";
    }
    char text[48];
    std::snprintf(text, sizeof text, "budget %.3f %%",
                  100.0 * static_cast<double>(budget) / static_cast<double>(bopsFp32));
    return text;
}

std::vector<std::int64_t> logSpaced(std::int64_t low, std::int64_t high, int count)
{
    std::vector<std::int64_t> budgets;
    const double start = std::log(static_cast<double>(std::max<std::int64_t>(low, 1)));
    const double end = std::log(static_cast<double>(std::max<std::int64_t>(high, 1)));
    for (int i = 0; i < count; ++i) {
        const double value = std::exp(start + (end - start) * i / (count - 1));
        budgets.push_back(std::clamp(static_cast<std::int64_t>(value), low, high));
    }
    // The ends exactly, whatever the logarithm rounds to.
    budgets.front() = low;
    budgets.back() = high;
    return budgets;
}

std::vector<PlannedPoint> withoutDominated(std::vector<PlannedPoint> points, BudgetKind kind)
{
    std::stable_sort(points.begin(), points.end(),
                     [kind](const PlannedPoint& a, const PlannedPoint& b) {
                         return std::pair(costOf(a.point, kind), a.point.predictedLoss) <
                                std::pair(costOf(b.point, kind), b.point.predictedLoss);
                     });
    std::vector<PlannedPoint> kept;
    for (PlannedPoint& point : points) {
        if (kept.empty() || point.point.predictedLoss < kept.back().point.predictedLoss) {
            kept.push_back(std::move(point));
        }
    }
    return kept;
}

std::optional<std::size_t> findKnee(const std::vector<PlannedPoint>& points, BudgetKind kind)
{
    if (points.size() < 3) {
        return std::nullopt;
    }
    const auto logCost = [&](std::size_t i) {
        return std::log(
            static_cast<double>(std::max<std::int64_t>(costOf(points[i].point, kind), 1)));
    };
    const double firstCost = logCost(0);
    const double costSpan = logCost(points.size() - 1) - firstCost;
    const double lastLoss = points.back().point.predictedLoss.value();
    const double lossSpan = points.front().point.predictedLoss.value() - lastLoss;
    std::size_t knee = 0;
    double deepest = 0;
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        const double x = (logCost(i) - firstCost) / costSpan;
        const double y = (points[i].point.predictedLoss.value() - lastLoss) / lossSpan;
        const double depth = 1.0 - x - y;
        if (depth > deepest) {
            deepest = depth;
            knee = i;
        }
    }
    return knee == 0 ? std::nullopt : std::optional(knee);
}

/// All free weights and activations at one width.
BitPlan uniformPlan(const ModelInfo& model, const BitPlan& base, const AllocationOptions& options,
                    int bits)
{
    BitPlan plan = base;
    const std::unordered_set<std::string> locked(options.lockedLayers.begin(),
                                                 options.lockedLayers.end());
    std::unordered_set<std::string> keptTensors;
    for (const LayerInfo& layer : model.layers) {
        if (locked.contains(layer.name)) {
            keptTensors.insert(layer.inputs.begin(), layer.inputs.end());
        }
    }
    for (const TensorInfo& tensor : model.tensors) {
        if (tensor.isModelInput && base.findTensor(tensor.name)->activation.isFloat()) {
            keptTensors.insert(tensor.name);
        }
    }
    for (LayerPlan& layer : plan.layers) {
        if (layer.hasWeight && !locked.contains(layer.name)) {
            layer.weight.bits = bits;
        }
    }
    for (TensorPlan& tensor : plan.tensors) {
        if (options.budget == BudgetKind::Bops && !keptTensors.contains(tensor.name)) {
            tensor.activation.bits = bits;
        }
    }
    return plan;
}

} // namespace

Frontier predictFrontier(const ModelInfo& model, const SensitivityTable& table, const BitPlan& base,
                         const AllocationOptions& options, int numBudgets, RunControl& control)
{
    BITLOOM_REQUIRE(numBudgets >= 2, ErrorCode::InvalidArgument, "a frontier of ", numBudgets,
                    " budgets, at least 2 are needed");
    const Allocator allocator(model, table, base, options);
    Frontier frontier;
    std::vector<PlannedPoint> points;
    const std::vector<std::int64_t> budgets =
        logSpaced(allocator.minimumCost(), allocator.maximumCost(), numBudgets);
    for (std::size_t i = 0; i < budgets.size(); ++i) {
        if (control.shouldStop()) {
            frontier.finished = false;
            break;
        }
        AllocationResult result = allocator.allocate(budgets[i], control);
        points.push_back({makePoint(PointKind::Predicted,
                                    budgetLabel(budgets[i], options.budget, result.cost.bopsFp32),
                                    result.cost, result.predictedLoss, result.optimal),
                          std::move(result.plan)});
        control.report({"frontier", static_cast<std::int64_t>(i + 1), numBudgets, "budgets"});
    }
    frontier.predicted = withoutDominated(std::move(points), options.budget);
    frontier.knee = findKnee(frontier.predicted, options.budget);
    const bool bothChosen = options.budget == BudgetKind::Bops;
    for (const int bits : options.weightBits.empty() ? table.bits : options.weightBits) {
        BitPlan plan = uniformPlan(model, base, options, bits);
        std::string label = "w";
        label += std::to_string(bits);
        if (bothChosen) {
            label += "a";
            label += std::to_string(bits);
        }
        frontier.anchors.push_back(
            {makePoint(PointKind::UniformAnchor, label, computeCost(model, plan),
                       allocator.predictedLossOf(plan), false),
             std::move(plan)});
    }
    return frontier;
}

} // namespace bitloom
