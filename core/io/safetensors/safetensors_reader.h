// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/mapped_file.h"
#include "core/io/safetensors/safetensors_header.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// A safetensors file, mapped into memory: nothing of the data is read before it is used.
///
/// Errors: as MappedFile and parseSafetensorsHeader(), with the path in front.
/// Threads: reading is safe from any number of threads.
class SafetensorsReader {
public:
    explicit SafetensorsReader(const std::filesystem::path& path,
                               MapAccess access = MapAccess::ReadOnly);

    const std::filesystem::path& path() const { return m_path; }
    /// In the order of their data; names are unique.
    const std::vector<SafetensorsEntry>& entries() const { return m_header.entries; }
    const std::map<std::string, std::string>& metadata() const { return m_header.metadata; }

    /// nullptr where there is no tensor of this name.
    const SafetensorsEntry* find(std::string_view name) const;
    /// The tensor's values: little-endian, C order, aligned only as far as the file aligns them.
    /// Valid as long as mapping() is held. entry: one of this reader's.
    std::span<const std::byte> bytesOf(const SafetensorsEntry& entry) const;

    /// Keeps the values in memory after the reader is gone.
    const std::shared_ptr<const MappedFile>& mapping() const { return m_mapping; }

private:
    std::filesystem::path m_path;
    std::shared_ptr<const MappedFile> m_mapping;
    SafetensorsHeader m_header;
    std::vector<std::size_t> m_byName; ///< indices of entries
};

} // namespace bitloom::io
