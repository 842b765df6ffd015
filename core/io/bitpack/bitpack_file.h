// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byte_source.h"
#include "core/base/run_control.h"
#include "core/io/state/torch_archive_writer.h"
#include "core/types/phrase.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitloom::io {

/// One tensor of a BitPack file: its codes u as packed bytes (core/pack/bitpack_layout.h), with
/// q = u - offset, or the tensor itself.
struct BitPackEntry {
    static constexpr int kRaw = -1;

    std::string name;
    std::vector<std::int64_t> shape; ///< of the tensor, not of its packed bytes
    int bits = kRaw;                 ///< 0..8, or kRaw: stored as it is
    std::int64_t offset = 0;
    at::Tensor stored; ///< uint8, contiguous, any shape with enough bytes; raw: the tensor
    /// For writing, instead of stored: the bytes of bitPackShape(shape, bits), or the values of a
    /// raw tensor.
    ByteSource deferred{};
    c10::ScalarType deferredType = c10::ScalarType::Byte; ///< of such values

    bool isPacked() const { return bits != kRaw; }
    /// Bytes of stored.
    std::int64_t storedBytes() const;
    /// Bits of stored that hold no code.
    std::int64_t paddingBits() const;
};

/// What BitPack wrote: per tensor its own width and offset.
struct BitPackFile {
    std::vector<BitPackEntry> entries; ///< in file order; names are unique and valid UTF-8
    std::vector<Phrase> notes;         ///< what the reader found odd, one sentence each
};

struct BitPackReadOptions {
    /// Of packed tensors without an entry in the dict of offsets; without it they are an error.
    std::optional<std::int64_t> assumedOffset{};
    /// Records whose CRC-32 is another one are read all the same, with a note.
    bool ignoreCrc = false;
};

/// Reads a file that BitPack or Bitloom wrote: a tuple of four dicts by tensor name (bytes, widths,
/// shapes, offsets), in either container of torch.save. Nothing of it is run, `location` is
/// ignored.
///
/// Accepts: dict or OrderedDict, parameters, offsets as tensors of one element of any integer type
///          or as plain numbers, no offset for a tensor that is stored as it is, shapes as
///          torch.Size, tuple or list, and more packed bytes than the codes need.
/// Numerics: bits that the program lost when it wrote the file (offsets modulo 256, codes of more
///          than 8 bits) stay lost; what its own loader makes of them is what decode() gives.
/// Errors:  those of TorchArchive; UnknownFormat for any other object; CorruptFile naming the
/// tensor
///          for a missing width, shape or offset, a width outside -1..8, packed data that are no
///          bytes, too few of them, and names that occur twice.
/// Notes:   set bits behind the codes, entries that belong to no tensor.
BitPackFile readBitPack(const std::filesystem::path& path, const BitPackReadOptions& options = {});
BitPackFile readBitPack(std::span<const std::byte> content, const BitPackReadOptions& options = {});

/// The integers of a packed tensor as int32 in its shape, a raw tensor as it is, on the device: the
/// packed bytes go there and are unpacked there.
/// Errors: CorruptFile if an integer does not fit 32 bits; UnsafeFile for more than 2^28 elements
/// of
///         0 bits; OutOfMemory.
at::Tensor decode(const BitPackEntry& entry, c10::Device device = c10::Device(c10::kCPU));

/// The integers from the first-th on, as many as there is room for, in C order. Cost: of those
/// alone. Errors: as decode(); ShapeMismatch for more than the tensor has.
void decodePiece(const BitPackEntry& entry, std::int64_t first, std::span<std::int32_t> integers);

/// All integers of a packed tensor, some at a time, in C order: use(first, int32 tensor of one
/// dimension). Errors: as decode().
void decodeInPieces(const BitPackEntry& entry,
                    const std::function<void(std::int64_t first, const at::Tensor& piece)>& use);

/// The integers of a packed tensor by operators that every device has, as decode() does on others
/// than the CPU. Cost: 40 bytes of the device's memory for each of 4 Mi codes at a time.
at::Tensor decodeByOperators(const BitPackEntry& entry, c10::Device device);

/// Whether every tensor gets an entry in the dict of offsets.
enum class BitPackOffsets {
    All,        ///< also raw tensors (0), without which BitPack's loader gives up on the file
    PackedOnly, ///< as BitPack writes them
};

/// Writes a file that BitPack's loader reads. Offsets become tensors without dimensions, uint8
/// where they are 0..255 and int32 else. Errors: InvalidArgument for an entry that does not fit
/// together and for names that repeat; those
///         of TorchArchiveWriter.
void writeBitPack(const std::filesystem::path& path, const BitPackFile& file,
                  TorchContainer container, BitPackOffsets offsets = BitPackOffsets::All);
/// The same, telling how many of the tensors are written. False when cancelled; then no file
/// appears.
bool writeBitPack(const std::filesystem::path& path, const BitPackFile& file,
                  TorchContainer container, BitPackOffsets offsets, RunControl& control);

} // namespace bitloom::io
