// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/channel_layout.h"

#include <algorithm>

namespace bitloom::ops {
namespace {

constexpr std::int64_t kElementsPerItem = 65536;
/// Keeps the table of partial sums (slices x channels) small when the channel is the innermost
/// dimension.
constexpr std::int64_t kMaxChannelsPerItem = 4096;

std::int64_t blocks(std::int64_t total, std::int64_t perBlock)
{
    return (total + perBlock - 1) / perBlock;
}

} // namespace

ChannelLayout channelLayout(const at::Tensor& x, std::int64_t axis)
{
    const std::int64_t count = x.numel();
    if (axis < 0 || x.size(axis) <= 1 || count == 0) {
        return {.outer = 1, .channels = 1, .inner = count};
    }
    const std::int64_t channels = x.size(axis);
    const std::int64_t inner = x.stride(axis);
    return {.outer = count / (channels * inner), .channels = channels, .inner = inner};
}

WorkItems::WorkItems(const ChannelLayout& layout) : m_layout(layout)
{
    m_innerPerItem = std::clamp<std::int64_t>(layout.inner, 1, kElementsPerItem);
    m_channelsPerItem = std::clamp<std::int64_t>(kElementsPerItem / m_innerPerItem, 1,
                                                 std::min(layout.channels, kMaxChannelsPerItem));
    m_rowsPerItem =
        std::max<std::int64_t>(1, kElementsPerItem / (m_innerPerItem * m_channelsPerItem));
    m_innerBlocks = blocks(layout.inner, m_innerPerItem);
    m_channelBlocks = blocks(layout.channels, m_channelsPerItem);
    m_rowBlocks = blocks(layout.outer, m_rowsPerItem);
}

WorkItems::Item WorkItems::at(std::int64_t index) const
{
    const std::int64_t innerBlock = index % m_innerBlocks;
    const std::int64_t channelBlock = index / m_innerBlocks % m_channelBlocks;
    const std::int64_t rowBlock = index / m_innerBlocks / m_channelBlocks;
    Item item{};
    item.rowBegin = rowBlock * m_rowsPerItem;
    item.rowEnd = std::min(item.rowBegin + m_rowsPerItem, m_layout.outer);
    item.channelBegin = channelBlock * m_channelsPerItem;
    item.channelEnd = std::min(item.channelBegin + m_channelsPerItem, m_layout.channels);
    item.innerBegin = innerBlock * m_innerPerItem;
    item.innerEnd = std::min(item.innerBegin + m_innerPerItem, m_layout.inner);
    item.slice = rowBlock * m_innerBlocks + innerBlock;
    return item;
}

} // namespace bitloom::ops
