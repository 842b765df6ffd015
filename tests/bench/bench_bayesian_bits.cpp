// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// bayesian_bits_quantize forward and backward against a copy that moves as many bytes in the same
// run, and against the same function composed of ATen operators with autograd; one thread, its CPU
// time. Arguments: levels that are on (1 = 2 bits .. 5 = 32 bits), channels (0 = no channel gates).
// Times are also given as ns per element. The gates and the regulariser of a whole network are
// timed forward and backward together.
#include "core/base/isa.h"
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/bayesian_bits_regulariser.h"
#include "core/ops/expected_bit_operations.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace bitloom;
using namespace bitloom::ops;

constexpr bool kSigned = true;
constexpr std::int64_t kElements = 2 << 20; ///< 8 MiB: out of a core's own caches

struct Problem {
    explicit Problem(const benchmark::State& state)
    {
        const std::int64_t channels = state.range(1) == 0 ? 1 : state.range(1);
        x = at::randn({channels, kElements / channels});
        g = at::randn_like(x);
        xMax = at::full({1}, 2.5F);
        gates = at::zeros({4});
        gates.slice(0, 0, state.range(0) - 1).fill_(0.75F);
        if (state.range(1) > 0) {
            channelGates = at::rand({channels});
        }
    }

    at::Tensor x, g, xMax, gates;
    std::optional<at::Tensor> channelGates;
};

