// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/hash.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

// Internal to core/io: the checksums of a packed file, as core/io/packed/FORMAT.md defines them.
namespace bitloom::io {

/// The datasets of a tensor group in the order in which they are hashed.
inline constexpr std::array<const char*, 9> kHashedDatasets{
    "packed", "data", "row_bits", "scale", "zero_point", "origin", "g_idx", "codebook", "book"};
/// The first ones are the payload (attribute crc32), the others the parameters (attribute
/// params_crc32).
constexpr bool isPayload(std::string_view dataset)
{
    return dataset == "packed" || dataset == "data";
}

/// CRC-32 and SHA-256 of one tensor, in one pass over its bytes.
class TensorDigest {
public:
    TensorDigest(std::string_view name, std::span<const std::int64_t> shape);

    /// Datasets must come in the order of kHashedDatasets.
    void add(std::string_view dataset, std::span<const std::byte> bytes);

    std::uint32_t payloadCrc() const { return m_payloadCrc; }
    std::uint32_t parameterCrc() const { return m_parameterCrc; }
    /// The object must not be used afterwards.
    std::string hexDigest() { return m_sha.hexDigest(); }

private:
    void addNumber(std::int64_t number);

    Sha256 m_sha;
    std::uint32_t m_payloadCrc = 0;
    std::uint32_t m_parameterCrc = 0;
};

/// The file's sha256: of the tensors' digests, each with a line feed, in byte order of the names.
std::string fileDigest(const std::map<std::string, std::string>& digestByName);

} // namespace bitloom::io
