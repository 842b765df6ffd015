// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack_source.h"

#include "core/base/error.h"
#include "core/io/packed_tensor_codec.h"
#include "core/ops/torch_errors.h"

#include <limits>
#include <span>
#include <utility>

namespace bitloom::io {

namespace {

/// Everything of a packed entry but its codes.
PackedTensor parametersOf(const BitPackEntry& entry)
{
    constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kHighest = std::numeric_limits<std::int32_t>::max();
    PackedTensor tensor;
    tensor.name = entry.name;
    tensor.shape = entry.shape;
    tensor.dtype = "int32"; // what BitPack's loader gives
    tensor.bits = entry.bits;
    tensor.encoding = CodeEncoding::MinShift;
    const MatrixView view = tensor.matrix();
    tensor.unit = choosePackUnit(view.rows, view.cols, tensor.bits);
    BITLOOM_REQUIRE(entry.offset >= -kHighest && entry.offset <= -kLowest, ErrorCode::CorruptFile,
                    entry.name, " has the offset ", entry.offset,
                    ", its integers do not fit 32 bits");
    tensor.origin = {static_cast<std::int32_t>(-entry.offset)};
    tensor.payloadBytes = tensor.layout().words() * kPackWordBytes;
    tensor.parameterBytes = sizeof(std::int32_t);
    return tensor;
}

PackedTensorHeader headerOf(const BitPackEntry& entry)
{
    if (entry.isPacked()) {
        return parametersOf(entry);
    }
    PackedTensorHeader header;
    header.name = entry.name;
    header.kind = PackedKind::Raw;
    header.shape = entry.shape;
    header.dtype = typeName(entry.stored.scalar_type());
    header.payloadBytes = entry.storedBytes();
    return header;
}

} // namespace

BitPackSource::BitPackSource(const std::filesystem::path& path, const BitPackReadOptions& options)
    : m_path(path.string()), m_file(readBitPack(path, options))
{
    m_meta.model = path.filename().string();
    m_meta.creator.clear(); // the format does not say
    withContext(m_path, [&] {
        for (const BitPackEntry& entry : m_file.entries) {
            m_headers.push_back(headerOf(entry));
        }
    });
}

const BitPackEntry& BitPackSource::entryOf(const PackedTensorHeader& header) const
{
    return m_file.entries[static_cast<std::size_t>(&header - m_headers.data())];
}

PackedTensor BitPackSource::readTensor(std::string_view name) const
{
    return withContext(m_path, [&] {
        const BitPackEntry& entry = entryOf(require(name));
        return withTorchErrors([&] {
            if (!entry.isPacked()) {
                return encodeParameter({entry.name, entry.stored}, nullptr);
            }
            PackedTensor tensor = parametersOf(entry);
            const std::int64_t cols = tensor.matrix().cols;
            std::vector<std::int32_t> piece;
            packIntegers(tensor, [&](std::int64_t row, std::int64_t rows) {
                piece.resize(static_cast<std::size_t>(rows * cols));
                decodePiece(entry, row * cols, piece);
                return std::span<const std::int32_t>(piece);
            });
            return tensor;
        });
    });
}

PackedTensor BitPackSource::readParameters(std::string_view name) const
{
    return withContext(m_path, [&] {
        const BitPackEntry& entry = entryOf(require(name));
        BITLOOM_REQUIRE(entry.isPacked(), ErrorCode::InvalidArgument, entry.name,
                        " holds no integer codes: it is stored as it is");
        return parametersOf(entry);
    });
}

} // namespace bitloom::io
