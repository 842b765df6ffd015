// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// nvcc compiles it for the device too.
#include "core/ops/host_device.h"

#include <cstdint>

namespace bitloom::ops {

struct PhiloxBlock {
    std::uint32_t word[4];
};

/// Philox4x32-10: 128 random bits as a function of a counter and a key, so no state has to be kept
/// and every device gives the same numbers.
///
/// Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
BITLOOM_HOST_DEVICE inline PhiloxBlock philox(PhiloxBlock counter, std::uint32_t key0,
                                              std::uint32_t key1)
{
    constexpr int kRounds = 10;
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * counter.word[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter.word[2];
        counter = {{static_cast<std::uint32_t>(b >> 32U) ^ counter.word[1] ^ key0,
                    static_cast<std::uint32_t>(b),
                    static_cast<std::uint32_t>(a >> 32U) ^ counter.word[3] ^ key1,
                    static_cast<std::uint32_t>(a)}};
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
    return counter;
}

/// Number index of step of a seed, uniform in the open interval (0, 1): 23 random bits and a half,
/// exact in float32.
BITLOOM_HOST_DEVICE inline float uniformAt(std::uint64_t seed, std::uint64_t step,
                                           std::uint64_t index)
{
    const PhiloxBlock counter = {
        {static_cast<std::uint32_t>(index / 4), static_cast<std::uint32_t>((index / 4) >> 32U),
         static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32U)}};
    const PhiloxBlock block =
        philox(counter, static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U));
    constexpr float kUnit = 1.0F / 8388608.0F; // 2^-23
    return (static_cast<float>(block.word[index % 4] >> 9U) + 0.5F) * kUnit;
}

} // namespace bitloom::ops
