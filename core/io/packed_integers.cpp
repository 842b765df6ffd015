// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed_integers.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/file_kind.h"
#include "core/ops/torch_errors.h"

#include <utility>

namespace bitloom::io {

namespace {

std::uint32_t crcOf(const at::Tensor& tensor)
{
    const at::Tensor dense = tensor.contiguous();
    return crc32({static_cast<const std::byte*>(dense.const_data_ptr()), dense.nbytes()});
}

PackedInteger fromBitPack(const BitPackEntry& entry, c10::Device device)
{
    PackedInteger integer;
    PackedIntegerInfo& info = integer.info;
    info.name = entry.name;
    info.shape = entry.shape;
    info.bits = entry.bits;
    info.offset = entry.offset;
    info.packedBytes = entry.storedBytes();
    info.paddingBits = entry.paddingBits();
    info.crc32 = crcOf(entry.stored);
    if (!entry.isPacked()) {
        info.dtype = typeName(entry.stored.scalar_type());
    }
    integer.values = decode(entry, device);
    return integer;
}

PackedInteger fromPacked(const PackedFileReader& reader, const std::string& name)
{
    TensorChecksums checksums;
    const PackedTensor tensor = reader.readTensor(name, checksums);
    PackedInteger integer;
    PackedIntegerInfo& info = integer.info;
    info.name = tensor.name;
    info.shape = tensor.shape;
    info.dtype = tensor.dtype;
    info.packedBytes = tensor.payloadBytes;
    info.scaleBytes = tensor.parameterBytes;
    info.crc32 = checksums.payloadCrc;
    if (tensor.kind != PackedKind::Int) {
        integer.values = decodeParameter(tensor);
        return integer;
    }
    const MatrixView view = tensor.matrix();
    const PackedLayout layout = tensor.layout();
    std::int64_t codeBits = 0;
    for (std::int64_t row = 0; row < view.rows && view.cols > 0; ++row) {
        codeBits += view.cols * layout.bitsOfRow(row);
    }
    info.bits = tensor.rowBits.empty() ? tensor.bits : PackedIntegerInfo::kBitsPerRow;
    info.offset = tensor.origin.size() == 1 ? -std::int64_t{tensor.origin.front()} : 0;
    info.paddingBits = tensor.payloadBytes * 8 - codeBits;
    integer.values = integersOf(tensor);
    integer.scale = tensor.scale;
    return integer;
}

} // namespace

PackedIntegers readPackedIntegers(const std::filesystem::path& path,
                                  const BitPackReadOptions& options, c10::Device device,
                                  RunControl& control)
{
    PackedIntegers result;
    const auto add = [&](std::size_t count, auto read) {
        for (std::size_t i = 0; i < count && !control.shouldStop(); ++i) {
            result.tensors.push_back(withTorchErrors([&] { return read(i); }));
            result.tensors.back().info.sourceBytes =
                static_cast<std::int64_t>(result.tensors.back().values.nbytes());
            control.report({"unpacking", static_cast<std::int64_t>(i) + 1,
                            static_cast<std::int64_t>(count), "tensors"});
        }
    };
    if (detectFileKind(path) == FileKind::Hdf5) {
        const PackedFileReader reader(path);
        withContext(path.string(), [&] {
            add(reader.tensors().size(), [&](std::size_t i) {
                PackedInteger integer = fromPacked(reader, reader.tensors()[i].name);
                integer.values = integer.values.to(device);
                return integer;
            });
        });
        return result;
    }
    BitPackFile file = readBitPack(path, options);
    withContext(path.string(), [&] {
        add(file.entries.size(), [&](std::size_t i) {
            PackedInteger integer = fromBitPack(file.entries[i], device);
            file.entries[i].stored = at::Tensor(); // its packed bytes are not needed any more
            return integer;
        });
    });
    result.notes = std::move(file.notes);
    return result;
}

PackedIntegerReport reportOn(const std::filesystem::path& path, const PackedIntegers& integers)
{
    PackedIntegerReport report;
    report.file = path.string();
    report.fileBytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    for (const PackedInteger& integer : integers.tensors) {
        report.payloadBytes += integer.info.packedBytes + integer.info.scaleBytes;
        report.tensors.push_back(integer.info);
    }
    report.metadataBytes = report.fileBytes - report.payloadBytes;
    report.notes = integers.notes;
    return report;
}

} // namespace bitloom::io
