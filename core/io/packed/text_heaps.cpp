// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/text_heaps.h"

#include "core/base/error.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace bitloom::hdf5 {
namespace {

constexpr std::string_view kStart{"GCOL\x01", 5}; ///< signature, version; what the library looks at
constexpr std::size_t kHeader = 16;               ///< kStart, three bytes of any value, the size
constexpr std::size_t kPieceHeader = 16;          ///< index, references, reserved, size of the text

/// Of so many bytes at this place, the lowest first; lengths and addresses have 8 in every file
/// that Bitloom reads or writes.
std::uint64_t numberAt(std::span<const std::byte> bytes, std::size_t at, std::size_t count = 8)
{
    std::uint64_t result = 0;
    for (std::size_t i = count; i-- > 0;) {
        result = result << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return result;
}

std::string_view textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

/// False where the pieces of a heap do not follow one another up to its end.
bool TextHeaps::read(std::span<const std::byte> bytes, Heap& heap)
{
    std::size_t at = kHeader;
    while (bytes.size() - at >= kPieceHeader) {
        const auto index = static_cast<std::uint32_t>(numberAt(bytes, at, 2));
        const std::uint64_t length = numberAt(bytes, at + 8);
        const std::uint64_t rest = bytes.size() - at;
        if (length > rest) {
            return false;
        }
        // What is free has number 0 and counts its header, a text is rounded up to 8 bytes.
        const std::uint64_t piece = index == 0 ? length : kPieceHeader + (length + 7) / 8 * 8;
        if (piece < kPieceHeader || piece > rest) {
            return false;
        }
        if (index != 0) {
            heap.lengths[index] = length;
        }
        at += static_cast<std::size_t>(piece);
    }
    return true;
}

void TextHeaps::add(std::span<const std::byte> bytes, std::size_t first)
{
    const std::string_view text = textOf(bytes);
    for (std::size_t at = text.find(kStart); at != std::string_view::npos;
         at = text.find(kStart, at + kStart.size())) {
        const std::size_t left = bytes.size() - at;
        const std::uint64_t size = left < kHeader ? 0 : numberAt(bytes, at + 8);
        Heap heap;
        heap.place = first + at;
        const bool fits = size >= kHeader && size <= left;
        BITLOOM_REQUIRE(fits && read(bytes.subspan(at, static_cast<std::size_t>(size)), heap),
                        ErrorCode::CorruptFile, m_file, " is damaged: the texts at byte ",
                        heap.place, " do not lie one behind the other");
        m_heaps.push_back(std::move(heap));
    }
}

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kNumberBytes = 4;

/// True where the type "text of variable length" stands so far before a reference of so many bytes
/// that only a single value's dataspace lies between.
bool followsTextType(std::span<const std::byte> bytes, std::size_t at, std::size_t referenceBytes)
{
    for (const std::size_t back : {20U, 24U, 28U, 32U}) {
        if (at < back) {
            continue;
        }
        const auto type = bytes.subspan(at - back, 8);
        const unsigned version = std::to_integer<unsigned>(type[0]) >> 4U;
        const bool isVariable = (type[0] & std::byte{0x0F}) == std::byte{9} && version <= 5;
        const bool isText = (type[1] & std::byte{0x0F}) == std::byte{1};
        if (isVariable && isText && type[3] == std::byte{0} &&
            numberAt(type, 4, 4) == referenceBytes) {
            return true;
        }
    }
    return false;
}

} // namespace

/// isSurely: it is a reference, and no other bytes that look like one.
void TextHeaps::requireSound(const Heap& heap, std::span<const std::byte> reference,
                             std::size_t place, bool isSurely) const
{
    const std::uint64_t length = numberAt(reference, 0, kLengthBytes);
    const auto number = static_cast<std::uint32_t>(
        numberAt(reference, kLengthBytes + m_addressBytes, kNumberBytes));
    const auto found = heap.lengths.find(number);
    if (found == heap.lengths.end()) {
        BITLOOM_REQUIRE(!isSurely, ErrorCode::CorruptFile, "damaged: byte ", place,
                        " refers to text ", number, " of those at byte ", heap.place,
                        ", where there is none");
        return;
    }
    BITLOOM_REQUIRE(length <= found->second, ErrorCode::CorruptFile, "damaged: byte ", place,
                    " refers to a text of ", length, " bytes where there are ", found->second);
}

void TextHeaps::requireSoundReference(std::span<const std::byte> bytes, std::size_t place) const
{
    BITLOOM_REQUIRE(bytes.size() >= referenceBytes(), ErrorCode::CorruptFile,
                    "cut off: the reference to a text at byte ", place, " has ", bytes.size(),
                    " bytes");
    if (numberAt(bytes, 0, kLengthBytes) == 0) {
        return; // an empty text refers to nothing
    }
    const std::uint64_t address = numberAt(bytes, kLengthBytes, m_addressBytes);
    for (const Heap& heap : m_heaps) {
        if (heap.place == address) {
            requireSound(heap, bytes.first(referenceBytes()), place, true);
            return;
        }
    }
    fail(ErrorCode::CorruptFile, "damaged: byte ", place, " refers to texts at byte ", address,
         ", where there are none");
}

void TextHeaps::requireSoundReferences(std::span<const std::byte> bytes, std::size_t first) const
{
    const std::string_view text = textOf(bytes);
    for (const Heap& heap : m_heaps) {
        std::string address;
        for (std::size_t i = 0; i < m_addressBytes; ++i) {
            address.push_back(static_cast<char>(heap.place >> (8 * i) & 0xFFU));
        }
        for (std::size_t at = text.find(address); at != std::string_view::npos;
             at = text.find(address, at + 1)) {
            if (at >= kLengthBytes && bytes.size() - at >= m_addressBytes + kNumberBytes) {
                const std::size_t start = at - kLengthBytes;
                withContext(m_file, [&] {
                    requireSound(heap, bytes.subspan(start, referenceBytes()), first + start,
                                 followsTextType(bytes, start, referenceBytes()));
                });
            }
        }
    }
}

} // namespace bitloom::hdf5
