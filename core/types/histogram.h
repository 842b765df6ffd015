// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

/// How a layer's float weights are distributed, and the grid that its plan lays over them.
struct WeightHistogram {
    /// Above this many levels a grid is drawn as its clip range only, and gridLevels stays empty.
    static constexpr int kMaxGridLevels = 64;

    std::string layer;                ///< LayerInfo::name
    int bits = 32;                    ///< of the weight in the plan
    double low = 0;                   ///< left edge of the first bin
    double high = 0;                  ///< right edge of the last bin; the bins are equally wide
    std::vector<std::int64_t> counts; ///< weights per bin, over all channels
    double clipLow = 0; ///< representable range of the grid; low == high: no grid (float, pruned)
    double clipHigh = 0;
    std::vector<float>
        gridLevels;       ///< ascending dequantized levels; empty if > kMaxGridLevels or no grid
    int gridChannel = -1; ///< the output channel that grid and clip range belong to; -1 = all
    double clippedPercent = 0; ///< share of all weights outside their own channel's range
};

} // namespace bitloom
