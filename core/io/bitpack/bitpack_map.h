// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/pickle_value.h"
#include "core/types/file_map.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace bitloom::io {

/// Packed tensors, bit widths, shapes and offsets, each by tensor name.
using BitPackParts = std::array<const PickleDict*, 4>;
/// The four dicts of a BitPack file, or nullopt for an object of another form.
std::optional<BitPackParts> bitPackParts(const PickleValue& root);

/// Where the tensors lie in a BitPack file of either container, and the fillers of a zip's headers.
/// What stands beside codes in files of ours (NAME.scale, NAME.zero_point, ...) is theirs. Headers,
/// pickles and the directory are what is left over; compressed records are not found.
/// content: of a file that readBitPack() reads. Errors: as readBitPack(). Checksums do not matter.
std::vector<FileRegion> bitPackRegions(std::span<const std::byte> content);

} // namespace bitloom::io
