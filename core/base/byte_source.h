// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace bitloom {

/// Takes one piece of bytes after the other.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// Bytes that are made while they are written: gives the sink piece after piece.
using ByteSource = std::function<void(const ByteSink&)>;

/// Thrown by a source of bytes to stop the writer that asks for them.
struct Stopped {};

/// Calls write(), whose sources of bytes may throw Stopped. False if one did.
template <typename Write>
bool untilStopped(Write write)
{
    try {
        write();
        return true;
    } catch (const Stopped&) {
        return false;
    }
}

} // namespace bitloom
