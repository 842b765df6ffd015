// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"
#include "core/types/file_map.h"

#include <filesystem>
#include <vector>

namespace bitloom::io {

/// Where the datasets of a packed file lie, in no order; compressed ones by their chunks.
/// reader: of this file. Errors: those of the file (PackedFileReader); Unsupported for a dataset of
/// more than 16,384 chunks.
std::vector<FileRegion> packedFileRegions(const std::filesystem::path& path,
                                          const PackedSource& reader);

} // namespace bitloom::io
