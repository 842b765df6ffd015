// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/atomic_file.h"
#include "core/io/interchange/compressed_tensors.h"

#include <filesystem>
#include <string>

namespace bitloom::test {

/// Both files of a target, the weights compared: a safetensors file with config.json beside it, or
/// a folder of both. False when cancelled.
inline bool writeCompressedTensors(const std::filesystem::path& target,
                                   const io::PackedSource& source, RunControl& control)
{
    const bool isFile = target.extension() == ".safetensors";
    const std::filesystem::path weights = isFile ? target : target / "model.safetensors";
    const std::filesystem::path configFile = weights.parent_path() / "config.json";
    std::filesystem::create_directories(weights.parent_path());
    const std::string config = io::compressedTensorsConfigText(configFile, source);
    if (!io::writeCompressedTensorsWeights(weights, source, control) ||
        !io::compareCompressedTensors(weights, source, control)) {
        return false;
    }
    writeFileAtomically(configFile, config);
    return true;
}

} // namespace bitloom::test
