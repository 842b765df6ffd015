// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Cost of a 1,000-layer plan: full recount, recount after one edit, and what the edit costs a
// caller who wants a copy.
#include "core/cost/cost_model.h"
#include "core/types/plan_edit.h"
#include "tests/core/cost/networks.h"

#include <benchmark/benchmark.h>

namespace {

using namespace bitloom;

ModelInfo thousandLayers()
{
    test::NetworkBuilder net("thousand");
    std::string from = "input";
    for (int i = 0; i < 1000; ++i) {
        const std::string name = "stage" + std::to_string(i / 10) + ".conv" + std::to_string(i);
        net.conv(name, 64, 64, 3, 14, from);
        from = name;
    }
    return test::withoutUnread(net.done());
}

void fullRecount(benchmark::State& state)
{
    const ModelInfo model = thousandLayers();
    const BitPlan plan = makeUniformPlan(model, {});
    for (auto _ : state) {
        benchmark::DoNotOptimize(computeCost(model, plan).bops);
    }
}
BENCHMARK(fullRecount)->Unit(benchmark::kMicrosecond);

void recountAfterOneEdit(benchmark::State& state)
{
    const ModelInfo model = thousandLayers();
    const BitPlan plan = makeUniformPlan(model, {});
    CostTracker tracker(model, plan);
    QuantSpec spec = plan.layers[500].weight;
    for (auto _ : state) {
        spec.bits = spec.bits == 4 ? 5 : 4;
        tracker.setWeight(plan.layers[500].name, spec);
        benchmark::DoNotOptimize(tracker.cost().bops);
    }
}
BENCHMARK(recountAfterOneEdit)->Unit(benchmark::kMicrosecond);

void editPlanAndCopyCost(benchmark::State& state)
{
    const ModelInfo model = thousandLayers();
    BitPlan plan = makeUniformPlan(model, {});
    CostTracker tracker(model, plan);
    PlanEdit edit;
    for (auto _ : state) {
        edit.weightBits = edit.weightBits == 4 ? 5 : 4;
        for (const std::string& name : editPlan(plan, "stage50.conv505", edit).layers) {
            tracker.setWeight(name, plan.findLayer(name)->weight);
        }
        PlanCost cost = tracker.cost();
        benchmark::DoNotOptimize(cost);
    }
}
BENCHMARK(editPlanAndCopyCost)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
