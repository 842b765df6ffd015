// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/safetensors/safetensors_type.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace bitloom::io {

/// The longest header that is read or written, as in the format's reference program.
inline constexpr std::size_t kMaxSafetensorsHeaderBytes = 100'000'000;

/// One tensor as the header describes it.
struct SafetensorsEntry {
    std::string name; ///< valid UTF-8
    SafetensorsType type = SafetensorsType::F32;
    std::vector<std::int64_t> shape; ///< C order; empty: one value
    std::uint64_t begin = 0;         ///< bytes from the start of the data
    std::uint64_t end = 0;           ///< one past the last byte
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> entries; ///< in the order of their data; names are unique
    std::map<std::string, std::string> metadata;
    std::uint64_t dataStart = 0; ///< bytes from the start of the file
};

/// Bytes that a tensor of this type and shape takes.
/// Errors: CorruptFile naming the tensor if the number does not fit 64 bits, or is no whole number
///         of bytes.
std::uint64_t safetensorsBytes(const std::string& name, SafetensorsType type,
                               std::span<const std::int64_t> shape);

/// Reads and checks the header of a whole file: an 8-byte little-endian length, that many bytes of
/// JSON {"NAME":{"dtype","shape","data_offsets":[begin,end]},...,"__metadata__":{"KEY":"TEXT"}},
/// then the data.
///
/// Everything is checked before it is believed: lengths against the file, JSON without a second
/// meaning (no duplicate or unknown keys), sizes against type and shape, and that the tensors cover
/// the data without holes or overlap.
/// Errors: CorruptFile for damage, in one sentence with the tensor and the bytes; Unsupported for
///         an element type that is not known.
/// Cost: a small multiple of the header's length in memory; the data is not read.
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> content);

/// The bytes in front of the data: length, JSON with the entries in the given order, and spaces up
/// to a multiple of 64. Errors: InvalidArgument for a header that is too long and for text that is
/// not UTF-8.
std::string makeSafetensorsHeader(std::span<const SafetensorsEntry> entries,
                                  const std::map<std::string, std::string>& metadata);

} // namespace bitloom::io
