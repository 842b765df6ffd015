// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// nvcc compiles it for the device too.
#include "core/ops/level_prices.h"

#include <cstdint>

namespace bitloom::ops {

inline constexpr int kBopColumns = 6;
inline constexpr double kGivenBits = 8; ///< of what nobody quantizes: the network's input

/// One row of the table that expectedBitOperations() takes; -1 where there is no quantizer.
struct BopLayer {
    std::int64_t weight;
    std::int64_t activation;
    std::int64_t outputs;
    std::int64_t inputs;
    std::int64_t groups;
    std::int64_t inputChannels;
};

BITLOOM_HOST_DEVICE inline BopLayer bopLayerAt(const std::int64_t* table, std::int64_t layer)
{
    const std::int64_t* row = table + layer * kBopColumns;
    return {row[0], row[1], row[2], row[3], row[4], row[5]};
}

/// Channels and the gates that decide them: each gate stands for channels / gates of them in turn.
/// Without gates all are kept.
struct GatedChannels {
    std::int64_t firstGate; ///< in the flat tensor
    std::int64_t gates;
    std::int64_t channels;
};

/// levelGates: how many follow those of the channels.
BITLOOM_HOST_DEVICE inline GatedChannels gatedChannels(const std::int64_t* offsets,
                                                       std::int64_t quantizer,
                                                       std::int64_t channels,
                                                       std::int64_t levelGates)
{
    if (quantizer < 0) {
        return {0, 0, 0};
    }
    const std::int64_t gates = offsets[quantizer + 1] - levelGates - offsets[quantizer];
    return {offsets[quantizer], gates, channels > 0 ? channels : gates};
}

/// A quantizer of that number, or none.
BITLOOM_HOST_DEVICE inline bool isQuantizerOrNone(std::int64_t quantizer, std::int64_t quantizers)
{
    return quantizer >= -1 && quantizer < quantizers;
}

BITLOOM_HOST_DEVICE inline bool namesQuantizers(const BopLayer& layer, std::int64_t quantizers)
{
    return isQuantizerOrNone(layer.weight, quantizers) &&
           isQuantizerOrNone(layer.activation, quantizers) &&
           isQuantizerOrNone(layer.outputs, quantizers) &&
           isQuantizerOrNone(layer.inputs, quantizers) && layer.groups > 0;
}

BITLOOM_HOST_DEVICE inline bool dividesInto(const GatedChannels& side, std::int64_t groups)
{
    return side.gates == 0 || (side.gates > 0 && side.channels >= side.gates &&
                               side.channels % side.gates == 0 && side.channels % groups == 0);
}

/// Calls visit(gate, number of the group's channels that it stands for) for each gate of a group.
template <typename Visit>
BITLOOM_HOST_DEVICE inline void visitGroup(const GatedChannels& side, std::int64_t groups,
                                           std::int64_t group, const Visit& visit)
{
    const std::int64_t repeat = side.channels / side.gates;
    const std::int64_t size = side.channels / groups;
    const std::int64_t begin = group * size;
    const std::int64_t end = begin + size;
    for (std::int64_t gate = begin / repeat; gate * repeat < end; ++gate) {
        const std::int64_t from = gate * repeat;
        const std::int64_t to = from + repeat;
        visit(gate, (to < end ? to : end) - (from > begin ? from : begin));
    }
}

/// E[bits] as the price and its slopes to the logits of 4, 8, 16 and 32 bits.
BITLOOM_HOST_DEVICE inline LevelPrices expectedBits(const float* levelLogits)
{
    const float gains[5] = {2.0F, 2.0F, 4.0F, 8.0F, 16.0F};
    return levelPrices(levelLogits, gains, true, 1.0);
}

} // namespace bitloom::ops
