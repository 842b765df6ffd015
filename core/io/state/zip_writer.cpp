// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/zip_writer.h"

#include "core/base/error.h"
#include "core/base/hash.h"

#include <limits>
#include <span>

namespace bitloom::io {

namespace {

constexpr std::uint64_t kZipAlignment = 64;
constexpr std::uint64_t kLocalHeaderBytes = 30;
constexpr std::uint64_t kExtraHeaderBytes = 4;
constexpr std::size_t kCrcInHeader = 14; ///< of a local header
constexpr std::uint16_t kVersionNeeded = 20;
constexpr std::uint16_t kUtf8Flag = 0x0800;
constexpr std::uint16_t kFirstOfJanuary1980 = (1U << 5U) | 1U;

template <typename Int>
void append(std::string& out, Int value)
{
    for (std::size_t i = 0; i < sizeof(Int); ++i) {
        out.push_back(static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU));
    }
}

/// Version to extra-field length: the part that local header and directory entry have in common.
void appendCommon(std::string& out, std::uint32_t crc, std::uint32_t size, std::size_t nameBytes,
                  std::uint16_t extraBytes)
{
    append(out, kVersionNeeded);
    append(out, kUtf8Flag);
    append(out, std::uint16_t{0}); // stored
    append(out, std::uint16_t{0}); // midnight
    append(out, kFirstOfJanuary1980);
    append(out, crc);
    append(out, size); // compressed
    append(out, size);
    append(out, static_cast<std::uint16_t>(nameBytes));
    append(out, extraBytes);
}

} // namespace

void StoredZipWriter::put(std::string_view bytes)
{
    m_file.write(bytes);
    m_at += bytes.size();
}

void StoredZipWriter::add(std::string_view name, std::uint64_t size, const ByteSource& payload)
{
    constexpr std::uint64_t kLimit = std::numeric_limits<std::uint32_t>::max();
    BITLOOM_REQUIRE(m_at + size + name.size() + 256 < kLimit && m_entries.size() < 65'000,
                    ErrorCode::Unsupported,
                    "the checkpoint is larger than a zip archive of 4 GiB or 65,000 records");
    const std::uint64_t unpadded = m_at + kLocalHeaderBytes + name.size() + kExtraHeaderBytes;
    const auto padding =
        static_cast<std::uint16_t>((kZipAlignment - unpadded % kZipAlignment) % kZipAlignment);
    Entry entry{std::string(name), 0, static_cast<std::uint32_t>(size),
                static_cast<std::uint32_t>(m_at)};
    std::string header = "PK\x03\x04";
    appendCommon(header, 0, entry.size, name.size(),
                 static_cast<std::uint16_t>(kExtraHeaderBytes + padding));
    header += name;
    header += "FB";
    append(header, padding);
    header.append(padding, 'Z');
    put(header);
    const std::uint64_t end = m_at + size;
    payload([&](std::span<const std::byte> piece) {
        entry.crc = crc32(piece, entry.crc);
        m_file.write(piece);
        m_at += piece.size();
    });
    BITLOOM_REQUIRE(m_at == end, ErrorCode::Internal, "record ", name, " was to have ", size,
                    " bytes and has ", size + m_at - end);
    std::string crc; // is known only now
    append(crc, entry.crc);
    m_file.overwrite(entry.headerAt + kCrcInHeader, std::as_bytes(std::span(crc)));
    m_entries.push_back(entry);
}

void StoredZipWriter::add(std::string_view name, std::string_view text)
{
    add(name, text.size(), [text](const ByteSink& sink) { sink(std::as_bytes(std::span(text))); });
}

void StoredZipWriter::finish()
{
    const std::uint64_t directoryAt = m_at;
    for (const Entry& entry : m_entries) {
        std::string record = "PK\x01\x02";
        append(record, kVersionNeeded); // made by
        appendCommon(record, entry.crc, entry.size, entry.name.size(), 0);
        append(record, std::uint16_t{0}); // comment
        append(record, std::uint16_t{0}); // disk
        append(record, std::uint16_t{0}); // internal attributes
        append(record, std::uint32_t{0}); // external attributes
        append(record, entry.headerAt);
        put(record + entry.name);
    }
    const std::uint64_t directoryBytes = m_at - directoryAt;
    BITLOOM_REQUIRE(m_at < std::numeric_limits<std::uint32_t>::max(), ErrorCode::Unsupported,
                    "the checkpoint is larger than a zip archive of 4 GiB");
    std::string end = "PK\x05\x06";
    append(end, std::uint32_t{0}); // disks
    append(end, static_cast<std::uint16_t>(m_entries.size()));
    append(end, static_cast<std::uint16_t>(m_entries.size()));
    append(end, static_cast<std::uint32_t>(directoryBytes));
    append(end, static_cast<std::uint32_t>(directoryAt));
    append(end, std::uint16_t{0}); // comment
    put(end);
}

} // namespace bitloom::io
