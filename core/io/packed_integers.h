// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/bitpack_file.h"
#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_file.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// Internal to core/io: a packed file's integers as tensors, whichever format they lie in, a piece
// of one tensor at a time, so that a file may be larger than memory.
namespace bitloom::io {

/// Takes the values of a tensor: those from the first-th on, in C order, as a tensor of one
/// dimension on the CPU.
using PieceUse = std::function<void(std::int64_t first, const at::Tensor& piece)>;

struct PackedInteger {
    PackedIntegerInfo info;
    std::vector<float> scale; ///< where the file keeps it with the codes
    /// Gives all values, int32 where they are packed, a raw tensor as it is. Refers to the reader.
    std::function<void(const PieceUse&)> visit;
};

/// Reads BitPack's format or our HDF5, with all checksums that the container has.
/// Errors: those of the readers, here and in read().
class PackedIntegerReader {
public:
    /// device: where BitPack's codes become integers.
    PackedIntegerReader(const std::filesystem::path& path, const BitPackReadOptions& options,
                        c10::Device device);

    std::size_t size() const;
    const std::string& name(std::size_t i) const;
    const std::vector<std::int64_t>& shape(std::size_t i) const;
    /// Of the values that read(i) gives.
    c10::ScalarType type(std::size_t i) const;
    /// That the integers had before they were packed; nullopt where the format does not say it.
    std::optional<c10::ScalarType> sourceType(std::size_t i) const;
    bool isPacked(std::size_t i) const;
    /// The i-th tensor in file order; its payload is read now or when it is visited.
    PackedInteger read(std::size_t i) const;
    /// Bytes of the values that read(i) gives.
    std::int64_t valueBytes(std::size_t i) const;
    const std::vector<Phrase>& notes() const { return m_bitPack.notes; }

private:
    PackedInteger fromBitPack(const BitPackEntry& entry) const;
    PackedInteger fromPacked(const std::string& name) const;

    std::filesystem::path m_path;
    c10::Device m_device;
    std::optional<PackedFileReader> m_packed;
    BitPackFile m_bitPack; ///< where it is no HDF5
};

/// What is known of a file before its tensors are added.
PackedIntegerReport reportOn(const std::filesystem::path& path);
/// Adds a tensor to the report and its sums.
void addTo(PackedIntegerReport& report, const PackedIntegerInfo& info);

/// All differences between a packed file's tensors and what was packed; its `packed` is the report
/// on that file.
/// Returns: nullopt when cancelled.
std::optional<IntegerComparison> compareIntegers(const std::filesystem::path& path,
                                                 const PackedIntegerReader& packed,
                                                 const IntegerCheckpoint& original,
                                                 RunControl& control);

} // namespace bitloom::io
