// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/zip_writer.h"

#include "core/base/error.h"
#include "core/base/hash.h"

#include <initializer_list>
#include <span>

namespace bitloom::io {

namespace {

constexpr std::uint64_t kZipAlignment = 64;
constexpr std::uint64_t kLocalHeaderBytes = 30;
constexpr std::uint64_t kExtraHeaderBytes = 4;
constexpr std::size_t kCrcInHeader = 14; ///< of a local header
constexpr std::uint16_t kVersionNeeded = 20;
constexpr std::uint16_t kVersionOfZip64 = 45;
constexpr std::uint32_t kInZip64 = 0xFFFFFFFF; ///< of 32 bits: see the field of zip64
constexpr std::uint16_t kManyEntries = 0xFFFF;
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
                  std::size_t extraBytes, bool hasZip64)
{
    append(out, hasZip64 ? kVersionOfZip64 : kVersionNeeded);
    append(out, kUtf8Flag);
    append(out, std::uint16_t{0}); // stored
    append(out, std::uint16_t{0}); // midnight
    append(out, kFirstOfJanuary1980);
    append(out, crc);
    append(out, size); // compressed
    append(out, size);
    append(out, static_cast<std::uint16_t>(nameBytes));
    append(out, static_cast<std::uint16_t>(extraBytes));
}

/// The extra field with the numbers that 32 bits do not hold; nothing where there are none.
std::string zip64Field(std::initializer_list<std::uint64_t> numbers)
{
    std::string field;
    if (numbers.size() > 0) {
        append(field, std::uint16_t{1});
        append(field, static_cast<std::uint16_t>(8 * numbers.size()));
        for (const std::uint64_t number : numbers) {
            append(field, number);
        }
    }
    return field;
}

} // namespace

void StoredZipWriter::put(std::string_view bytes)
{
    m_file.write(bytes);
    m_at += bytes.size();
}

void StoredZipWriter::add(std::string_view name, std::uint64_t size, const ByteSource& payload)
{
    const bool isLarge = isWide(size);
    std::string extra = isLarge ? zip64Field({size, size}) : std::string();
    const std::uint64_t unpadded =
        m_at + kLocalHeaderBytes + name.size() + extra.size() + kExtraHeaderBytes;
    const auto padding =
        static_cast<std::uint16_t>((kZipAlignment - unpadded % kZipAlignment) % kZipAlignment);
    extra += "FB";
    append(extra, padding);
    extra.append(padding, 'Z');
    Entry entry{std::string(name), 0, size, m_at};
    std::string header = "PK\x03\x04";
    appendCommon(header, 0, isLarge ? kInZip64 : static_cast<std::uint32_t>(size), name.size(),
                 extra.size(), isLarge);
    header += name;
    put(header + extra);
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
        const bool isLarge = isWide(entry.size);
        const bool isFar = isWide(entry.headerAt);
        const std::string extra = isLarge && isFar
                                      ? zip64Field({entry.size, entry.size, entry.headerAt})
                                  : isLarge ? zip64Field({entry.size, entry.size})
                                  : isFar   ? zip64Field({entry.headerAt})
                                            : std::string();
        std::string record = "PK\x01\x02";
        append(record, isLarge || isFar ? kVersionOfZip64 : kVersionNeeded); // made by
        appendCommon(record, entry.crc, isLarge ? kInZip64 : static_cast<std::uint32_t>(entry.size),
                     entry.name.size(), extra.size(), isLarge || isFar);
        append(record, std::uint16_t{0}); // comment
        append(record, std::uint16_t{0}); // disk
        append(record, std::uint16_t{0}); // internal attributes
        append(record, std::uint32_t{0}); // external attributes
        append(record, isFar ? kInZip64 : static_cast<std::uint32_t>(entry.headerAt));
        put(record + entry.name + extra);
    }
    putEnd(directoryAt);
}

void StoredZipWriter::putEnd(std::uint64_t directoryAt)
{
    const std::uint64_t directoryBytes = m_at - directoryAt;
    const std::uint64_t count = m_entries.size();
    const bool hasZip64 = isWide(directoryAt) || isWide(directoryBytes) || count >= kManyEntries;
    if (hasZip64) {
        constexpr std::uint64_t kRestOfRecord = 44; // behind its own length
        const std::uint64_t recordAt = m_at;
        std::string record = "PK\x06\x06";
        append(record, kRestOfRecord);
        append(record, kVersionOfZip64); // made by
        append(record, kVersionOfZip64);
        append(record, std::uint32_t{0}); // this disk
        append(record, std::uint32_t{0}); // the directory's
        append(record, count);
        append(record, count);
        append(record, directoryBytes);
        append(record, directoryAt);
        record += "PK\x06\x07";
        append(record, std::uint32_t{0}); // the record's disk
        append(record, recordAt);
        append(record, std::uint32_t{1}); // disks
        put(record);
    }
    const auto entries = static_cast<std::uint16_t>(hasZip64 ? kManyEntries : count);
    std::string end = "PK\x05\x06";
    append(end, std::uint32_t{0}); // disks
    append(end, entries);
    append(end, entries);
    append(end, hasZip64 ? kInZip64 : static_cast<std::uint32_t>(directoryBytes));
    append(end, hasZip64 ? kInZip64 : static_cast<std::uint32_t>(directoryAt));
    append(end, std::uint16_t{0}); // comment
    put(end);
}

} // namespace bitloom::io
