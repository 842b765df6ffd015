// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/io/packed/packed_source.h"
#include "core/types/phrase.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// The layout "pack-quantized" of the package compressed-tensors: a safetensors file and a
// config.json beside it (docs/compressed-tensors.md).
namespace bitloom::io {

/// What of a packed tensor other readers of compressed-tensors understand.
struct CompressedTensorsFit {
    /// A module's weight that any reader of the layout can use; else only this program can.
    bool isCompatible = false;
    /// Why it is not compatible, or which readers are; empty where all are.
    Phrase reason;
};

/// parameters: everything but the payload is looked at. Raw tensors always fit.
CompressedTensorsFit compressedTensorsFit(const PackedTensor& parameters);

/// Zero points as the layout has them: q of a code u is u - 2^(bits - 1), whatever the tensor's own
/// encoding; w = scale * (q - zero point). Empty: symmetric, all of them 0.
/// parameters: of a compatible tensor, or one that is looked at to decide. nullopt where there is
/// no such number: another encoding, or zero points outside -2^(bits - 1) to 2^(bits - 1) - 1.
std::optional<std::vector<std::int32_t>> compressedZeroPoints(const PackedTensor& parameters);

/// What compressedTensorsConfigText() keeps of a config.json. Errors: as there.
std::vector<std::string> keptConfigKeys(const std::filesystem::path& configFile);
/// The text of config.json. configFile: the input's, or one that may be there already, of which
/// everything but its quantization_config is kept.
/// Errors: those of the source; CorruptFile for a config.json that is no JSON object.
std::string compressedTensorsConfigText(const std::filesystem::path& configFile,
                                        const PackedSource& source);
/// Writes the safetensors file, whatever its name, one tensor at a time.
///
/// Codes lie dense, so compatible tensors of 3, 5, 6 and 7 bits need readers of version 0.18 or
/// newer. What is not compatible is written so that CompressedTensorsSource gives the same tensor
/// again, and listed under `ignore` of the configuration. Returns false when cancelled; then
/// nothing is left. Errors: those of the source and SafetensorsWriter; InvalidArgument for two
/// tensors whose parts
///         would have one name; Unsupported for tensors of an unknown kind.
bool writeCompressedTensorsWeights(const std::filesystem::path& weights, const PackedSource& source,
                                   RunControl& control);
/// Reads it back. tell: where not empty, gets each tensor that was read. Errors: VerifyFailed
/// naming the first tensor that differs. False when cancelled.
bool compareCompressedTensors(const std::filesystem::path& weights, const PackedSource& source,
                              RunControl& control,
                              const std::function<void(const PackedTensor&)>& tell = {});

} // namespace bitloom::io
