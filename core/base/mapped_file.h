// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace bitloom {

enum class MapAccess {
    ReadOnly,
    /// Who holds a pointer may write through it: the process then has a copy of that page, the file
    /// stays as it is.
    CopyOnWrite,
};

/// A memory mapping of a whole file. Move-only.
/// Errors: NotFound / IoFailure ("cannot open X: reason"), UnknownFormat for a directory,
/// CorruptFile for an empty file.
class MappedFile {
public:
    explicit MappedFile(const std::filesystem::path& path, MapAccess access = MapAccess::ReadOnly);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    std::size_t size() const { return m_size; }

private:
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

/// The bytes of a whole text file. Errors: as MappedFile.
std::string readTextFile(const std::filesystem::path& path);

} // namespace bitloom
