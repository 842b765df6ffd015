// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace bitloom::io {

/// True for a path that stands for safetensors files: a folder that holds them under the names of
/// transformers, model.safetensors, or several that model.safetensors.index.json lists; or such a
/// list itself, *.safetensors.index.json.
bool standsForWeightFiles(const std::filesystem::path& path);

/// The files that it stands for, each once; of any other path the path itself.
/// Errors: CorruptFile for an index that lists no files; UnsafeFile for one that leaves the folder.
std::vector<std::filesystem::path> filesOfWeights(const std::filesystem::path& path);

} // namespace bitloom::io
