// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

struct PackedWriteOptions {
    /// Payloads of at least 64 KiB are deflated at this level, 1 to 9; 0: not at all. The codes of
    /// trained weights are near random: mostly this pays for sparse or raw tensors, and level 1
    /// gains nearly all of it.
    int compress = 0;
};

/// Writes a packed checkpoint (core/io/packed/FORMAT.md) tensor by tensor.
///
/// The file appears under its name in finish() and not before; without finish() nothing is left
/// behind and an existing file stays. The same calls with the same `created` give the same bytes.
/// Errors:  NotFound, IoFailure (full disk, permissions) naming the file; InvalidArgument for
/// inconsistent tensors,
///          a second tensor of one name, texts that are not JSON.
/// Threads: one at a time.
class PackedFileWriter {
public:
    PackedFileWriter(std::filesystem::path path, PackedMeta meta,
                     const PackedWriteOptions& options = {});
    ~PackedFileWriter();
    PackedFileWriter(PackedFileWriter&&) noexcept;
    PackedFileWriter& operator=(PackedFileWriter&&) noexcept;

    void add(const PackedTensor& tensor);
    void add(const PackedActivation& activation);
    void finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Reads a packed checkpoint. The constructor reads headers only, payloads are loaded one by one.
///
/// Errors:  NotFound, IoFailure; UnknownFormat for a folder, another kind of file or another kind
/// of HDF5 file;
///          Unsupported for a newer major version; CorruptFile for an empty, cut off, damaged or
///          contradictory file, naming file and object. Sizes are compared with the file's size
///          before memory is taken.
/// Threads: any number may read at once; one at a time is inside HDF5, checksums run beside it.
class PackedFileReader final : public PackedSource {
public:
    explicit PackedFileReader(const std::filesystem::path& path);
    ~PackedFileReader() override;
    PackedFileReader(PackedFileReader&&) noexcept;
    PackedFileReader& operator=(PackedFileReader&&) noexcept;

    Phrase formatName() const override;
    std::string_view formatId() const override { return "hdf5"; }
    const PackedMeta& meta() const override;
    int minorVersion() const;
    std::int64_t fileBytes() const;
    /// The stored SHA-256 over all tensors, 64 hex digits.
    const std::string& sha256() const;
    /// In byte order of the names.
    const std::vector<PackedTensorHeader>& tensors() const override;
    const std::vector<PackedActivation>& activations() const override;
    const std::vector<Phrase>& notes() const override;

    /// Loads one tensor and checks its CRC-32. Errors: NotFound, Unsupported for an unknown kind,
    /// NonFinite scales.
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readWithChecksums(std::string_view name,
                                   TensorChecksums& checksums) const override;
    /// Everything of a tensor but its payload; then its rows can be read one by one.
    PackedTensor readParameters(std::string_view name) const override;
    /// The integers of one row; reads its words only, of a compressed file the chunks that hold
    /// them (the CRC-32 of the tensor cannot be checked).
    std::vector<std::int32_t> readRow(const PackedTensor& parameters, std::int64_t row) const;

    std::string wrongDigest(const std::map<std::string, std::string>& sha256ByName) const override;
    /// Reads everything once and returns a sentence for each checksum that is wrong; empty = the
    /// file is sound.
    std::vector<std::string> wrongChecksums() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace bitloom::io
