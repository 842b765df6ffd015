// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/hash.h"

#include "core/base/crc32_clmul.h"
#include "core/base/error.h"
#include "core/base/isa.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

namespace bitloom {

namespace {
constexpr std::size_t kPieceBytes = 256 * 1024; ///< stays in the cache between reading and hashing
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kFoldedBytes = 256; ///< below this, zlib's tables are as fast
static_assert(kFoldedBytes >= detail::kCrcFoldBytes);

std::uint32_t crc32OfZlib(std::span<const std::byte> bytes, std::uint32_t start)
{
    if (bytes.empty()) {
        return start; // zlib answers a null pointer with 0, whatever the start
    }
    return static_cast<std::uint32_t>(
        ::crc32_z(start, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

} // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State()
    {
        BITLOOM_REQUIRE(context != nullptr &&
                            EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1,
                        ErrorCode::Internal, "libcrypto offers no SHA-256");
    }
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes)
{
    BITLOOM_REQUIRE(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1,
                    ErrorCode::Internal, "libcrypto could not continue a SHA-256");
}

void Sha256::update(std::string_view text)
{
    update(std::as_bytes(std::span(text.data(), text.size())));
}

std::string Sha256::hexDigest()
{
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    BITLOOM_REQUIRE(EVP_DigestFinal_ex(m_state->context, digest.data(), &size) == 1 &&
                        size == digest.size(),
                    ErrorCode::Internal, "libcrypto could not finish a SHA-256");
    std::string text;
    text.reserve(64);
    for (const unsigned char byte : digest) {
        text.push_back(kHexDigits[byte >> 4]);
        text.push_back(kHexDigits[byte & 15]);
    }
    return text;
}

std::string sha256Hex(std::span<const std::byte> bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.hexDigest();
}

std::string sha256HexOfFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    BITLOOM_REQUIRE(file.is_open(), errno == ENOENT ? ErrorCode::NotFound : ErrorCode::IoFailure,
                    "cannot open ", path.string(), ": ", std::strerror(errno));
    Sha256 hash;
    std::vector<char> piece(kPieceBytes);
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           file.gcount() > 0) {
        hash.update(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount())));
    }
    BITLOOM_REQUIRE(!file.bad(), ErrorCode::IoFailure, "cannot read ", path.string());
    return hash.hexDigest();
}

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t start)
{
    const Isa isa = activeIsa();
    if (bytes.size() >= kFoldedBytes && isa != Isa::Scalar && detail::hasCarrylessMultiply()) {
        const std::size_t most = bytes.size() / 16 * 16;
        std::array<std::byte, 16> folded{};
        detail::foldCrc32(bytes.first(most), start, isa, folded.data());
        start = crc32OfZlib(folded, 0xFFFFFFFF);
        bytes = bytes.subspan(most);
    }
    return crc32OfZlib(bytes, start);
}

std::string crc32Text(std::uint32_t crc)
{
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) {
        text.push_back(kHexDigits[crc >> shift & 15]);
    }
    return text;
}

} // namespace bitloom
