// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/byte_source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// Writes stored (uncompressed) zip entries whose payloads start at multiples of 64 bytes, as
/// torch.save does, so that readers can map them. libzip cannot place payloads, hence this writer.
/// No clock: equal content gives equal bytes.
///
/// Layout: PKWARE APPNOTE 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end record); padding in
///         an extra field "FB". What 32 bits cannot hold stands in the fields of zip64
///         (4.3.14, 4.3.15, 4.5.3), which are there only then.
/// Errors: those of AtomicFile.
class StoredZipWriter {
public:
    /// The first size or place that a field of 32 bits cannot hold.
    static constexpr std::uint64_t kZip64From = 0xFFFFFFFF;

    /// zip64From: a smaller one is also read by everybody.
    explicit StoredZipWriter(AtomicFile& file, std::uint64_t zip64From = kZip64From)
        : m_file(file), m_zip64From(zip64From)
    {
    }

    /// size: of what the source gives. Errors: Internal where it gives another number of bytes.
    void add(std::string_view name, std::uint64_t size, const ByteSource& payload);
    void add(std::string_view name, std::string_view text);
    /// Writes the directory; nothing can be added afterwards.
    void finish();

private:
    struct Entry {
        std::string name;
        std::uint32_t crc = 0;
        std::uint64_t size = 0;
        std::uint64_t headerAt = 0;
    };
    bool isWide(std::uint64_t number) const { return number >= m_zip64From; }
    void putEnd(std::uint64_t directoryAt);
    void put(std::string_view bytes);

    AtomicFile& m_file;
    std::uint64_t m_zip64From;
    std::uint64_t m_at = 0;
    std::vector<Entry> m_entries;
};

} // namespace bitloom::io
