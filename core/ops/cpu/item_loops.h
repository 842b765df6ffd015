// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ops/channel_layout.h"
#include "core/ops/parallel.h"

#include <cstdint>

namespace bitloom::ops {

/// Calls visit(item) for every work item, in parallel.
template <typename Visit>
void forEachItem(const WorkItems& items, const Visit& visit)
{
    parallelFor(items.count(), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t index = begin; index < end; ++index) {
            visit(items.at(index));
        }
    });
}

/// Calls run(offset, count, channel) for every contiguous run of one channel inside the item.
template <typename Run>
void forEachRun(const WorkItems::Item& item, const ChannelLayout& layout, const Run& run)
{
    for (std::int64_t row = item.rowBegin; row < item.rowEnd; ++row) {
        for (std::int64_t channel = item.channelBegin; channel < item.channelEnd; ++channel) {
            const std::int64_t offset =
                (row * layout.channels + channel) * layout.inner + item.innerBegin;
            run(offset, item.innerEnd - item.innerBegin, channel);
        }
    }
}

} // namespace bitloom::ops
