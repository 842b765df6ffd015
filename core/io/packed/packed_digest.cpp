// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_digest.h"

#include <algorithm>

namespace bitloom::io {

namespace {
constexpr std::size_t kPieceBytes =
    64 * 1024; ///< stays in the second-level cache between the two checksums
} // namespace

TensorDigest::TensorDigest(std::string_view name, std::span<const std::int64_t> shape)
{
    m_sha.update(name);
    m_sha.update(std::string_view("\0", 1));
    addNumber(static_cast<std::int64_t>(shape.size()));
    m_sha.update(std::as_bytes(shape));
}

void TensorDigest::add(std::string_view dataset, std::span<const std::byte> bytes)
{
    m_sha.update(dataset);
    m_sha.update(std::string_view("\0", 1));
    addNumber(static_cast<std::int64_t>(bytes.size()));
    std::uint32_t& crc = isPayload(dataset) ? m_payloadCrc : m_parameterCrc;
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(kPieceBytes, bytes.size()));
        crc = crc32(piece, crc);
        m_sha.update(piece);
        bytes = bytes.subspan(piece.size());
    }
}

void TensorDigest::addNumber(std::int64_t number)
{
    m_sha.update(std::as_bytes(std::span(&number, 1)));
}

std::string fileDigest(const std::map<std::string, std::string>& digestByName)
{
    Sha256 sha;
    for (const auto& [name, digest] : digestByName) {
        sha.update(digest);
        sha.update("\n");
    }
    return sha.hexDigest();
}

} // namespace bitloom::io
