// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/hdf5_storage.h"

#include "core/base/checked_math.h"
#include "core/io/packed/hdf5_support.h"

#include <algorithm>
#include <array>
#include <vector>

namespace bitloom::hdf5 {

namespace {

constexpr std::int64_t kChunkBytes = 1024 * 1024; ///< HDF5's cache holds one of them
constexpr std::int64_t kMaxChunkBytes = 16 * kChunkBytes;
/// Finding a chunk by its number takes a walk over those before it.
constexpr hsize_t kMostChunks = 16384;
/// No deflated byte stands for more than this many.
constexpr std::int64_t kMaxDeflateRatio = 1032;

/// As many whole slices of the last dimensions as a chunk holds; in one dimension whole runs.
std::vector<hsize_t> chunkShape(std::span<const std::int64_t> shape, std::size_t elementBytes,
                                std::int64_t runElements)
{
    std::vector<hsize_t> chunk(shape.size(), 1);
    std::int64_t left = kChunkBytes / static_cast<std::int64_t>(elementBytes);
    if (shape.size() == 1 && runElements > 1 && runElements <= left) {
        left -= left % runElements;
    }
    for (std::size_t dim = shape.size(); dim-- > 0 && left > 0;) {
        const std::int64_t taken = std::min(shape[dim], left);
        chunk[dim] = static_cast<hsize_t>(taken);
        left = taken < shape[dim] ? 0 : left / taken;
    }
    return chunk;
}

void requireOurFilters(hid_t properties, const std::string& what)
{
    const int filters = required(H5Pget_nfilters(properties), ErrorCode::CorruptFile, what);
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0;
        unsigned config = 0;
        std::size_t values = 0;
        std::array<char, 64> name{};
        const H5Z_filter_t filter =
            H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr,
                           name.size(), name.data(), &config);
        BITLOOM_REQUIRE(filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_FLETCHER32,
                        ErrorCode::Unsupported, what, " is stored with the filter ", filter, " (",
                        name.data(),
                        "); only deflate and fletcher32 are read, h5repack -f NONE removes it");
    }
}

void requireReadableChunks(hid_t properties, hid_t dataset, std::int64_t bytes,
                           std::int64_t fileBytes, const std::string& what)
{
    requireOurFilters(properties, what);
    std::array<hsize_t, H5S_MAX_RANK> sizes{};
    const int rank =
        required(H5Pget_chunk(properties, static_cast<int>(sizes.size()), sizes.data()),
                 ErrorCode::CorruptFile, what);
    const Handle type(required(H5Dget_type(dataset), ErrorCode::CorruptFile, what));
    auto chunkBytes = static_cast<std::int64_t>(H5Tget_size(type.id()));
    for (int dim = 0; dim < rank; ++dim) {
        chunkBytes = checkedMultiply(
            chunkBytes, static_cast<std::int64_t>(sizes[static_cast<std::size_t>(dim)]), what);
    }
    BITLOOM_REQUIRE(chunkBytes <= kMaxChunkBytes, ErrorCode::Unsupported, what,
                    " lies in chunks of ", chunkBytes, " bytes; at most ", kMaxChunkBytes,
                    " are read");
    const hsize_t stored = H5Dget_storage_size(dataset);
    BITLOOM_REQUIRE(
        stored <= static_cast<hsize_t>(fileBytes) &&
            bytes <= checkedMultiply(static_cast<std::int64_t>(stored), kMaxDeflateRatio, what),
        ErrorCode::CorruptFile, what, " claims ", bytes, " bytes, the ", stored,
        " bytes stored of it cannot hold them");
}

} // namespace

