// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byte_source.h"
#include "core/io/state/pickle_writer.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bitloom::io {

using NamedTensor = std::pair<std::string, at::Tensor>;

/// A tensor whose bytes are made while the file is written, in C order.
struct DeferredTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    c10::ScalarType type = c10::ScalarType::Float;
    ByteSource bytes;
};

/// The containers that torch.load opens.
enum class TorchContainer {
    Zip,    ///< torch.save since PyTorch 1.6; records stored at multiples of 64 bytes
    Legacy, ///< the stream of five pickles and raw storages that came before
};

/// Errors: Unsupported naming the tensor where its type is younger than the container.
void requireHeld(TorchContainer container, const std::string& name, c10::ScalarType type);

/// One Python object with tensors in it, written as a file that torch.load(weights_only=True)
/// opens. Its bytes depend on the object only.
///
/// Use: construct with all tensors, emit the object into object() with putTensor() where a tensor
/// stands, without the final STOP, then write().
/// Shapes:  tensors that share a storage share it in the file, with their strides; every other
///          tensor is written contiguously, so that a small view does not drag a large storage
///          along. The tensors' values are not copied where they are on the CPU and contiguous.
/// Errors:  InvalidArgument for undefined tensors and names that are not UTF-8; Unsupported for
///          sparse and quantized tensors and for dtypes that a legacy stream cannot hold;
///          IoFailure, NotFound as AtomicFile.
class TorchArchiveWriter {
public:
    TorchArchiveWriter(TorchContainer container, std::span<const NamedTensor> tensors);

    PickleWriter& object() { return m_object; }
    /// The index-th tensor of the constructor; each at most once.
    void putTensor(std::size_t index);
    void putTensor(const DeferredTensor& tensor);
    /// Writes the file; nothing can be added afterwards.
    void write(const std::filesystem::path& path);

private:
    /// Where a tensor's storage is kept; tensors of one storage but different element types do not
    /// share a record, because a record has one storage type.
    using StorageId = std::pair<const void*, c10::ScalarType>;
    /// One storage of the file and what of it is written.
    struct Record {
        std::string key;
        c10::ScalarType type = c10::ScalarType::Byte;
        std::int64_t size = 0; ///< bytes
        ByteSource bytes;
    };

    static StorageId idOf(const at::Tensor& tensor);
    void emitTensor(c10::ScalarType type, at::IntArrayRef sizes, at::IntArrayRef strides,
                    std::int64_t offset, const Record& record);
    void writeZip(const std::filesystem::path& path) const;
    void writeLegacy(const std::filesystem::path& path) const;

    TorchContainer m_container;
    PickleWriter m_object;
    std::vector<at::Tensor> m_tensors; ///< on the CPU
    std::map<StorageId, int> m_users;
    std::map<StorageId, std::size_t> m_shared; ///< to its record
    std::vector<Record> m_records;
};

} // namespace bitloom::io
