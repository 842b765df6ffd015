// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/gzip_file.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <zlib.h>

namespace bitloom {

struct GzipFile::State {
    explicit State(const std::filesystem::path& path) : file(path) {}
    ~State()
    {
        if (compressed) {
            inflateEnd(&stream);
        }
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    MappedFile file;
    std::size_t consumed = 0; ///< bytes of the file that were used
    bool compressed = false;
    bool finished = false; ///< the gzip trailer was read and agrees
    z_stream stream{};
};

GzipFile::GzipFile(const std::filesystem::path& path) : m_state(std::make_unique<State>(path))
{
    const auto bytes = m_state->file.bytes();
    if (bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b}) {
        constexpr int kGzipWrapper = 16 + MAX_WBITS;
        BITLOOM_REQUIRE(inflateInit2(&m_state->stream, kGzipWrapper) == Z_OK,
                        ErrorCode::OutOfMemory, "no memory to inflate a file");
        m_state->compressed = true;
    }
}

GzipFile::~GzipFile() = default;

std::size_t GzipFile::read(std::span<std::uint8_t> out)
{
    State& s = *m_state;
    const auto bytes = s.file.bytes();
    if (!s.compressed) {
        const std::size_t count = std::min(out.size(), bytes.size() - s.consumed);
        std::memcpy(out.data(), bytes.data() + s.consumed, count);
        s.consumed += count;
        return count;
    }
    constexpr std::size_t kStep = std::numeric_limits<uInt>::max() / 2;
    std::size_t written = 0;
    while (written < out.size() && !s.finished) {
        const std::size_t inputStep = std::min(bytes.size() - s.consumed, kStep);
        const std::size_t outputStep = std::min(out.size() - written, kStep);
        // zlib's interface is not const-correct; it does not write to its input.
        s.stream.next_in =
            const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data() + s.consumed));
        s.stream.avail_in = static_cast<uInt>(inputStep);
        s.stream.next_out = out.data() + written;
        s.stream.avail_out = static_cast<uInt>(outputStep);
        const int result = inflate(&s.stream, Z_NO_FLUSH);
        s.consumed += inputStep - s.stream.avail_in;
        const std::size_t got = outputStep - s.stream.avail_out;
        written += got;
        BITLOOM_REQUIRE(result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR,
                        ErrorCode::CorruptFile, "the gzip stream is damaged after ", s.consumed,
                        " of ", bytes.size(), " bytes");
        BITLOOM_REQUIRE(
            result != Z_BUF_ERROR || got > 0 || s.consumed < bytes.size(), ErrorCode::CorruptFile,
            "the gzip stream is truncated: it goes on after the file's ", bytes.size(), " bytes");
        s.finished = result == Z_STREAM_END;
    }
    return written;
}

bool GzipFile::atEnd()
{
    std::uint8_t next = 0;
    return read({&next, 1}) == 0;
}

} // namespace bitloom
