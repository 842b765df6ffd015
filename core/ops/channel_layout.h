// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitloom::ops {

/// A dense tensor seen in the order of its memory: element p belongs to channel (p / inner) %
/// channels. This covers contiguous and channels-last tensors alike; per tensor is channels == 1.
struct ChannelLayout {
    std::int64_t outer = 1;
    std::int64_t channels = 1;
    std::int64_t inner = 0;
};

/// x must be non-overlapping and dense; axis -1 = per tensor.
ChannelLayout channelLayout(const at::Tensor& x, std::int64_t axis);

/// Work items of about 64 Ki elements: a block of rows x a block of channels x a piece of the inner
/// run. They depend on the layout alone, so sums taken per item and then in item order do not
/// depend on the thread count.
class WorkItems {
public:
    explicit WorkItems(const ChannelLayout& layout);

    struct Item {
        std::int64_t rowBegin, rowEnd;
        std::int64_t channelBegin, channelEnd;
        std::int64_t innerBegin, innerEnd;
        std::int64_t slice; ///< items of equal channels have different slices, 0 .. slices()-1
    };
    std::int64_t count() const { return m_rowBlocks * m_channelBlocks * m_innerBlocks; }
    std::int64_t slices() const { return m_rowBlocks * m_innerBlocks; }
    Item at(std::int64_t index) const;

private:
    ChannelLayout m_layout;
    std::int64_t m_rowsPerItem, m_channelsPerItem, m_innerPerItem;
    std::int64_t m_rowBlocks, m_channelBlocks, m_innerBlocks;
};

} // namespace bitloom::ops
