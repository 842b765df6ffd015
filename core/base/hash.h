// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bitloom {

/// Incremental SHA-256.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::span<const std::byte> bytes);
    void update(std::string_view text);
    /// 64 lower-case hex digits; the object must not be used afterwards.
    std::string hexDigest();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

std::string sha256Hex(std::span<const std::byte> bytes);

/// Of a whole file, read in pieces. Errors: NotFound, IoFailure.
std::string sha256HexOfFile(const std::filesystem::path& path);

/// zlib's CRC-32 (polynomial 0xEDB88320) of bytes, continuing from an earlier value.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t start = 0);
/// 8 lower-case hex digits.
std::string crc32Text(std::uint32_t crc);

} // namespace bitloom
