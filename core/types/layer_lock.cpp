// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/layer_lock.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>

namespace bitloom {

namespace {

constexpr std::string_view kKeep = "keep";
constexpr std::string_view kFree = "free";

[[noreturn]] void failUnreadable(std::string_view entry)
{
    fail(ErrorCode::InvalidArgument, "the lock '", entry,
         "' is not of the form LAYER=WEIGHT/ACTIVATION (bits, or - for what stays free), "
         "LAYER=WEIGHT/ACTIVATION/keep, LAYER=keep or LAYER=free");
}

/// The text up to the separator, which is taken off the front.
std::string_view takeUpTo(std::string_view& text, char separator)
{
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

std::optional<int> bitsOf(std::string_view text, std::string_view entry)
{
    if (text == "-") {
        return std::nullopt;
    }
    int bits = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (failure != std::errc{} || end != text.data() + text.size() || bits < 1 || bits > 32) {
        failUnreadable(entry);
    }
    return bits;
}

LayerLock parseOne(std::string_view entry)
{
    const std::size_t equals = entry.rfind('=');
    if (equals == std::string_view::npos || equals == 0) {
        failUnreadable(entry);
    }
    LayerLock lock;
    lock.layer = entry.substr(0, equals);
    std::string_view rest = entry.substr(equals + 1);
    if (rest == kKeep || rest == kFree) {
        lock.keepsChannels = rest == kKeep;
        return lock;
    }
    const auto slashes = std::ranges::count(rest, '/');
    if (slashes != 1 && slashes != 2) {
        failUnreadable(entry);
    }
    lock.weightBits = bitsOf(takeUpTo(rest, '/'), entry);
    lock.activationBits = bitsOf(takeUpTo(rest, '/'), entry);
    lock.keepsChannels = slashes == 2;
    if (lock.isFree() || (slashes == 2 && rest != kKeep)) {
        failUnreadable(entry);
    }
    return lock;
}

} // namespace

std::vector<LayerLock> parseLayerLocks(std::string_view text)
{
    std::vector<LayerLock> locks;
    while (!text.empty()) {
        locks.push_back(parseOne(takeUpTo(text, ',')));
    }
    return locks;
}

std::string toText(std::span<const LayerLock> locks)
{
    const auto bits = [](const std::optional<int>& value) {
        return value ? std::to_string(*value) : std::string("-");
    };
    std::string text;
    for (const LayerLock& lock : locks) {
        text += (text.empty() ? "" : ",") + lock.layer + "=";
        if (lock.isFree()) {
            text += kFree;
        } else if (!lock.weightBits && !lock.activationBits) {
            text += kKeep;
        } else {
            text += bits(lock.weightBits) + "/" + bits(lock.activationBits);
            text += lock.keepsChannels ? "/keep" : "";
        }
    }
    return text;
}

} // namespace bitloom
