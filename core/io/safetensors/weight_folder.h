// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace bitloom::io {

/// True for a folder that holds safetensors files under the names of transformers:
/// model.safetensors, or several that model.safetensors.index.json lists.
bool isWeightFolder(const std::filesystem::path& path);

/// The files of such a folder, each once; of any other path the path itself.
/// Errors: CorruptFile for an index that lists no files; UnsafeFile for one that leaves the folder.
std::vector<std::filesystem::path> filesOfWeights(const std::filesystem::path& path);

} // namespace bitloom::io
