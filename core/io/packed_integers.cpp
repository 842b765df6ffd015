// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed_integers.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/io/weight_source.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"

#include <ATen/ops/from_blob.h>

#include <memory>
#include <utility>

namespace bitloom::io {

namespace {

/// What the packed file holds wrong is said with its name; a piece that cannot be written elsewhere
/// comes with the name of that file.
template <typename Body>
void withNameOf(const std::filesystem::path& packed, Body body)
{
    try {
        body();
    } catch (Error& error) {
        if (error.code() != ErrorCode::IoFailure) {
            error.addContext(packed.string());
        }
        throw;
    }
}

void giveWhole(const at::Tensor& values, const PieceUse& use)
{
    use(0, values.cpu().contiguous().reshape({-1}));
}

void givePieces(const PackedTensor& tensor, const PieceUse& use)
{
    visitIntegers(tensor, [&](std::int64_t first, std::span<const std::int32_t> integers) {
        // LibTorch has no tensors of constant memory; a piece is only read.
        use(first, at::from_blob(const_cast<std::int32_t*>(integers.data()),
                                 {static_cast<std::int64_t>(integers.size())}, at::kInt));
    });
}

bool isStateDict(const std::filesystem::path& path)
{
    try {
        listStateDict(path);
        return true;
    } catch (const Error&) { // why it is none is not what was asked
        return false;
    }
}

BitPackFile readPackedFile(const std::filesystem::path& path, const BitPackReadOptions& options)
{
    try {
        return readBitPack(path, options);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::UnknownFormat || !isStateDict(path)) {
            throw;
        }
        fail(ErrorCode::UnknownFormat, error.what(), "; it is a plain state dict, and ",
             adviceOnPlainWeights());
    }
}

} // namespace

PackedIntegerReader::PackedIntegerReader(const std::filesystem::path& path,
                                         const BitPackReadOptions& options, c10::Device device)
    : m_path(path), m_device(device)
{
    if (detectFileKind(path) == FileKind::Hdf5) {
        m_packed.emplace(path);
    } else {
        m_bitPack = readPackedFile(path, options);
    }
}

std::size_t PackedIntegerReader::size() const
{
    return m_packed ? m_packed->tensors().size() : m_bitPack.entries.size();
}

const std::string& PackedIntegerReader::name(std::size_t i) const
{
    return m_packed ? m_packed->tensors().at(i).name : m_bitPack.entries.at(i).name;
}

const std::vector<std::int64_t>& PackedIntegerReader::shape(std::size_t i) const
{
    return m_packed ? m_packed->tensors().at(i).shape : m_bitPack.entries.at(i).shape;
}

bool PackedIntegerReader::isPacked(std::size_t i) const
{
    return m_packed ? m_packed->tensors().at(i).kind != PackedKind::Raw
                    : m_bitPack.entries.at(i).isPacked();
}

std::optional<c10::ScalarType> PackedIntegerReader::sourceType(std::size_t i) const
{
    return m_packed ? dtypeNamed(m_packed->tensors().at(i).dtype) : std::nullopt;
}

c10::ScalarType PackedIntegerReader::type(std::size_t i) const
{
    if (isPacked(i)) {
        return at::kInt;
    }
    return m_packed ? sourceType(i).value_or(at::kByte)
                    : m_bitPack.entries.at(i).stored.scalar_type();
}

std::int64_t PackedIntegerReader::valueBytes(std::size_t i) const
{
    return checkedMultiply(checkedNumel(shape(i), "tensor " + name(i)),
                           static_cast<std::int64_t>(c10::elementSize(type(i))),
                           "tensor " + name(i));
}

PackedInteger PackedIntegerReader::read(std::size_t i) const
{
    return withContext(m_path.string(), [&] {
        return withTorchErrors([&] {
            PackedInteger integer =
                m_packed ? fromPacked(name(i)) : fromBitPack(m_bitPack.entries.at(i));
            integer.info.sourceBytes = valueBytes(i);
            return integer;
        });
    });
}

PackedInteger PackedIntegerReader::fromBitPack(const BitPackEntry& entry) const
{
    PackedInteger integer;
    PackedIntegerInfo& info = integer.info;
    info.name = entry.name;
    info.shape = entry.shape;
    info.bits = entry.bits;
    info.offset = entry.offset;
    info.packedBytes = entry.storedBytes();
    info.paddingBits = entry.paddingBits();
    info.crc32 = crc32(bytesOfTensor(entry.stored.contiguous()));
    if (!entry.isPacked()) {
        info.dtype = typeName(entry.stored.scalar_type());
    }
    integer.visit = [&entry, this](const PieceUse& use) {
        withNameOf(m_path, [&] {
            if (entry.isPacked() && m_device.is_cpu()) {
                decodeInPieces(entry, use);
            } else {
                giveWhole(decode(entry, m_device), use);
            }
        });
    };
    return integer;
}

PackedInteger PackedIntegerReader::fromPacked(const std::string& name) const
{
    TensorChecksums checksums;
    auto tensor = std::make_shared<PackedTensor>(m_packed->readWithChecksums(name, checksums));
    PackedInteger integer;
    PackedIntegerInfo& info = integer.info;
    info.name = tensor->name;
    info.shape = tensor->shape;
    info.dtype = tensor->dtype;
    info.packedBytes = tensor->payloadBytes;
    info.scaleBytes = tensor->parameterBytes;
    info.crc32 = checksums.payloadCrc;
    if (tensor->kind != PackedKind::Int) {
        integer.visit = [tensor](const PieceUse& use) { giveWhole(decodeParameter(*tensor), use); };
        return integer;
    }
    info.bits = tensor->rowBits.empty() ? tensor->bits : PackedIntegerInfo::kBitsPerRow;
    info.offset = tensor->origin.size() == 1 ? -std::int64_t{tensor->origin.front()} : 0;
    info.paddingBits = tensor->paddingBits();
    integer.scale = tensor->scale;
    integer.visit = [tensor, this](const PieceUse& use) {
        withNameOf(m_path, [&] { givePieces(*tensor, use); });
    };
    return integer;
}

PackedIntegerReport reportOn(const std::filesystem::path& path)
{
    PackedIntegerReport report;
    report.file = path.string();
    report.fileBytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    report.metadataBytes = report.fileBytes;
    return report;
}

void addTo(PackedIntegerReport& report, const PackedIntegerInfo& info)
{
    const std::int64_t bytes = info.packedBytes + info.scaleBytes;
    report.payloadBytes += bytes;
    report.metadataBytes -= bytes;
    report.tensors.push_back(info);
}

} // namespace bitloom::io
