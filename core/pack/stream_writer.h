// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef BITLOOM_PACK_X86
#include <emmintrin.h>
#endif

namespace bitloom::detail {

/// Outputs of at least this size are written past the caches: an ordinary store first reads the
/// line that it is going to overwrite, which costs a third to a half of the memory bandwidth once
/// the data does not fit the caches.
inline constexpr std::size_t kStreamingBytes = std::size_t{8} << 20;

/// Writes pieces one behind the other to memory, whole 64-byte lines with non-temporal stores.
/// Internal to core/pack. The target must be large enough for everything appended.
class StreamWriter {
public:
    explicit StreamWriter(std::byte* target) : m_target(target) {}

    void append(const std::byte* bytes, std::size_t size)
    {
        // The bytes before the first line boundary, or those that complete the line a former piece
        // began.
        const std::size_t offset = reinterpret_cast<std::uintptr_t>(m_target) % kLine;
        if (offset != 0) {
            const std::size_t head = size < kLine - offset ? size : kLine - offset;
            copy(bytes, head);
            bytes += head;
            size -= head;
        }
#ifdef BITLOOM_PACK_X86
        for (; size >= kLine; size -= kLine, bytes += kLine, m_target += kLine) {
            const auto* from = reinterpret_cast<const __m128i*>(bytes);
            auto* to = reinterpret_cast<__m128i*>(m_target);
            const __m128i a = _mm_loadu_si128(from);
            const __m128i b = _mm_loadu_si128(from + 1);
            const __m128i c = _mm_loadu_si128(from + 2);
            const __m128i d = _mm_loadu_si128(from + 3);
            _mm_stream_si128(to, a);
            _mm_stream_si128(to + 1, b);
            _mm_stream_si128(to + 2, c);
            _mm_stream_si128(to + 3, d);
        }
#endif
        copy(bytes, size);
    }

    /// Makes the streamed lines visible to other threads in program order.
    void finish()
    {
#ifdef BITLOOM_PACK_X86
        _mm_sfence();
#endif
    }

private:
    static constexpr std::size_t kLine = 64;

    void copy(const std::byte* bytes, std::size_t size)
    {
        std::memcpy(m_target, bytes, size);
        m_target += size;
    }

    std::byte* m_target;
};

} // namespace bitloom::detail
