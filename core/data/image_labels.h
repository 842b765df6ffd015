// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace bitloom {

/// The content of an image folder's labels.csv.
struct ImageLabels {
    std::map<std::string, std::int64_t> byPath; ///< path with '/', relative to the dataset's folder
    std::map<std::string, std::int64_t> byClassFolder; ///< name of the folder that holds the file
    std::map<std::int64_t, std::string> names;         ///< of the class indices

    std::optional<std::int64_t> labelOf(const std::string& relativePath) const;
};

/// Reads lines "path,class index,name". Paths that leave the folder are refused.
/// Errors: CorruptFile naming the line, UnsafeFile for a path that leaves the folder.
ImageLabels readImageLabels(const std::filesystem::path& path);

} // namespace bitloom
