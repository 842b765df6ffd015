// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The operators on a CUDA device, each against a copy on the device that moves as many bytes, in
// the same run: the counter copy_share compares the best rounds. 64 Mi values, far beyond the
// caches. Where there is no device each line says why.
#include "core/base/error.h"
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/cuda_backend.h"
#include "core/ops/fake_quantize.h"
#include "core/ops/packed_rows.h"

#include <ATen/core/Tensor.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

namespace {

using namespace bitloom;
using namespace bitloom::ops;

constexpr std::int64_t kColumns = 4096;
constexpr std::int64_t kRows = std::int64_t{1} << 14;
constexpr std::int64_t kValues = kRows * kColumns;

const std::string& whyAbsent()
{
    static const std::string reason = [] {
        try {
            cudaDeviceCount();
            return std::string();
        } catch (const Error& error) {
            return std::string(error.what());
        }
    }();
    return reason;
}

double secondsOnDevice(const std::function<void()>& body)
{
    const at::CUDAHooksInterface& cuda = at::detail::getCUDAHooks();
    cuda.deviceSynchronize(0);
    const auto start = std::chrono::steady_clock::now();
    body();
    cuda.deviceSynchronize(0);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// prepare(): makes the operands on the device and returns what is timed. traffic: bytes that it
/// reads and writes.
void timeAgainstCopy(benchmark::State& state, std::int64_t traffic,
                     const std::function<std::function<void()>()>& prepare)
{
    if (!whyAbsent().empty()) {
        state.SkipWithError(whyAbsent().c_str());
        return;
    }
    const at::TensorOptions bytes = at::TensorOptions(at::kCUDA).dtype(at::kByte);
    const at::Tensor from = at::ones({traffic / 2}, bytes);
    at::Tensor to = at::empty({traffic / 2}, bytes);
    const std::function<void()> body = prepare();
    body(); // the first launch loads the kernels
    double best = 1e9;
    double bestCopy = 1e9;
    for (auto step : state) {
        static_cast<void>(step);
        bestCopy = std::min(bestCopy, secondsOnDevice([&] { to.copy_(from); }));
        const double time = secondsOnDevice(body);
        best = std::min(best, time);
        state.SetIterationTime(time);
    }
    state.counters["copy_share"] = bestCopy / best;
    state.counters["best_GB_per_s"] = static_cast<double>(traffic) / best / 1e9;
}

at::Tensor floats()
{
    return at::randn({kRows, kColumns}, at::TensorOptions(at::kCUDA).dtype(at::kFloat));
}

at::Tensor filled(double value, at::ScalarType type, std::int64_t count = 1)
{
    return at::full({count}, value, at::TensorOptions(at::kCUDA).dtype(type));
}

void fakeQuantizeForward(benchmark::State& state)
{
    timeAgainstCopy(state, kValues * 8, [] {
        return [x = floats(), scale = filled(0.05, at::kFloat), zero = filled(128, at::kInt)] {
            fakeQuantize(x, scale, zero, -1, 0, 255);
        };
    });
}

void fakeQuantizeBackward(benchmark::State& state)
{
    timeAgainstCopy(state, kValues * 12, [] {
        return [x = floats(), g = floats(), scale = filled(0.05, at::kFloat),
                zero = filled(128, at::kInt)] {
            ops::fakeQuantizeBackward(g, x, scale, zero, -1, 0, 255);
        };
    });
}

/// Argument: how many of the four levels above 2 bits are on.
at::Tensor gatesOf(const benchmark::State& state)
{
    at::Tensor gates = filled(0, at::kFloat, 4);
    gates.slice(0, 0, state.range(0)).fill_(1);
    return gates;
}

void bayesianBitsForward(benchmark::State& state)
{
    timeAgainstCopy(state, kValues * 8, [&state] {
        return [x = floats(), range = filled(3, at::kFloat), gates = gatesOf(state)] {
            bayesianBitsQuantize(x, range, gates, std::nullopt, -1, true);
        };
    });
}

void bayesianBitsBackward(benchmark::State& state)
{
    timeAgainstCopy(state, kValues * 12, [&state] {
        return [x = floats(), g = floats(), range = filled(3, at::kFloat), gates = gatesOf(state)] {
            bayesianBitsQuantizeBackward(g, x, range, gates, std::nullopt, -1, true);
        };
    });
}

/// Codes [rows, columns] of this width on the device.
at::Tensor codesOf(int bits, at::ScalarType type)
{
    return at::randint(0, std::int64_t{1} << bits, {kRows, kColumns},
                       at::TensorOptions(at::kCUDA).dtype(type));
}

/// Arguments: bits, type.
void unpackOnDevice(benchmark::State& state)
{
    const auto bits = static_cast<int>(state.range(0));
    const auto type = static_cast<at::ScalarType>(state.range(1));
    const auto width = static_cast<std::int64_t>(c10::elementSize(type));
    timeAgainstCopy(state, kValues * bits / 8 + kValues * width, [bits, type] {
        return [packed = packRows(codesOf(bits, type), bits, 0, false, 4), bits, type] {
            unpackRows(packed, bits, kColumns, 0, false, type);
        };
    });
    state.SetLabel(c10::toString(type));
}

void packOnDevice(benchmark::State& state)
{
    const auto bits = static_cast<int>(state.range(0));
    const auto type = static_cast<at::ScalarType>(state.range(1));
    const auto width = static_cast<std::int64_t>(c10::elementSize(type));
    timeAgainstCopy(state, kValues * bits / 8 + kValues * width, [bits, type] {
        return [codes = codesOf(bits, type), bits] { packRows(codes, bits, 0, false, 4); };
    });
    state.SetLabel(c10::toString(type));
}

void widthsAndTypes(benchmark::internal::Benchmark* benchmark)
{
    for (const int bits : {1, 2, 3, 4, 5, 6, 7, 8}) {
        for (const at::ScalarType type : {at::kByte, at::kInt, at::kFloat}) {
            benchmark->Args({bits, static_cast<int>(type)});
        }
    }
    benchmark->Args({12, static_cast<int>(at::kShort)})->Args({16, static_cast<int>(at::kInt)});
}

BENCHMARK(fakeQuantizeForward)->UseManualTime();
BENCHMARK(fakeQuantizeBackward)->UseManualTime();
BENCHMARK(bayesianBitsForward)->DenseRange(0, 4)->UseManualTime();
BENCHMARK(bayesianBitsBackward)->DenseRange(0, 4)->UseManualTime();
BENCHMARK(unpackOnDevice)->Apply(widthsAndTypes)->UseManualTime();
BENCHMARK(packOnDevice)->Apply(widthsAndTypes)->UseManualTime();

} // namespace

BENCHMARK_MAIN();
