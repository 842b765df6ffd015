// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Packing integers of any type, unpacking them, and the scan for their range, by type, width and
// instruction set: 64 MiB of values, out of cache, against a memcpy of the same traffic.
#include "core/base/rng.h"
#include "core/pack/value_packer.h"
#include "memcpy_share.h"

#include <string>
#include <type_traits>

using namespace bitloom;

namespace {

constexpr std::int64_t kOffset = 1; // the smallest value is -1

template <typename T>
std::vector<T> randomValues(int bits)
{
    std::vector<T> values(bench::kOutOfCache / sizeof(T));
    Rng rng(1);
    for (T& value : values) {
        const auto integer = static_cast<std::int64_t>(rng.next() & ((1U << bits) - 1U)) - kOffset;
        if constexpr (std::is_same_v<T, Half>) {
            value = {static_cast<std::uint16_t>(integer & 1 ? 0x3C00 : 0xBC00)}; // 1 and -1
        } else {
            value = static_cast<T>(integer);
        }
    }
    return values;
}

template <typename T>
void add(const std::string& type, const std::vector<int>& widths)
{
    for (const Isa isa : supportedIsas()) {
        const std::string end = "/" + type + "/" + std::string(toString(isa));
        for (const int bits : widths) {
            const std::string name = end + "/" + std::to_string(bits);
            const auto bench = [=](benchmark::State& state, bool unpacking) {
                std::vector<T> values = randomValues<T>(bits);
                std::vector<std::byte> packed(packedStreamBytes(values.size(), bits));
                bench::timeAgainstMemcpy(
                    state, bench::kOutOfCache + packed.size(), values.size(), [&] {
                        if (unpacking) {
                            unpackValues(std::span<const std::byte>(packed), bits,
                                         BitOrder::LsbFirst, kOffset, std::span(values), isa);
                        } else {
                            packValues(std::span<const T>(values), kOffset, bits,
                                       BitOrder::LsbFirst, packed, isa);
                        }
                    });
            };
            benchmark::RegisterBenchmark(("pack" + name).c_str(),
                                         [=](benchmark::State& state) { bench(state, false); })
                ->UseManualTime()
                ->Iterations(25);
            benchmark::RegisterBenchmark(("unpack" + name).c_str(),
                                         [=](benchmark::State& state) { bench(state, true); })
                ->UseManualTime()
                ->Iterations(25);
        }
        benchmark::RegisterBenchmark(
            ("scan" + end).c_str(),
            [=](benchmark::State& state) {
                const std::vector<T> values = randomValues<T>(2);
                bench::timeAgainstMemcpy(state, bench::kOutOfCache, values.size(), [&] {
                    benchmark::DoNotOptimize(scanValues(std::span<const T>(values), isa));
                });
            })
            ->UseManualTime()
            ->Iterations(25);
    }
}

} // namespace

int main(int argc, char** argv)
{
    add<std::int8_t>("int8", {2, 4, 7});
    add<std::int16_t>("int16", {4, 8, 12, 15});
    add<std::int32_t>("int32", {2, 4, 8, 12, 16});
    add<std::int64_t>("int64", {4, 12});
    add<Half>("float16", {2, 8});
    add<float>("float32", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
