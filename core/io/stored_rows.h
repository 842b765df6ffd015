// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/bitpack_file.h"
#include "core/io/packed/packed_tensor.h"
#include "core/types/pack_sheet.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace bitloom::io {

/// A line of a proof sheet. crc: over the tensor's payload as stored. Not verified yet.
PackSheetRow sheetRow(const PackedTensor& tensor, std::uint32_t crc);

/// The same of one in BitPack's file, whose bytes lie otherwise.
PackSheetRow sheetRow(const BitPackEntry& entry);

/// Fills in the file's name and what its size and the sheet's rows and bytesFp32 come to.
void fillSizes(const std::filesystem::path& file, PackSheet& sheet);

} // namespace bitloom::io
