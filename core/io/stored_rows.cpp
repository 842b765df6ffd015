// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/stored_rows.h"

#include "core/base/hash.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/weight_source.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"

#include <ATen/core/Tensor.h>

#include <span>

namespace bitloom::io {

PackSheetRow sheetRow(const BitPackEntry& entry)
{
    return withTorchErrors([&] {
        const at::Tensor stored = entry.stored.contiguous();
        PackSheetRow row;
        row.name = entry.name;
        row.kind = !entry.isPacked() ? "raw" : entry.bits == 0 ? "pruned" : "packed";
        row.bits = entry.isPacked() ? entry.bits : static_cast<int>(8 * stored.element_size());
        row.shape = entry.shape;
        row.packedBytes = entry.storedBytes();
        row.paddingBits = entry.isPacked() ? entry.paddingBits() : 0;
        row.crc32 = crc32(bytesOfTensor(stored));
        return row;
    });
}

PackSheetRow sheetRow(const PackedTensor& tensor, std::uint32_t crc)
{
    PackSheetRow row;
    row.name = tensor.name;
    row.kind = tensor.kind == PackedKind::Raw ? "raw" : tensor.bits == 0 ? "pruned" : "packed";
    row.bits = tensor.kind == PackedKind::Int
                   ? tensor.bits
                   : static_cast<int>(8 * bytesOfDtype(tensor.dtype).value_or(0));
    row.shape = tensor.shape;
    row.packedBytes = tensor.payloadBytes;
    row.paddingBits = tensor.paddingBits();
    row.scaleBytes = tensor.parameterBytes;
    row.crc32 = crc;
    return row;
}

void fillSizes(const std::filesystem::path& file, PackSheet& sheet)
{
    sheet.fileName = file.filename().string();
    sheet.fileBytes = bytesOfFiles(file);
    for (const PackSheetRow& row : sheet.tensors) {
        sheet.payloadBytes += row.packedBytes + row.scaleBytes;
    }
    sheet.metadataBytes = sheet.fileBytes - sheet.payloadBytes;
    sheet.ratio = static_cast<double>(sheet.bytesFp32) / static_cast<double>(sheet.fileBytes);
}

} // namespace bitloom::io
