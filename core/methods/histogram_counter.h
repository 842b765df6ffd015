// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/quant/range_data.h"
#include "core/types/histogram.h"
#include "core/types/quant_spec.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace bitloom {

/// Lowest and highest level of one channel of a grid.
ValueRange levelRange(const QuantParams& grid, std::size_t channel);

/// Counts the values of a tensor, which may arrive in pieces, into bins and against a grid.
///
/// Of a per-channel grid the histogram shows the channel with the widest steps; each value is held
/// against its own channel's range. A value is clipped if it lies more than half a step outside,
/// so that it becomes another value than rounding alone would make of it.
class HistogramCounter {
public:
    /// range: smallest and largest value to come. bins: 1..10,000. grid: absent for a tensor that
    /// is left in floating point or pruned. Errors: InvalidArgument.
    HistogramCounter(ValueRange range, int bins, std::optional<QuantParams> grid);

    /// The channel axis by which the rows must be cut; -1: one row.
    int axis() const { return m_grid ? m_grid->axis : -1; }
    void add(const ChannelRows& rows);
    /// bits is left to the caller.
    GridHistogram finish() const;

private:
    void describeGrid();

    std::optional<QuantParams> m_grid;
    GridHistogram m_histogram;
    std::int64_t m_values = 0;
    std::int64_t m_clipped = 0;
};

} // namespace bitloom
