// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/text_heaps.h"

#include "core/base/error.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace bitloom::hdf5 {
namespace {

constexpr std::string_view kStart{"GCOL\x01\0\0\0", 8}; ///< signature, version, reserved
constexpr std::size_t kHeader = 16;                     ///< kStart and the size of all
constexpr std::size_t kPieceHeader = 16; ///< index, references, reserved, size of the text

/// Of the 8 bytes at this place; lengths have 8 bytes in every file that Bitloom reads or writes.
std::uint64_t lengthAt(std::span<const std::byte> bytes, std::size_t at)
{
    std::uint64_t result = 0;
    for (std::size_t i = 8; i-- > 0;) {
        result = result << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return result;
}

/// Whether the pieces of a heap follow one another up to its end.
bool isSound(std::span<const std::byte> heap)
{
    std::size_t at = kHeader;
    while (heap.size() - at >= kPieceHeader) {
        const bool isFree = heap[at] == std::byte{0} && heap[at + 1] == std::byte{0};
        const std::uint64_t length = lengthAt(heap, at + 8);
        const std::uint64_t rest = heap.size() - at;
        if (length > rest) {
            return false;
        }
        // What is free counts its header, a text is rounded up to 8 bytes.
        const std::uint64_t piece = isFree ? length : kPieceHeader + (length + 7) / 8 * 8;
        if (piece < kPieceHeader || piece > rest) {
            return false;
        }
        at += static_cast<std::size_t>(piece);
    }
    return true;
}

} // namespace

void requireSoundTextHeaps(std::span<const std::byte> bytes, std::size_t first,
                           const std::string& file)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (std::size_t at = text.find(kStart); at != std::string_view::npos;
         at = text.find(kStart, at + kStart.size())) {
        const std::size_t left = bytes.size() - at;
        const std::uint64_t size = left < kHeader ? 0 : lengthAt(bytes, at + 8);
        const bool fits = size >= kHeader && size <= left;
        BITLOOM_REQUIRE(fits && isSound(bytes.subspan(at, static_cast<std::size_t>(size))),
                        ErrorCode::CorruptFile, file, " is damaged: the texts at byte ", first + at,
                        " do not lie one behind the other");
    }
}

} // namespace bitloom::hdf5
