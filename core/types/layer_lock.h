// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What a search may not choose for one layer.
///
/// As text: LAYER=WEIGHT/ACTIVATION, either of them bits or "-" (stays free), with "/keep" behind
/// them where no channel may be pruned; LAYER=keep for that alone, LAYER=free for a lock that is
/// taken away. "conv1=8/8", "fc=4/-", "conv2=-/-/keep", "conv2=keep", "conv1=free".
struct LayerLock {
    std::string layer;                 ///< LayerInfo::name
    std::optional<int> weightBits;     ///< absent: free
    std::optional<int> activationBits; ///< of what the layer reads; absent: free
    bool keepsChannels = false;        ///< none of its output channels is pruned

    /// Nothing is locked: what was is free again.
    bool isFree() const { return !weightBits && !activationBits && !keepsChannels; }
    bool operator==(const LayerLock&) const = default;
};

/// Locks separated by commas; an empty text has none. Errors: InvalidArgument with the entry that
/// cannot be read and what is expected; bits outside 1..32.
std::vector<LayerLock> parseLayerLocks(std::string_view text);
/// The way back.
std::string toText(std::span<const LayerLock> locks);

} // namespace bitloom
