// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Exact allocation: 1,000 layers with 8 weight and 8 activation widths, the bare solver on hard
// instance families, and a frontier of 64 budgets for 50 layers. Counters: proven = share of runs
// with a proof.
#include "core/cost/allocation.h"
#include "core/cost/frontier.h"
#include "tests/core/cost/networks.h"

#include <benchmark/benchmark.h>

namespace {

using namespace bitloom;

const std::vector<int> kWidths{2, 3, 4, 5, 6, 7, 8, 16};

ModelInfo network(int layers)
{
    test::NetworkBuilder net("bench");
    Rng rng(1);
    std::string from = "input";
    std::int64_t in = 16;
    for (int i = 0; i < layers; ++i) {
        const std::string name = "conv" + std::to_string(i);
        const auto out = static_cast<std::int64_t>(16 + 8 * rng.below(32));
        net.conv(name, in, out, rng.below(2) == 0 ? 1 : 3,
                 static_cast<std::int64_t>(7 + rng.below(50)), from);
        from = name;
        in = out;
    }
    return test::withoutUnread(net.done());
}

/// percent of the way from the cheapest to the dearest plan.
void allocation(benchmark::State& state, BudgetKind kind, SensitivityMetric metric)
{
    const ModelInfo model = network(1000);
    Rng rng(2);
    const SensitivityTable table = test::randomTable(model, kWidths, rng, 0.2);
    const BitPlan base = makeUniformPlan(model, {});
    AllocationOptions options;
    options.budget = kind;
    options.metric = metric;
    double proven = 0;
    for (auto _ : state) {
        RunControl control;
        const Allocator allocator(model, table, base, options);
        const std::int64_t low = allocator.minimumCost();
        const std::int64_t budget = low + (allocator.maximumCost() - low) / 100 * state.range(0);
        proven += allocator.allocate(budget, control).optimal ? 1 : 0;
    }
    state.counters["proven"] = proven / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(allocation, bytes_kl, BudgetKind::Bytes, SensitivityMetric::Kl)
    ->Arg(5)
    ->Arg(30)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(allocation, bops_kl, BudgetKind::Bops, SensitivityMetric::Kl)
    ->Arg(5)
    ->Arg(30)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(allocation, bops_accuracy, BudgetKind::Bops, SensitivityMetric::Accuracy)
    ->Arg(5)
    ->Unit(benchmark::kMillisecond);

/// 1,000 groups of 64 choices, costs below 10,000.
void solver(benchmark::State& state, int family)
{
    Rng rng(3);
    std::vector<ChoiceGroup> groups(1000);
    for (ChoiceGroup& group : groups) {
        for (int i = 0; i < 64; ++i) {
            const auto cost = static_cast<std::int64_t>(rng.below(10'000));
            const auto noise = static_cast<std::int64_t>(rng.below(1000));
            const std::int64_t losses[] = {static_cast<std::int64_t>(rng.below(10'000)),
                                           10'000 - cost + noise, 20'000 - cost - 1000,
                                           20'000 - cost};
            group.push_back({cost, losses[family]});
        }
    }
    double proven = 0;
    for (auto _ : state) {
        RunControl control;
        const MultipleChoiceProblem problem(groups);
        const std::int64_t budget = (problem.minimumCost() + problem.maximumUsefulCost()) / 2;
        proven += problem.solve(budget, {}, control).optimal ? 1 : 0;
    }
    state.counters["proven"] = proven / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(solver, uncorrelated, 0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solver, weakly_correlated, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solver, strongly_correlated, 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solver, subset_sum, 3)->Unit(benchmark::kMillisecond);

void frontier64(benchmark::State& state, BudgetKind kind)
{
    const ModelInfo model = network(50);
    Rng rng(4);
    const SensitivityTable table = test::randomTable(model, {2, 3, 4, 5, 6, 8}, rng, 0.2);
    AllocationOptions options;
    options.budget = kind;
    for (auto _ : state) {
        RunControl control;
        benchmark::DoNotOptimize(
            predictFrontier(model, table, makeUniformPlan(model, {}), options, 64, control)
                .predicted.size());
    }
}
BENCHMARK_CAPTURE(frontier64, bytes, BudgetKind::Bytes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(frontier64, bops, BudgetKind::Bops)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
