// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_file_map.h"

#include "core/io/packed/hdf5_file.h"
#include "core/io/packed/packed_digest.h"
#include "core/io/packed/packed_names.h"

#include <string_view>

namespace bitloom::io {

namespace {

constexpr int kScaleBits = 32; ///< of scales, offsets and ranges

RegionKind kindOf(std::string_view dataset)
{
    if (dataset == "packed") {
        return RegionKind::Codes;
    }
    if (dataset == "data" || dataset == "codebook") {
        return RegionKind::Values;
    }
    if (dataset == "scale") {
        return RegionKind::Scales;
    }
    return dataset == "zero_point" || dataset == "origin" ? RegionKind::Offsets
                                                          : RegionKind::Layout;
}

int bitsOf(const PackedTensorHeader& header, RegionKind kind)
{
    switch (kind) {
    case RegionKind::Codes:
        return header.bits == PackedTensorHeader::kBitsPerRow ? FileRegion::kBitsPerRow
                                                              : header.bits;
    case RegionKind::Values:
        return static_cast<int>(8 * bytesOfDtype(header.dtype).value_or(0));
    case RegionKind::Scales:
    case RegionKind::Offsets:
        return kScaleBits;
    default:
        return 0;
    }
}

void addDataset(const hdf5::Group& group, const char* dataset, const std::string& tensor,
                RegionKind kind, int bits, std::vector<FileRegion>& regions)
{
    if (!group.hasChild(dataset)) {
        return;
    }
    for (const hdf5::Extent& extent : group.extents(dataset)) {
        regions.push_back({tensor, kind, extent.offset, extent.bytes, bits});
    }
}

} // namespace

std::vector<FileRegion> packedFileRegions(const std::filesystem::path& path,
                                          const PackedSource& reader)
{
    std::vector<FileRegion> regions;
    const hdf5::File file = hdf5::File::openForReading(path);
    const hdf5::Group tensors = file.root().openGroup("tensors");
    for (const PackedTensorHeader& header : reader.tensors()) {
        const hdf5::Group group = tensors.openGroup(linkNameOf(header.name));
        for (const char* dataset : kHashedDatasets) {
            const RegionKind kind = kindOf(dataset);
            addDataset(group, dataset, header.name, kind, bitsOf(header, kind), regions);
        }
    }
    for (const PackedActivation& activation : reader.activations()) {
        const hdf5::Group group =
            file.root().openGroup("activations").openGroup(linkNameOf(activation.name));
        addDataset(group, "scale", activation.name, RegionKind::Scales, kScaleBits, regions);
        addDataset(group, "zero_point", activation.name, RegionKind::Offsets, kScaleBits, regions);
        addDataset(group, "range", activation.name, RegionKind::Layout, 0, regions);
    }
    return regions;
}

} // namespace bitloom::io
