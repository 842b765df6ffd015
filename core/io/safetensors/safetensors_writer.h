// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/atomic_file.h"
#include "core/io/safetensors/safetensors_header.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// A tensor that is to be written.
struct SafetensorsDeclaration {
    std::string name;
    SafetensorsType type = SafetensorsType::F32;
    std::vector<std::int64_t> shape;
};

/// Writes a safetensors file whose payloads come one after the other, so that they need never be in
/// memory together. The file appears under its name when it is finished.
///
/// The format allows no gaps, so the tensors are laid out with the widest elements first and
/// otherwise as declared: every value is aligned. The data starts at a multiple of 64 bytes. The
/// same declarations, metadata and payloads give the same bytes.
///
/// Use: construct; append() the payloads in the order of entries(); finish().
/// Errors: InvalidArgument for a name that repeats, is reserved ("__metadata__") or is not UTF-8,
///         and for a payload out of turn or of another size than declared; those of
///         safetensorsBytes() and AtomicFile.
/// Threads: one at a time.
class SafetensorsWriter {
public:
    SafetensorsWriter(const std::filesystem::path& path,
                      std::vector<SafetensorsDeclaration> tensors,
                      const std::map<std::string, std::string>& metadata = {});

    /// In the order in which the payloads are to come.
    const std::vector<SafetensorsEntry>& entries() const { return m_entries; }

    /// The next bytes of a tensor, little-endian: all of it, or a piece that continues the last.
    void append(std::string_view name, std::span<const std::byte> bytes);
    /// Gives a text of the metadata its value, where that is known only when payloads were written.
    /// Errors: InvalidArgument where key has no text of the same length, or value would be escaped.
    void replaceMetadata(std::string_view key, std::string_view value);
    /// Completes the file; nothing can be added afterwards.
    void finish();

private:
    /// Moves on past tensors that are complete.
    void skipComplete();

    std::vector<SafetensorsEntry> m_entries;
    std::string m_header;
    AtomicFile m_file;
    std::size_t m_current = 0;   ///< index into m_entries
    std::uint64_t m_written = 0; ///< bytes of data
};

} // namespace bitloom::io
