// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// Bytes as text (RFC 4648, section 4: with padding, without line breaks).
std::string toBase64(std::span<const std::uint8_t> bytes);
/// The way back; absent for text that is not exactly what toBase64() writes.
std::optional<std::vector<std::uint8_t>> fromBase64(std::string_view text);

} // namespace bitloom
