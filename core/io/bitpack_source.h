// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/bitpack_file.h"
#include "core/io/packed/packed_source.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// A BitPack file as packed weights: its integers are codes with the origin -offset, without a
/// scale; what it stores as it is stays raw. The bytes are repacked, as BitPack has another order
/// of bits, one tensor at a time.
/// Errors: those of readBitPack(); Unsupported for a raw tensor of a type that packed files cannot
///         hold; CorruptFile for an offset whose integers do not fit 32 bits.
class BitPackSource final : public PackedSource {
public:
    explicit BitPackSource(const std::filesystem::path& path,
                           const BitPackReadOptions& options = {});

    Phrase formatName() const override { return "BitPack"; }
    std::string_view formatId() const override { return "bitpack"; }
    const PackedMeta& meta() const override { return m_meta; }
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readParameters(std::string_view name) const override;
    const std::vector<Phrase>& notes() const override { return m_file.notes; }
    /// As they lie in the file, parallel to tensors().
    const std::vector<BitPackEntry>& entries() const { return m_file.entries; }

private:
    const BitPackEntry& entryOf(const PackedTensorHeader& header) const;

    std::string m_path;
    BitPackFile m_file;
    PackedMeta m_meta;
    std::vector<PackedTensorHeader> m_headers; ///< parallel to m_file.entries
};

} // namespace bitloom::io
