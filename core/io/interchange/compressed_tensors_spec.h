// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Internal to core/io: what the layout of compressed-tensors cannot say, as JSON in the metadata of
// the safetensors file.
namespace bitloom::io {

inline constexpr std::string_view kLayoutKey = "bitloom.bit_layout";
inline constexpr std::string_view kDenseLayout = "lsb_dense";
inline constexpr std::string_view kSpecKey = "bitloom.spec";

/// Checksums of all tensors in byte order of their names: contentCrc() in 8 hex digits each.
inline constexpr std::string_view kCrcKey = "bitloom.crc32";

/// CRC-32 of a tensor's codes or values, and of its widths, scales, zero points, origins and groups
/// behind them.
std::uint32_t contentCrc(const PackedTensor& tensor);

/// The text under kCrcKey. crcs: by name.
std::string crcText(const std::map<std::string, std::uint32_t>& crcs);
/// Errors: CorruptFile for a text that is not of these tensors.
std::map<std::string, std::uint32_t> crcsFrom(std::string_view text,
                                              const std::vector<PackedTensorHeader>& tensors);

/// How the zero points of a tensor lie in the file.
enum class StoredZeroPoints {
    None,   ///< there are none, though the layout may need some
    Packed, ///< as the layout has them: packed along the rows; I8 for one
    Plain,  ///< I32, of the shape of the scale, the tensor's own
};

struct CompressedTensorSpec {
    PackedTensorHeader header; ///< without sizes in bytes; unit Row
    bool hasScale = true;
    StoredZeroPoints zeroPoints = StoredZeroPoints::None;
    std::vector<std::int32_t> origin; ///< where it is one number; others have a tensor
};

struct CompressedTensorsSpec {
    PackedMeta meta;
    std::vector<PackedActivation> activations;
    std::vector<CompressedTensorSpec> tensors; ///< of kind Int, in the order of the source
};

std::string toJson(const CompressedTensorsSpec& spec);
/// Errors: CorruptFile for text that toJson() does not write; Unsupported for a newer version.
CompressedTensorsSpec compressedTensorsSpecFrom(std::string_view text);

} // namespace bitloom::io
