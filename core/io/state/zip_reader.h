// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitloom::io {

struct ZipEntry {
    std::string name;       ///< as stored, with its folders
    std::uint64_t size = 0; ///< bytes after decompression, as the directory declares them
};

/// The entries of a zip archive that lies in memory (a mapped file).
///
/// Source: libzip does the parsing (data descriptors, zip64, compressed entries) and checks each
///         entry's CRC-32 while it copies the entry out; no zip parser of our own stands between us
///         and a hostile file. Several entries are read at once, one libzip handle per thread, so
///         that the CRC of a large checkpoint runs on all cores.
/// Errors: CorruptFile "is cut off" without a directory at the end, for a damaged entry and for two
///         entries of one name; UnsafeFile when the entries together declare more than 4 times the
///         archive's bytes (a zip bomb).
/// Threads: const members from any thread; they open their own handles.
class ZipReader {
public:
    explicit ZipReader(std::span<const std::byte> archive);

    const std::vector<ZipEntry>& entries() const { return m_entries; }
    std::optional<std::size_t> find(const std::string& name) const;
    std::string readText(std::size_t index) const;

    struct Target {
        std::size_t index = 0;
        std::byte* out = nullptr; ///< room for entries()[index].size bytes
        std::string label;        ///< for messages: "record data/7 (tensor conv1.weight)"
    };
    /// Fills all targets; the CRC-32 of each is verified. mismatched: where it is given, the label
    /// of an entry with another CRC-32 is added to it, and that is no error.
    void readAll(std::span<const Target> targets,
                 std::vector<std::string>* mismatched = nullptr) const;
    /// The same without copies: where the targets' entries lie in the archive, for those that are
    /// stored as they are; nothing for compressed ones. `out` is not used.
    std::vector<std::optional<std::span<const std::byte>>>
    mapAll(std::span<const Target> targets, std::vector<std::string>* mismatched = nullptr) const;

private:
    class Handle;
    /// Calls use(handle, i) for each target, on all cores where there is much to read.
    /// use gives false where an entry has another CRC-32 than the archive states.
    template <typename Use>
    void forEachTarget(std::span<const Target> targets, std::vector<std::string>* mismatched,
                       Use use) const;

    std::span<const std::byte> m_archive;
    std::vector<ZipEntry> m_entries;
    std::vector<std::pair<std::string, std::size_t>> m_byName; ///< sorted
};

} // namespace bitloom::io
