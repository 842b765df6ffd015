// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/hdf5_file.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Internal to core/io: how the elements of a dataset lie in the file.
namespace bitloom::hdf5 {

/// Datasets of at least so many bytes begin at a page, or are stored in chunks where that is asked
/// for.
inline constexpr std::int64_t kLargeDataset = 64 * 1024;

/// Properties for the creation of a dataset. Only large datasets are compressed: smaller ones would
/// become larger by the index of their chunks.
Handle storageProperties(std::span<const std::int64_t> shape, std::size_t elementBytes,
                         const Storage& storage, const std::string& what);

/// Refuses a dataset outside the file, one in chunks of more than 16 MiB or with other filters than
/// ours, and one that claims more bytes than what is stored of it can hold.
/// Errors: Unsupported, CorruptFile, naming what.
void requireReadableStorage(hid_t dataset, std::int64_t bytes, std::int64_t fileBytes,
                            const std::string& what);

/// Where a dataset lies that requireReadableStorage() has let pass: Group::extents().
std::vector<Extent> storedExtents(hid_t dataset, std::int64_t bytes, std::int64_t fileBytes,
                                  const std::string& what);

} // namespace bitloom::hdf5
