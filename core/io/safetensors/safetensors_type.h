// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bitloom::io {

/// The element types of safetensors files; multi-byte values are little-endian.
enum class SafetensorsType : std::uint8_t {
    Bool, ///< one byte, 0 or 1
    F4,   ///< two per byte, as are the other types below 8 bits: packed without gaps
    F6E2M3,
    F6E3M2,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E8M0,
    F8E4M3Fnuz,
    F8E5M2Fnuz,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64,
};

/// The name in the files: "F32", "BOOL", "F8_E4M3".
std::string_view toString(SafetensorsType type);
std::optional<SafetensorsType> safetensorsTypeFrom(std::string_view name);

/// Bits of one element.
int bitsOf(SafetensorsType type);

} // namespace bitloom::io