Handle storageProperties(std::span<const std::int64_t> shape, std::size_t elementBytes,
                         const Storage& storage, const std::string& what)
{
    Handle properties(required(H5Pcreate(H5P_DATASET_CREATE), ErrorCode::Internal, what));
    required(H5Pset_obj_track_times(properties.id(), false), ErrorCode::Internal, what);
    const std::int64_t bytes =
        checkedMultiply(checkedNumel(shape, what), static_cast<std::int64_t>(elementBytes), what);
    if (storage.deflateLevel == 0 || bytes < kLargeDataset) {
        required(H5Pset_layout(properties.id(), H5D_CONTIGUOUS), ErrorCode::Internal, what);
        return properties;
    }
    const std::vector<hsize_t> chunk = chunkShape(shape, elementBytes, storage.runElements);
    required(H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data()),
             ErrorCode::Internal, what);
    required(H5Pset_deflate(properties.id(), static_cast<unsigned>(storage.deflateLevel)),
             ErrorCode::Unsupported, what);
    required(H5Pset_fletcher32(properties.id()), ErrorCode::Unsupported, what);
    return properties;
}

void requireReadableStorage(hid_t dataset, std::int64_t bytes, std::int64_t fileBytes,
                            const std::string& what)
{
    const Handle properties(required(H5Dget_create_plist(dataset), ErrorCode::CorruptFile, what));
    const H5D_layout_t layout = H5Pget_layout(properties.id());
    BITLOOM_REQUIRE((layout == H5D_CONTIGUOUS || layout == H5D_COMPACT || layout == H5D_CHUNKED) &&
                        H5Pget_external_count(properties.id()) == 0,
                    ErrorCode::Unsupported, what,
                    " does not lie inside the file; rewrite it with h5repack -l CONTI");
    if (layout == H5D_CHUNKED) {
        requireReadableChunks(properties.id(), dataset, bytes, fileBytes, what);
        return;
    }
    BITLOOM_REQUIRE(bytes <= fileBytes, ErrorCode::CorruptFile, what, " claims ", bytes,
                    " bytes, the whole file has ", fileBytes);
    const haddr_t offset = H5Dget_offset(dataset);
    BITLOOM_REQUIRE(offset == HADDR_UNDEF || offset <= static_cast<haddr_t>(fileBytes - bytes),
                    ErrorCode::CorruptFile, what, " claims ", bytes, " bytes at ", offset,
                    ", the whole file has ", fileBytes);
}

namespace {
std::vector<Extent> chunkExtents(hid_t dataset, std::int64_t fileBytes, const std::string& what)
{
    const Handle space(required(H5Dget_space(dataset), ErrorCode::CorruptFile, what));
    hsize_t chunks = 0;
    required(H5Dget_num_chunks(dataset, space.id(), &chunks), ErrorCode::CorruptFile, what);
    BITLOOM_REQUIRE(chunks <= kMostChunks, ErrorCode::Unsupported, what, " lies in ", chunks,
                    " chunks; at most ", kMostChunks, " are looked for");
    std::vector<Extent> extents;
    std::array<hsize_t, H5S_MAX_RANK> first{};
    for (hsize_t chunk = 0; chunk < chunks; ++chunk) {
        unsigned filters = 0;
        haddr_t offset = 0;
        hsize_t bytes = 0;
        required(
            H5Dget_chunk_info(dataset, space.id(), chunk, first.data(), &filters, &offset, &bytes),
            ErrorCode::CorruptFile, what);
        const auto end = static_cast<haddr_t>(fileBytes);
        BITLOOM_REQUIRE(bytes <= end && offset <= end - bytes, ErrorCode::CorruptFile, what,
                        " has a chunk of ", bytes, " bytes at ", offset, ", the whole file has ",
                        fileBytes);
        extents.push_back({static_cast<std::int64_t>(offset), static_cast<std::int64_t>(bytes)});
    }
    return extents;
}
} // namespace

std::vector<Extent> storedExtents(hid_t dataset, std::int64_t bytes, std::int64_t fileBytes,
                                  const std::string& what)
{
    const Handle properties(required(H5Dget_create_plist(dataset), ErrorCode::CorruptFile, what));
    const H5D_layout_t layout = H5Pget_layout(properties.id());
    if (layout == H5D_CHUNKED) {
        return chunkExtents(dataset, fileBytes, what);
    }
    const haddr_t offset = H5Dget_offset(dataset);
    if (layout != H5D_CONTIGUOUS || offset == HADDR_UNDEF || bytes == 0) {
        return {};
    }
    return {{static_cast<std::int64_t>(offset), bytes}};
}

} // namespace bitloom::hdf5
