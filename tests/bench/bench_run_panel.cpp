// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the run panel draws, for a run as large as a ResNet-18's: 49 quantizers of 5 gates, 4,800
// channels. Argument: recorded rows.
#include "app/workbench/panels/search/run_warning_model.h"
#include "tests/widgets/models/run_samples.h"
#include "widgets/plots/gate_map.h"
#include "widgets/plots/plot.h"
#include "widgets/plots/run_scenes.h"

#include <benchmark/benchmark.h>

#include <QApplication>

#include <functional>
#include <map>

namespace {

using namespace bitloom;

constexpr int kLayers = 25;
constexpr int kChannels = 192;

const test::RunSample& sample(int rows)
{
    static std::map<int, test::RunSample> made;
    auto found = made.find(rows);
    if (found == made.end()) {
        found = made.emplace(rows, test::runSample(kLayers, rows, kChannels)).first;
    }
    return found->second;
}

/// The scene and its drawing, as after each update.
void drawScene(benchmark::State& state, const std::function<ui::PlotScene(const RunHistory&)>& make)
{
    const RunHistory& history = sample(static_cast<int>(state.range(0))).history;
    ui::Plot plot;
    plot.resize(500, 250);
    for (auto _ : state) {
        plot.setScene(make(history));
        benchmark::DoNotOptimize(plot.drawnLabels());
    }
}

void losses(benchmark::State& state)
{
    drawScene(state, [](const RunHistory& history) {
        return ui::lossScene(history, {true, std::nullopt, 500});
    });
}
BENCHMARK(losses)->Arg(100)->Arg(10000)->Unit(benchmark::kMillisecond);

void gates(benchmark::State& state)
{
    const auto rows = ui::gateRows(
        *sample(static_cast<int>(state.range(0))).history.find("gate_probabilities"), nullptr);
    drawScene(state, [&rows](const RunHistory& history) {
        return ui::gateScene(history, *rows[5].weight, ui::GateSubject::Weights,
                             {false, std::nullopt, 500});
    });
}
BENCHMARK(gates)->Arg(100)->Arg(10000)->Unit(benchmark::kMillisecond);

void gateMap(benchmark::State& state)
{
    const RunHistory& history = sample(static_cast<int>(state.range(0))).history;
    const auto rows = ui::gateRows(*history.find("gate_probabilities"), nullptr);
    ui::GateMap map;
    map.resize(600, 600);
    for (auto _ : state) {
        map.setData(
            std::make_shared<const ui::GateMapData>(ui::gateMapData(history, rows, std::nullopt)));
        benchmark::DoNotOptimize(map.grab());
    }
}
BENCHMARK(gateMap)->Arg(100)->Arg(10000)->Unit(benchmark::kMillisecond);

void warnings(benchmark::State& state)
{
    const RunHistory& history = sample(static_cast<int>(state.range(0))).history;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            workbench::runWarningRows(QStringLiteral("bayesian-bits"), history));
    }
}
BENCHMARK(warnings)->Arg(100)->Arg(10000)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
