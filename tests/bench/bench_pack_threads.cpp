// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Packing and unpacking on two threads beside one, out of the caches, in turns. The threads are
// there before the clock starts and each takes half of the values, cut at a multiple of 64. speedup
// is the best round of one thread over the best of two; memcpy_speedup is that of a copy of the
// same traffic, which says what the memory allows.
#include "core/base/rng.h"
#include "core/pack/value_packer.h"
#include "memcpy_share.h"

#include <barrier>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace bitloom;

constexpr std::size_t kValues = std::size_t{64} << 20;

/// A second thread that waits for work.
class Pair {
public:
    Pair() : m_helper([this] { help(); }) {}
    ~Pair()
    {
        m_work = nullptr;
        m_start.arrive_and_wait();
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    /// Runs work(0) here and work(1) on the other thread, until both are done.
    void run(const std::function<void(int)>& work)
    {
        m_work = &work;
        m_start.arrive_and_wait();
        work(0);
        m_end.arrive_and_wait();
    }

private:
    void help()
    {
        for (;;) {
            m_start.arrive_and_wait();
            if (m_work == nullptr) {
                return;
            }
            (*m_work)(1);
            m_end.arrive_and_wait();
        }
    }

    const std::function<void(int)>* m_work = nullptr;
    std::barrier<> m_start{2};
    std::barrier<> m_end{2};
    std::jthread m_helper;
};

struct Speeds {
    double one = 1e9; ///< best seconds
    double two = 1e9;

    /// whole() on this thread, then half(0) and half(1) on both.
    void take(Pair& pair, const std::function<void()>& whole, const std::function<void(int)>& half)
    {
        one = std::min(one, bench::secondsPerCall(1, whole));
        two = std::min(two, bench::secondsPerCall(1, [&] { pair.run(half); }));
    }
    double speedup() const { return one / two; }
};

template <typename T>
void onTwoThreads(benchmark::State& state, int bits, bool unpacking)
{
    std::vector<T> values(kValues);
    Rng rng(1);
    for (T& value : values) {
        value = static_cast<T>(rng.next() & ((1U << bits) - 1U));
    }
    std::vector<std::byte> packed(packedStreamBytes(kValues, bits));
    const auto work = [&](std::size_t first, std::size_t count) {
        const auto some = std::span(values).subspan(first, count);
        const auto bytes = std::span(packed).subspan(packedStreamBytes(first, bits),
                                                     packedStreamBytes(count, bits));
        if (unpacking) {
            unpackValues(std::span<const std::byte>(bytes), bits, BitOrder::MsbFirst, 0, some);
        } else {
            packValues(std::span<const T>(some), 0, bits, BitOrder::MsbFirst, bytes);
        }
    };
    const std::size_t traffic = kValues * sizeof(T) + packed.size();
    std::vector<std::byte> from(traffic / 2, std::byte{1});
    std::vector<std::byte> to(traffic / 2, std::byte{2});
    const auto copy = [&](std::size_t first, std::size_t count) {
        std::memcpy(to.data() + first, from.data() + first, count);
    };
    constexpr std::size_t kHalf = kValues / 2; // a multiple of 64
    Pair pair;
    Speeds codec;
    Speeds memory;
    work(0, kValues);
    for (auto step : state) {
        static_cast<void>(step);
        memory.take(
            pair, [&] { copy(0, from.size()); },
            [&](int i) {
                const std::size_t half = from.size() / 2;
                copy(i == 0 ? 0 : half, i == 0 ? half : from.size() - half);
            });
        codec.take(
            pair, [&] { work(0, kValues); },
            [&](int i) { work(static_cast<std::size_t>(i) * kHalf, kHalf); });
        state.SetIterationTime(codec.two);
    }
    state.counters["speedup"] = codec.speedup();
    state.counters["memcpy_speedup"] = memory.speedup();
    state.counters["memcpy_share_two"] = memory.two / codec.two;
    state.counters["best_GB_per_s_two"] = static_cast<double>(traffic) / codec.two / 1e9;
}

} // namespace

int main(int argc, char** argv)
{
    for (const bool unpacking : {false, true}) {
        for (const int bits : {1, 2, 3, 4, 5, 6, 7, 8}) {
            const std::string name =
                (unpacking ? "unpack/uint8/" : "pack/uint8/") + std::to_string(bits);
            benchmark::RegisterBenchmark(name.c_str(),
                                         [=](benchmark::State& state) {
                                             onTwoThreads<std::uint8_t>(state, bits, unpacking);
                                         })
                ->UseManualTime()
                ->Unit(benchmark::kMillisecond)
                ->Iterations(25);
        }
        for (const int bits : {4, 8}) {
            const std::string name =
                (unpacking ? "unpack/float32/" : "pack/float32/") + std::to_string(bits);
            benchmark::RegisterBenchmark(
                name.c_str(),
                [=](benchmark::State& state) { onTwoThreads<float>(state, bits, unpacking); })
                ->UseManualTime()
                ->Unit(benchmark::kMillisecond)
                ->Iterations(25);
        }
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
