// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace bitloom {

/// xoshiro256** seeded through splitmix64: the same numbers on every platform and standard library.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021 (public
/// domain algorithm).
class Rng {
public:
    explicit Rng(std::uint64_t seed);
    /// An independent stream for item number index of the same seed (augmentation of image index,
    /// say).
    Rng(std::uint64_t seed, std::uint64_t index);

    std::uint64_t next();
    /// Uniform in [0, 1), 53 random bits.
    double uniform();
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform in [0, bound), bound > 0, without modulo bias.
    std::uint64_t below(std::uint64_t bound);
    /// Standard normal (Box-Muller, one of the pair is used).
    double normal();
    void shuffle(std::span<std::int64_t> items);

private:
    std::array<std::uint64_t, 4> m_state;
};

} // namespace bitloom
