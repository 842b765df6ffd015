// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/safetensors/safetensors_reader.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// A tensor of one of several files; none where nothing was found.
struct SafetensorsPlace {
    const SafetensorsReader* file = nullptr;
    const SafetensorsEntry* entry = nullptr;

    explicit operator bool() const { return entry != nullptr; }
    const SafetensorsEntry* operator->() const { return entry; }
    std::span<const std::byte> bytes() const { return file->bytesOf(*entry); }
};

/// The tensors of a safetensors file, or of the several that filesOfWeights() names, as one.
///
/// Errors: those of filesOfWeights() and SafetensorsReader; CorruptFile for a tensor in two files.
/// Threads: reading is safe from any number of threads.
class SafetensorsFiles {
public:
    /// Not explicit: readers of weights take a path as the files that it stands for.
    SafetensorsFiles(const std::filesystem::path& path, MapAccess access = MapAccess::ReadOnly);
    SafetensorsFiles(const SafetensorsFiles&) = delete; // places refer to the files
    SafetensorsFiles& operator=(const SafetensorsFiles&) = delete;
    SafetensorsFiles(SafetensorsFiles&&) noexcept = default;
    SafetensorsFiles& operator=(SafetensorsFiles&&) noexcept = default;

    const std::filesystem::path& path() const { return m_path; }
    /// Where the JSON lies that describes them.
    std::filesystem::path folder() const { return m_files.front().path().parent_path(); }
    /// In byte order of their names; never empty.
    const std::vector<SafetensorsReader>& files() const { return m_files; }
    /// File by file, each in the order of its data.
    const std::vector<SafetensorsPlace>& tensors() const { return m_tensors; }
    SafetensorsPlace find(std::string_view name) const;
    /// Whether a tensor's name ends so.
    bool hasNameEnding(std::string_view ending) const;

private:
    std::filesystem::path m_path;
    std::vector<SafetensorsReader> m_files;
    std::vector<SafetensorsPlace> m_tensors;
    std::vector<SafetensorsPlace> m_byName;
};

} // namespace bitloom::io
