// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

/// How the float values of one tensor are distributed, and the grid that a plan lays over them.
struct GridHistogram {
    /// Above this many levels a grid is drawn as its clip range only, and gridLevels stays empty.
    static constexpr int kMaxGridLevels = 64;

    int bits = 32;                    ///< of the tensor in the plan
    double low = 0;                   ///< left edge of the first bin
    double high = 0;                  ///< right edge of the last bin; the bins are equally wide
    std::vector<std::int64_t> counts; ///< values per bin, over all channels
    double clipLow = 0; ///< representable range of the grid; low == high: no grid (float, pruned)
    double clipHigh = 0;
    std::vector<float>
        gridLevels;       ///< ascending dequantized levels; empty if > kMaxGridLevels or no grid
    int gridChannel = -1; ///< the channel that grid and clip range belong to; -1 = all
    double clippedPercent = 0; ///< share of all values outside their own channel's range
};

/// Of a layer's weight; its channels are output channels.
struct WeightHistogram : GridHistogram {
    std::string layer; ///< LayerInfo::name
};

/// Of an activation tensor over the calibration images.
struct ActivationHistogram : GridHistogram {
    std::string tensor; ///< TensorInfo::name
};

} // namespace bitloom
