// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/atomic_file.h"
#include "core/io/interchange/compressed_tensors.h"

#include <filesystem>
#include <string>

namespace bitloom::test {

/// Both files of a target, the weights compared. False when cancelled.
inline bool writeCompressedTensors(const std::filesystem::path& target,
                                   const io::PackedSource& source, RunControl& control)
{
    const io::CompressedTensorsFiles files = io::compressedTensorsFiles(target);
    std::filesystem::create_directories(files.weights.parent_path());
    const std::string config = io::compressedTensorsConfigText(files.config, source);
    if (!io::writeCompressedTensorsWeights(files.weights, source, control) ||
        !io::compareCompressedTensors(files.weights, source, control)) {
        return false;
    }
    writeFileAtomically(files.config, config);
    return true;
}

} // namespace bitloom::test
