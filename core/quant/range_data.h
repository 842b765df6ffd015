// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/quant_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace bitloom {

/// A tensor as float32 rows on the CPU, one row per channel (one row in all for axis -1), for
/// observers. Copies only where type, device or memory order ask for it.
class ChannelRows {
public:
    ChannelRows(const at::Tensor& x, int axis);

    std::int64_t numChannels() const { return m_rows.size(0); }
    std::int64_t perChannel() const { return m_rows.size(1); }
    std::span<const float> row(std::int64_t channel) const;
    /// Smallest and largest value per channel. Errors: NonFinite with the number of NaN and
    /// infinite values.
    std::vector<ValueRange> ranges() const;

private:
    at::Tensor m_rows; ///< (channels, values per channel), contiguous
};

/// The two quantiles (100 - percent) % and percent % of values, linear between neighbours; exact.
/// Reorders a copy: O(n) time, 4 n bytes. values must not be empty.
ValueRange percentileRange(std::span<const float> values, double percent);

/// The same over data that arrives in pieces: counts in kBins equal bins over a range known
/// beforehand. Resolution: a quantile is off by at most (high - low) / kBins. Values outside the
/// range count at its ends.
class PercentileHistogram {
public:
    static constexpr int kBins = 8192;

    explicit PercentileHistogram(ValueRange range);
    void add(std::span<const float> values);
    ValueRange range(double percent) const;

private:
    float quantile(double fraction) const;
    double valueAtRank(double rank) const;

    ValueRange m_range;
    std::vector<std::int64_t> m_counts;
    std::int64_t m_total = 0;
};

} // namespace bitloom
