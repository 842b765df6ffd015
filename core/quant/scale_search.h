// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/quant/quant_grid.h"
#include "core/quant/range_data.h"

#include <array>
#include <cstdint>
#include <vector>

namespace bitloom {

/// The scale search of Observer::Mse: of 80 ranges, the full one shrunk by 1.00, 0.99, ... 0.21,
/// the one with the lowest mean |x - y|^2.4 wins; the widest of equals.
///
/// Source:   Pack-PTQ (arXiv 2505.00259), method "mse". Differs: degenerate ranges (see gridOf);
/// the symmetric scheme
///           shrinks max|x| in the same way; data may come in several pieces.
/// Numerics: scales and zero points in float32 as in the source. Each |x - y|^2.4 is accurate to
/// 1e-6 relative, summed in
///           float32 over at most 64 terms, then in double, in an order that does not depend on the
///           thread count. x is scaled by a power of two first, so neither tiny nor huge data
///           under- or overflow.
/// Cost:     one pass over the data: each block of 1024 values meets all 80 candidates while it is
/// in the cache.
class ScaleSearch {
public:
    /// ranges: smallest and largest value per channel over all data to come.
    ScaleSearch(const std::vector<ValueRange>& ranges, int bits, QScheme scheme);

    /// Adds every value to the 80 sums of its channel. rows must have as many channels as there are
    /// ranges.
    void add(const ChannelRows& rows);

    struct Winner {
        ScaleZero grid;
        int candidate = 0;
    };
    /// Errors: NonFinite where the data held NaN or infinities.
    Winner best(std::int64_t channel) const;
    /// Mean |x - y|^2.4 of each candidate.
    std::array<double, kNumShrinks> meanScores(std::int64_t channel) const;

private:
    struct Channel {
        std::array<ScaleZero, kNumShrinks> grids;
        std::array<double, kNumShrinks> sums{};
        float factor = 1; ///< power of two that brings the data near 1
    };
    std::vector<Channel> m_channels;
    CodeRange m_codes;
    std::int64_t m_perChannel = 0;
};

} // namespace bitloom