void countElements(benchmark::State& state, const Problem& problem, std::int64_t bytesPerElement)
{
    const std::int64_t elements = state.iterations() * problem.x.numel();
    state.SetBytesProcessed(elements * bytesPerElement);
    state.counters["ns_per_element"] =
        benchmark::Counter(static_cast<double>(elements) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void copy(benchmark::State& state)
{
    const Problem problem(state);
    for (auto _ : state) {
        at::Tensor y = at::empty_like(problem.x);
        y.copy_(problem.x);
        benchmark::DoNotOptimize(y.data_ptr());
    }
    countElements(state, problem, 8);
}

void forward(benchmark::State& state, Isa isa)
{
    setActiveIsa(isa);
    const Problem p(state);
    for (auto _ : state) {
        at::Tensor y = bayesianBitsQuantize(p.x, p.xMax, p.gates, p.channelGates, 0, kSigned);
        benchmark::DoNotOptimize(y.data_ptr());
    }
    countElements(state, p, 8);
}

void backward(benchmark::State& state, Isa isa)
{
    setActiveIsa(isa);
    const Problem p(state);
    for (auto _ : state) {
        const auto gradients =
            bayesianBitsQuantizeBackward(p.g, p.x, p.xMax, p.gates, p.channelGates, 0, kSigned);
        benchmark::DoNotOptimize(std::get<0>(gradients).data_ptr());
    }
    countElements(state, p, 12);
}

/// Rounding with the gradient 1.
at::Tensor straightThrough(const at::Tensor& ratio)
{
    return ratio + (at::round(ratio) - ratio).detach();
}

/// The definition, operator by operator.
at::Tensor composed(const at::Tensor& x, const at::Tensor& xMax, const at::Tensor& gates,
                    std::int64_t levels)
{
    const at::Tensor high = xMax * 0.99999988079071045F;
    const at::Tensor low = -high;
    const at::Tensor clipped = -at::relu((high - low) - at::relu(x - low)) + high;
    at::Tensor scale = (xMax + xMax) / 3;
    std::vector<at::Tensor> parts;
    at::Tensor rest = clipped;
    for (const double divisor : {5.0, 17.0, 257.0, 65537.0, 1.0}) {
        parts.push_back(scale * straightThrough(rest / scale));
        if (static_cast<std::int64_t>(parts.size()) == levels) {
            break;
        }
        rest = rest - parts.back();
        scale = scale / divisor;
    }
    at::Tensor value = parts.back();
    for (std::int64_t j = levels - 2; j >= 0; --j) {
        value = parts[static_cast<std::size_t>(j)] + gates[j] * value;
    }
    return value;
}

void composedForward(benchmark::State& state)
{
    const Problem p(state);
    const at::Tensor x = p.x.clone().set_requires_grad(true);
    const at::Tensor xMax = p.xMax.clone().set_requires_grad(true);
    const at::Tensor gates = p.gates.clone().set_requires_grad(true);
    for (auto _ : state) {
        at::Tensor y = composed(x, xMax, gates, state.range(0));
        benchmark::DoNotOptimize(y.data_ptr());
    }
    countElements(state, p, 8);
}

void composedBackward(benchmark::State& state)
{
    const Problem p(state);
    at::Tensor x = p.x.clone().set_requires_grad(true);
    at::Tensor xMax = p.xMax.clone().set_requires_grad(true);
    at::Tensor gates = p.gates.clone().set_requires_grad(true);
    for (auto _ : state) {
        state.PauseTiming();
        x.mutable_grad() = at::Tensor();
        const at::Tensor y = composed(x, xMax, gates, state.range(0));
        state.ResumeTiming();
        y.backward(p.g);
        benchmark::DoNotOptimize(x.grad().data_ptr());
    }
    countElements(state, p, 12);
}

/// About the gates of a ResNet-18: 20 weights with 4,800 channels, 17 activations.
struct Network {
    Network()
    {
        std::vector<std::int64_t> channels(17, 0);
        for (const std::int64_t count : {64, 128, 256, 512}) {
            channels.insert(channels.end(), 5, count);
        }
        offsets = gateOffsets(channels);
        logits = at::randn({offsets[-1].item<std::int64_t>()}).set_requires_grad(true);
        weights = at::rand({static_cast<std::int64_t>(channels.size()), 5});
    }

    at::Tensor offsets, logits, weights;
};

void gatesOfNetwork(benchmark::State& state)
{
    const Network network;
    const at::Tensor upstream = at::ones_like(network.logits).detach();
    std::int64_t step = 0;
    for (auto _ : state) {
        const at::Tensor gates =
            hardConcreteGates(network.logits, network.offsets, kGatesL0, std::nullopt, 1, ++step);
        gates.backward(upstream);
    }
    state.counters["gates"] = static_cast<double>(network.logits.numel());
}

void regulariserOfNetwork(benchmark::State& state)
{
    const Network network;
    for (auto _ : state) {
        std::get<0>(bayesianBitsRegulariser(network.logits, network.offsets, network.weights))
            .backward();
    }
    state.counters["gates"] = static_cast<double>(network.logits.numel());
}

/// A chain of the network's layers, each reading what the one before makes.
void expectedBopsOfNetwork(benchmark::State& state)
{
    const Network network;
    std::vector<std::int64_t> rows;
    constexpr std::int64_t kActivations = 17;
    constexpr std::int64_t kWeights = 20;
    for (std::int64_t l = 0; l < kWeights; ++l) {
        const std::int64_t weight = kActivations + l;
        const std::int64_t inputs = l == 0
                                        ? 0
                                        : network.offsets[weight].item<std::int64_t>() -
                                              network.offsets[weight - 1].item<std::int64_t>() - 4;
        rows.insert(rows.end(),
                    {weight, l % kActivations, weight, l == 0 ? -1 : weight - 1, 1, inputs});
    }
    const at::Tensor layers = at::tensor(rows, at::kLong).reshape({-1, 6});
    const at::Tensor scales = at::rand({kWeights}, at::kDouble);
    for (auto _ : state) {
        std::get<0>(expectedBitOperations(network.logits, network.offsets, layers, scales))
            .backward();
    }
    state.counters["gates"] = static_cast<double>(network.logits.numel());
}

benchmark::internal::Benchmark* with(benchmark::internal::Benchmark* bench)
{
    return bench->ArgNames({"levels", "channels"})->Unit(benchmark::kMicrosecond);
}

void allLevels(benchmark::internal::Benchmark* bench)
{
    with(bench);
    for (const int channels : {0, 64}) {
        for (const int levels : {1, 2, 3, 4, 5}) {
            bench->Args({levels, channels});
        }
    }
}

void perTensor(benchmark::internal::Benchmark* bench)
{
    with(bench);
    for (const int levels : {1, 3, 4, 5}) {
        bench->Args({levels, 0});
    }
}

} // namespace

int main(int argc, char** argv)
{
    at::set_num_threads(1);
    with(benchmark::RegisterBenchmark("copy", copy))->Args({5, 0});
    for (const Isa isa : supportedIsas()) {
        const std::string name(toString(isa));
        allLevels(benchmark::RegisterBenchmark(("forward/" + name).c_str(), forward, isa));
        allLevels(benchmark::RegisterBenchmark(("backward/" + name).c_str(), backward, isa));
    }
    benchmark::RegisterBenchmark("gates", gatesOfNetwork)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("regulariser", regulariserOfNetwork)
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("expected_bops", expectedBopsOfNetwork)
        ->Unit(benchmark::kMicrosecond);
    perTensor(benchmark::RegisterBenchmark("composed_forward", composedForward));
    perTensor(benchmark::RegisterBenchmark("composed_backward", composedBackward));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
