// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/file_map.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/bitpack/bitpack_map.h"
#include "core/io/packed/packed_file_map.h"
#include "core/io/safetensors/safetensors_reader.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/torch_archive.h"
#include "core/io/weight_source.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace bitloom {

namespace {

constexpr const char* kMapped =
    "; the bytes of packed HDF5, safetensors and BitPack's files are mapped";
constexpr std::int64_t kPageBytes = 4096; ///< large datasets of packed files begin at one

/// Parts of a packed tensor in the layouts of compressed-tensors, GPTQ and AWQ; MODULE.weight is
/// the tensor, MODULE and the ending the entry.
struct Part {
    std::string_view ending;
    RegionKind kind;
};
constexpr std::array kParts{Part{".weight_packed", RegionKind::Codes},
                            Part{".weight_scale", RegionKind::Scales},
                            Part{".weight_zero_point", RegionKind::Offsets},
                            Part{".weight_origin", RegionKind::Offsets},
                            Part{".weight_shape", RegionKind::Layout},
                            Part{".weight_g_idx", RegionKind::Layout},
                            Part{".weight_row_bits", RegionKind::Layout},
                            Part{".qweight", RegionKind::Codes},
                            Part{".qzeros", RegionKind::Offsets},
                            Part{".scales", RegionKind::Scales},
                            Part{".g_idx", RegionKind::Layout}};

FileRegion regionOf(const io::SafetensorsEntry& entry, const io::PackedSource& source)
{
    FileRegion region{entry.name, RegionKind::Values, 0,
                      static_cast<std::int64_t>(entry.end - entry.begin), io::bitsOf(entry.type)};
    for (const Part& part : kParts) {
        if (!entry.name.ends_with(part.ending)) {
            continue;
        }
        const std::string name =
            entry.name.substr(0, entry.name.size() - part.ending.size()) + ".weight";
        const io::PackedTensorHeader* tensor = source.find(name);
        if (tensor != nullptr && tensor->kind == io::PackedKind::Int) {
            region.tensor = name;
            region.kind = part.kind;
            region.bits = part.kind == RegionKind::Codes    ? tensor->bits
                          : part.kind == RegionKind::Layout ? 0
                                                            : region.bits;
            break;
        }
    }
    return region;
}

std::vector<FileRegion> safetensorsRegions(std::span<const std::byte> content,
                                           const io::PackedSource& source)
{
    const io::SafetensorsHeader header = io::parseSafetensorsHeader(content);
    const auto dataStart = static_cast<std::int64_t>(header.dataStart);
    std::int64_t textEnd = dataStart; // spaces bring the data to an even address
    while (textEnd > 0 && content[static_cast<std::size_t>(textEnd - 1)] == std::byte{' '}) {
        --textEnd;
    }
    std::vector<FileRegion> regions{{{}, RegionKind::Metadata, 0, textEnd, 0},
                                    {{}, RegionKind::Padding, textEnd, dataStart - textEnd, 0}};
    for (const io::SafetensorsEntry& entry : header.entries) {
        FileRegion region = regionOf(entry, source);
        region.offset = dataStart + static_cast<std::int64_t>(entry.begin);
        regions.push_back(std::move(region));
    }
    return regions;
}

/// What the file says it was packed from.
std::string modelSource(const io::PackedMeta& meta)
{
    const auto provenance = nlohmann::json::parse(meta.provenance, nullptr, false);
    if (!provenance.is_object()) {
        return {};
    }
    const auto source = provenance.find("source");
    return source != provenance.end() && source->is_string() ? source->get<std::string>()
                                                             : std::string();
}

/// A checkpoint that torch.save wrote, if BitPack's four dicts are in it.
void mapBitPack(FileMap& map)
{
    const MappedFile mapped(map.file);
    BITLOOM_REQUIRE(io::bitPackParts(io::TorchArchive::fromBytes(mapped.bytes()).root()),
                    ErrorCode::UnknownFormat, map.file, " is a PyTorch checkpoint", kMapped);
    io::BitPackReadOptions options; // where things lie does not depend on what is in them
    options.ignoreCrc = true;
    options.assumedOffset = 0;
    io::readBitPack(map.file, options); // throws where it cannot be read
    map.format = "BitPack";
    withContext(map.file, [&] {
        map.regions = io::bitPackRegions(mapped.bytes());
        constexpr std::int64_t kNowhere = std::numeric_limits<std::int64_t>::max();
        completeRegions(map, mapped.bytes(), kNowhere); // the fillers are known
    });
}

} // namespace

FileMap mapFile(const std::string& file)
{
    const io::FileKind kind = io::detectFileKind(std::filesystem::path(file));
    const bool isTorch = kind == io::FileKind::TorchZip || kind == io::FileKind::TorchLegacy;
    BITLOOM_REQUIRE(kind == io::FileKind::Hdf5 || kind == io::FileKind::Safetensors || isTorch,
                    ErrorCode::UnknownFormat, file, " is ", textOf(io::describe(kind)), kMapped);
    FileMap map;
    map.file = file;
    if (isTorch) {
        mapBitPack(map);
        return map;
    }
    const auto source = io::openWeights(std::filesystem::path(file));
    map.format = source->formatName();
    map.source = modelSource(source->meta());
    const MappedFile content(file);
    withContext(file, [&] {
        map.regions = kind == io::FileKind::Hdf5 ? io::packedFileRegions(file, *source)
                                                 : safetensorsRegions(content.bytes(), *source);
        completeRegions(map, content.bytes(), kPageBytes);
    });
    return map;
}

} // namespace bitloom
