// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Choosing the parameters of a 512x512x3x3 weight, 4 bits per channel, against the scale search
// written as 80 passes of eager operators. Argument: threads.
#include "core/base/isa.h"
#include "core/quant/observer.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/aminmax.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/div.h>
#include <ATen/ops/full.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/round.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/where.h>

#include <benchmark/benchmark.h>

namespace {

using namespace bitloom;

at::Tensor weight()
{
    return at::mul(at::randn({512, 512, 3, 3}), 0.02);
}

at::Tensor eagerSearch(const at::Tensor& rows)
{
    const auto [low, high] = at::aminmax(rows, 1, true);
    at::Tensor best = at::full({rows.size(0), 1}, 1e30F);
    at::Tensor bestScale = at::full({rows.size(0), 1}, 0.0F);
    for (int i = 0; i < kNumShrinks; ++i) {
        const double shrink = 1.0 - 0.01 * i;
        const at::Tensor scale =
            at::div(at::sub(at::mul(high, shrink), at::mul(low, shrink)), 15.0);
        const at::Tensor zeroPoint = at::round(at::div(at::neg(at::mul(low, shrink)), scale));
        const at::Tensor q = at::clamp(at::round(at::div(rows, scale)).add_(zeroPoint), 0, 15);
        const at::Tensor y = at::mul(at::sub(q, zeroPoint), scale);
        const at::Tensor score = at::mean(at::pow(at::abs(at::sub(rows, y)), 2.4), 1, true);
        const at::Tensor better = at::lt(score, best);
        best = at::where(better, score, best);
        bestScale = at::where(better, scale, bestScale);
    }
    return bestScale;
}

void eager80Passes(benchmark::State& state)
{
    at::set_num_threads(static_cast<int>(state.range(0)));
    const at::Tensor rows = weight().view({512, -1});
    for (auto _ : state) {
        at::Tensor scale = eagerSearch(rows);
        benchmark::DoNotOptimize(scale.data_ptr());
    }
}

void observe(benchmark::State& state, Observer observer, Isa isa)
{
    at::set_num_threads(static_cast<int>(state.range(0)));
    setActiveIsa(isa);
    const at::Tensor w = weight();
    QuantSpec spec;
    spec.bits = 4;
    spec.granularity = Granularity::PerChannel;
    spec.observer = observer;
    for (auto _ : state) {
        const QuantParams params = chooseQuantParams(w, spec, 0);
        benchmark::DoNotOptimize(params.scale.data());
    }
}

void threads(benchmark::internal::Benchmark* bench)
{
    bench->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
}

} // namespace

int main(int argc, char** argv)
{
    threads(benchmark::RegisterBenchmark("mse_eager_80_passes", eager80Passes));
    for (const Isa isa : supportedIsas()) {
        const std::string name = "mse/" + std::string(toString(isa));
        threads(benchmark::RegisterBenchmark(name.c_str(), observe, Observer::Mse, isa));
    }
    threads(benchmark::RegisterBenchmark("minmax", observe, Observer::MinMax, activeIsa()));
    threads(benchmark::RegisterBenchmark("percentile", observe, Observer::Percentile, activeIsa()));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
