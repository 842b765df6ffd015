// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace bitloom::fuzz {

/// A folder of this process for readers that want real files; it goes away with it.
struct ScratchFolder {
    std::filesystem::path path;

    ScratchFolder()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "bitloom-fuzz.XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            std::abort();
        }
        path = name;
    }
    ~ScratchFolder()
    {
        std::error_code ignored; // nothing can be done about a folder that stays
        std::filesystem::remove_all(path, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    /// Writes a file anew.
    std::filesystem::path write(const char* name, const std::uint8_t* data, std::size_t size) const
    {
        std::ofstream(path / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
        return path / name;
    }
};

} // namespace bitloom::fuzz
