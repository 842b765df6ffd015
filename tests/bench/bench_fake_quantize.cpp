// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// fake_quantize forward and backward against a copy that moves as many bytes in the same run.
// Arguments: channels (0 = per tensor), MiB of x, threads. The forward pass reads 4 and writes 4
// bytes a value, like the copy; the backward pass reads 8 and writes 4, and its copy stands for it
// with one and a half times the size.
#include "core/base/isa.h"
#include "core/ops/fake_quantize.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randn_like.h>

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace bitloom;
using namespace bitloom::ops;

constexpr std::int64_t kSpatial = 1024; ///< values of one channel of one image

struct Problem {
    explicit Problem(const benchmark::State& state)
    {
        at::set_num_threads(static_cast<int>(state.range(2)));
        const std::int64_t channels = state.range(0) == 0 ? 1 : state.range(0);
        const std::int64_t batch = (state.range(1) << 20) / 4 / channels / kSpatial;
        axis = state.range(0) == 0 ? -1 : 1;
        x = at::randn({batch, channels, kSpatial});
        g = at::randn_like(x);
        scale = at::full({channels}, 0.05F);
        zeroPoint = at::full({channels}, 128, at::kInt);
    }

    at::Tensor x, g, scale, zeroPoint;
    std::int64_t axis = -1;
};

void countBytes(benchmark::State& state, const Problem& problem, std::int64_t bytesPerValue)
{
    state.SetBytesProcessed(state.iterations() * problem.x.numel() * bytesPerValue);
}

void copyLikeForward(benchmark::State& state)
{
    const Problem problem(state);
    for (auto _ : state) {
        at::Tensor y = at::empty_like(problem.x);
        y.copy_(problem.x);
        benchmark::DoNotOptimize(y.data_ptr());
    }
    countBytes(state, problem, 8);
}

void copyLikeBackward(benchmark::State& state)
{
    const Problem problem(state);
    const std::int64_t half = problem.x.size(0) / 2;
    for (auto _ : state) {
        at::Tensor y = at::empty_like(problem.x);
        y.copy_(problem.x);
        at::Tensor z = at::empty_like(problem.g.narrow(0, 0, half));
        z.copy_(problem.g.narrow(0, 0, half));
        benchmark::DoNotOptimize(z.data_ptr());
    }
    countBytes(state, problem, 12);
}

void forward(benchmark::State& state, Isa isa)
{
    setActiveIsa(isa);
    const Problem p(state);
    for (auto _ : state) {
        at::Tensor y = fakeQuantize(p.x, p.scale, p.zeroPoint, p.axis, 0, 255);
        benchmark::DoNotOptimize(y.data_ptr());
    }
    countBytes(state, p, 8);
}

void backward(benchmark::State& state, Isa isa)
{
    setActiveIsa(isa);
    const Problem p(state);
    for (auto _ : state) {
        const auto gradients = fakeQuantizeBackward(p.g, p.x, p.scale, p.zeroPoint, p.axis, 0, 255);
        benchmark::DoNotOptimize(std::get<0>(gradients).data_ptr());
    }
    countBytes(state, p, 12);
}

void sizes(benchmark::internal::Benchmark* bench)
{
    bench->ArgNames({"channels", "MiB", "threads"})->Unit(benchmark::kMicrosecond);
    bench->UseRealTime();
    for (const int threads : {1, 2}) {
        for (const int mebibytes : {1, 64}) {
            for (const int channels : {0, 64}) {
                bench->Args({channels, mebibytes, threads});
            }
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    sizes(benchmark::RegisterBenchmark("copy_like_forward", copyLikeForward));
    sizes(benchmark::RegisterBenchmark("copy_like_backward", copyLikeBackward));
    for (const Isa isa : supportedIsas()) {
        const std::string name(toString(isa));
        sizes(benchmark::RegisterBenchmark(("forward/" + name).c_str(), forward, isa));
        sizes(benchmark::RegisterBenchmark(("backward/" + name).c_str(), backward, isa));
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
