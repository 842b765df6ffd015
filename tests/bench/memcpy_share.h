// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <vector>

namespace bitloom::bench {

constexpr std::size_t kOutOfCache = std::size_t{64} << 20;
constexpr std::size_t kInCache = std::size_t{32} << 10;

template <typename Body>
double secondsPerCall(int repeats, Body body)
{
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; ++i) {
        body();
        benchmark::ClobberMemory();
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() /
           repeats;
}

/// Times body, which moves traffic bytes (read + written) for count values. Each round also times a
/// memcpy that moves as much; the counter memcpy_share compares the best rounds.
template <typename Body>
void timeAgainstMemcpy(benchmark::State& state, std::size_t traffic, std::size_t count, Body body)
{
    std::vector<std::byte> from(traffic / 2, std::byte{1});
    std::vector<std::byte> to(traffic / 2, std::byte{2});
    const int repeats = traffic < (std::size_t{1} << 20) ? 256 : 1;
    double best = 1e9;
    double bestCopy = 1e9;
    for (auto step : state) {
        static_cast<void>(step);
        bestCopy = std::min(bestCopy, secondsPerCall(repeats, [&] {
                                std::memcpy(to.data(), from.data(), from.size());
                            }));
        const double time = secondsPerCall(repeats, body);
        best = std::min(best, time);
        state.SetIterationTime(time);
    }
    state.counters["memcpy_share"] = bestCopy / best;
    state.counters["best_Gvalues_per_s"] = static_cast<double>(count) / best / 1e9;
    state.counters["best_GB_per_s"] = static_cast<double>(traffic) / best / 1e9;
}

} // namespace bitloom::bench
