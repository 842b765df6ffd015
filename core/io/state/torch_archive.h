// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/file_kind.h"
#include "core/io/state/pickle_value.h"
#include "core/types/phrase.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// Where the values of a file's tensors are kept.
enum class TensorMemory {
    /// In memory of their own: they may be changed, and outlive whatever becomes of the file.
    Copied,
    /// In the mapped file wherever they lie there as they are needed: nobody may write to them, and
    /// a file that is cut while they are in use ends the program. For work that passes over a whole
    /// file once.
    Mapped,
};

/// A file that torch.save wrote, read without running any of it: its object tree, and its tensors
/// on demand.
///
/// Source: the containers of torch/serialization.py: the zip archive (PyTorch >= 1.6) and the
///         legacy stream of five pickles followed by raw storages. Records are little-endian unless
///         a zip's `byteorder` record says `big`; the legacy stream's `little_endian` entry
///         describes the writer's machine and never its (little-endian) storages.
/// Shapes: strides, offsets and shared storages are kept as in the file; everything is on the CPU.
/// Errors: as detectFileKind(); UnknownFormat naming what the file is; Unsupported for a tar or
///         TorchScript archive; UnsafeFile for a pickle that asks to run something; CorruptFile
///         naming record and tensor for damage.
/// Cost: memory for the storages that are asked for, each once (TensorMemory::Copied), plus at most
/// about 20 bytes per
///         byte of pickle.
class TorchArchive {
public:
    static TorchArchive open(const std::filesystem::path& path,
                             TensorMemory memory = TensorMemory::Copied);
    /// For content already in memory, which must outlive the archive.
    static TorchArchive fromBytes(std::span<const std::byte> content);

    TorchArchive(TorchArchive&&) noexcept;
    TorchArchive& operator=(TorchArchive&&) noexcept;
    ~TorchArchive();

    FileKind kind() const;
    /// The saved object; valid while the archive lives.
    const PickleValue& root() const;

    struct Wanted {
        std::string name;                     ///< for messages
        const PickleTensor* tensor = nullptr; ///< of a quantized one its codes
        const PickleQuantized* quantized = nullptr;
    };
    /// From now on a record of a zip archive whose CRC-32 is another one is read all the same, with
    /// a note: some writers store no true one.
    void ignoreChecksums();
    /// One sentence for each record that was read like that.
    std::vector<Phrase> notes() const;

    /// Where the tensors' storages lie in the file, in order; nothing for one that is compressed or
    /// empty. Their checksums do not matter. Errors: as tensors().
    std::vector<std::optional<std::span<const std::byte>>>
    placesOf(std::span<const Wanted> wanted) const;

    /// The tensors in order; quantized ones have PyTorch's quantized types, their scale and zero
    /// point with them, and memory of their own. Those of one storage share memory, as in the file.
    /// Mapped ones keep the mapping alive.
    std::vector<at::Tensor> tensors(std::span<const Wanted> wanted);

private:
    struct State;
    explicit TorchArchive(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace bitloom::io
