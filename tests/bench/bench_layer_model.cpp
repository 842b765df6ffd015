// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The plan editor's models: one edited layer among many (with the sums of its scopes, all shares of
// the BOPs, and a filter on top), and a new filter over all layers. Argument: layers.
#include "tests/widgets/models/layer_samples.h"
#include "widgets/models/layer_filter_proxy.h"
#include "widgets/models/layer_tree_model.h"

#include <benchmark/benchmark.h>

namespace {

using namespace bitloom;

/// Two lists that differ in the bits of one layer; allShares: and in everybody's share of the BOPs.
std::pair<std::shared_ptr<const ui::LayerRows>, std::shared_ptr<const ui::LayerRows>>
beforeAndAfter(int layers, bool allShares)
{
    const ui::LayerRows before = test::manyRows(layers);
    ui::LayerRows after = before;
    ui::LayerRow& row = after[after.size() / 2];
    row.weight.bits = 16;
    row.bops = 16 * row.macs * row.activation.bits;
    if (allShares) {
        test::fillShares(after);
    }
    return {test::shared(before), test::shared(after)};
}

void editOneLayer(benchmark::State& state, bool allShares, const char* filter)
{
    const auto [before, after] = beforeAndAfter(static_cast<int>(state.range(0)), allShares);
    ui::LayerTreeModel model;
    ui::LayerFilterProxy proxy(&model);
    model.setRows(before);
    proxy.setFilterText(QString::fromLatin1(filter));
    benchmark::DoNotOptimize(proxy.rowCount());
    bool edited = false;
    for (auto _ : state) {
        edited = !edited;
        model.setRows(edited ? after : before);
    }
}
BENCHMARK_CAPTURE(editOneLayer, one_row, false, "")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(editOneLayer, one_row_and_all_shares, true, "")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(editOneLayer, filtered, true, "wbits<=4")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(editOneLayer, filtered_by_percentile, true, "sens>p90")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMicrosecond);

/// From one filter to another, all scopes visited.
void newFilter(benchmark::State& state, const char* first, const char* second)
{
    ui::LayerTreeModel model;
    model.setFlat(true);
    ui::LayerFilterProxy proxy(&model);
    model.setRows(test::shared(test::manyRows(static_cast<int>(state.range(0)))));
    benchmark::DoNotOptimize(proxy.rowCount());
    bool other = false;
    for (auto _ : state) {
        other = !other;
        proxy.setFilterText(QString::fromLatin1(other ? first : second));
        benchmark::DoNotOptimize(proxy.rowCount());
    }
}
BENCHMARK_CAPTURE(newFilter, numbers, "wbits<=4 share>0", "wbits>4")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(newFilter, words, "stage7 conv3", "stage1")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

void openModel(benchmark::State& state)
{
    const auto rows = test::shared(test::manyRows(static_cast<int>(state.range(0))));
    for (auto _ : state) {
        ui::LayerTreeModel model;
        model.setRows(rows);
        benchmark::DoNotOptimize(model.rowCount());
    }
}
BENCHMARK(openModel)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
