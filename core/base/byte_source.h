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

} // namespace bitloom
