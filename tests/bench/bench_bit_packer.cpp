// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Packing and unpacking by width and instruction set, 64 MiB of codes (out of cache) and 32 KiB (in
// cache). Each round also times a memcpy that moves the same number of bytes (read + written);
// memcpy_share compares the best rounds.
#include "core/base/rng.h"
#include "core/pack/bit_packer.h"
#include "memcpy_share.h"

#include <string>
#include <vector>

using namespace bitloom;

namespace {

template <typename Code>
void run(benchmark::State& state, int bits, BitOrder order, Isa isa, std::size_t codeBytes,
         bool unpacking)
{
    const std::size_t count = codeBytes / sizeof(Code);
    std::vector<Code> codes(count);
    Rng rng(1);
    for (Code& code : codes) {
        code = static_cast<Code>(rng.next() & ((1U << bits) - 1U));
    }
    std::vector<std::byte> packed(packedStreamBytes(count, bits));
    packBits(std::span<const Code>(codes), bits, order, packed, isa);
    const std::size_t traffic = codeBytes + packed.size();
    bench::timeAgainstMemcpy(state, traffic, count, [&] {
        if (unpacking) {
            unpackBits(packed, bits, order, std::span(codes), isa);
        } else {
            packBits(std::span<const Code>(codes), bits, order, packed, isa);
        }
    });
}

void registerAll()
{
    for (const Isa isa : supportedIsas()) {
        for (const bool unpacking : {false, true}) {
            for (const std::size_t size : {bench::kOutOfCache, bench::kInCache}) {
                for (const BitOrder order : {BitOrder::LsbFirst, BitOrder::MsbFirst}) {
                    for (int bits = 1; bits <= 16; ++bits) {
                        const std::string name =
                            std::string(unpacking ? "unpack" : "pack") + "/" +
                            std::string(toString(isa)) +
                            (order == BitOrder::LsbFirst ? "/lsb/" : "/msb/") +
                            (size == bench::kOutOfCache ? "64MiB/" : "32KiB/") +
                            std::to_string(bits);
                        benchmark::RegisterBenchmark(
                            name.c_str(),
                            [=](benchmark::State& state) {
                                if (bits <= 8) {
                                    run<std::uint8_t>(state, bits, order, isa, size, unpacking);
                                } else {
                                    run<std::uint16_t>(state, bits, order, isa, size, unpacking);
                                }
                            })
                            ->UseManualTime()
                            ->Iterations(25);
                    }
                }
            }
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    registerAll();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
