// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/detail/histogram_json.h"

#include "core/types/quant_spec.h"

namespace bitloom::json {

void writeGridHistogram(const GridHistogram& histogram, Json& object)
{
    object["bits"] = histogram.bits;
    object["low"] = finite(histogram.low, "low");
    object["high"] = finite(histogram.high, "high");
    object["counts"] = histogram.counts;
    object["clip_low"] = finite(histogram.clipLow, "clip_low");
    object["clip_high"] = finite(histogram.clipHigh, "clip_high");
    object["grid_levels"] = histogram.gridLevels;
    object["grid_channel"] = histogram.gridChannel;
    object["clipped_percent"] = finite(histogram.clippedPercent, "clipped_percent");
}

void readGridHistogram(const Cursor& object, GridHistogram& histogram)
{
    histogram.bits = static_cast<int>(object.at("bits").integer(0, kFloatBits));
    histogram.low = object.at("low").number();
    histogram.high = object.at("high").number();
    histogram.counts = integers(object.at("counts"));
    histogram.clipLow = object.at("clip_low").number();
    histogram.clipHigh = object.at("clip_high").number();
    for (const double level : numbers(object.at("grid_levels"))) {
        histogram.gridLevels.push_back(static_cast<float>(level));
    }
    histogram.gridChannel = static_cast<int>(object.at("grid_channel").integer(-1, INT32_MAX));
    histogram.clippedPercent = object.at("clipped_percent").number();
}

} // namespace bitloom::json
