// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <zlib.h>

namespace bitloom::test {

inline std::string bigEndian32(std::uint32_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((value >> shift) & 0xFFU));
    }
    return bytes;
}

/// idx3 file: pixel value of image i at byte p is (7 i + p) mod 256.
inline std::string idxImages(std::uint32_t count, std::uint32_t side = 4,
                             std::uint32_t magic = 0x803)
{
    std::string bytes =
        bigEndian32(magic) + bigEndian32(count) + bigEndian32(side) + bigEndian32(side);
    for (std::uint32_t i = 0; i < count; ++i) {
        for (std::uint32_t p = 0; p < side * side; ++p) {
            bytes.push_back(static_cast<char>((7 * i + p) & 0xFFU));
        }
    }
    return bytes;
}

/// idx1 file: label of item i is i mod 10.
inline std::string idxLabels(std::uint32_t count, std::uint32_t magic = 0x801)
{
    std::string bytes = bigEndian32(magic) + bigEndian32(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        bytes.push_back(static_cast<char>(i % 10));
    }
    return bytes;
}

/// CIFAR-10 records: label i mod 10; plane c, pixel p holds (i + 50 c + p) mod 256.
inline std::string cifarRecords(int count)
{
    std::string bytes;
    for (int i = 0; i < count; ++i) {
        bytes.push_back(static_cast<char>(i % 10));
        for (int c = 0; c < 3; ++c) {
            for (int p = 0; p < 1024; ++p) {
                bytes.push_back(static_cast<char>((i + 50 * c + p) & 0xFF));
            }
        }
    }
    return bytes;
}

inline std::string gzipped(const std::string& bytes)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 32, '\0');
    std::string in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

} // namespace bitloom::test
