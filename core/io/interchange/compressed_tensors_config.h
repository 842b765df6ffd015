// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// Internal to core/io: the quantization_config of compressed-tensors in config.json.
namespace bitloom::io {

/// Which weights share a scale.
enum class ScaleStrategy {
    Tensor,
    Channel,
    Group,
};

/// How the weights of some modules are quantized.
struct WeightScheme {
    int bits = 8;
    bool isSymmetric = true;
    ScaleStrategy strategy = ScaleStrategy::Tensor;
    std::int64_t groupSize = 0;      ///< columns; strategy Group only
    bool hasActivationOrder = false; ///< a group for each column (g_idx)
    auto operator<=>(const WeightScheme&) const = default;
};

struct SchemeGroup {
    WeightScheme weights;
    /// Names of modules, "re:" and a regular expression, or names of classes ("Linear").
    std::vector<std::string> targets;
};

struct CompressedTensorsConfig {
    std::filesystem::path file;
    std::vector<SchemeGroup> groups;
    std::vector<std::string> ignore;
    std::optional<std::string> version; ///< of the package that wrote the file
    std::vector<Phrase> notes;          ///< what is said besides and not taken over

    /// The scheme of a module whose weight is packed: by its name, else by the first regular
    /// expression that it begins with, else the one group that names classes.
    /// Errors: CorruptFile where there is none, or no telling which.
    const WeightScheme& schemeOf(const std::string& module) const;
};

/// Errors: NotFound where the file is not there; CorruptFile for text that is no JSON or lacks what
///         is needed; Unsupported for another method than compressed-tensors, another format than
///         pack-quantized, int-quantized and naive-quantized, or weights other than integers of 1
///         to 8 bits per tensor, channel or group.
CompressedTensorsConfig readCompressedTensorsConfig(const std::filesystem::path& file);

/// The text of a config.json: what is in the file now, if it is there, with this
/// quantization_config. Errors: CorruptFile for a file that is no JSON object.
std::string configTextWith(const CompressedTensorsConfig& config);

} // namespace bitloom::io
