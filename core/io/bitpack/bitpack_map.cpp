// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/bitpack_map.h"

#include "core/base/error.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/torch_archive.h"
#include "core/io/state/zip_reader.h"
#include "core/pack/bit_packer.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace bitloom::io {

namespace {

using Places = std::vector<std::optional<std::span<const std::byte>>>;

constexpr int kBitsPerByte = 8;

int bitsOf(c10::ScalarType type)
{
    return static_cast<int>(c10::elementSize(type)) * kBitsPerByte;
}

int widthOf(const PickleDict& widths, std::string_view name)
{
    const PickleValue* width = findEntry(widths, name);
    return static_cast<int>(width == nullptr ? BitPackEntry::kRaw
                                             : width->integer().value_or(BitPackEntry::kRaw));
}

/// What a tensor beside codes holds, by the end of its name.
struct Beside {
    std::string_view ending;
    RegionKind kind;
};
constexpr std::array kBeside{
    Beside{".scale", RegionKind::Scales}, Beside{".zero_point", RegionKind::Offsets},
    Beside{".g_idx", RegionKind::Layout}, Beside{".group_size", RegionKind::Layout}};

/// Whose a tensor is and what it holds; its place comes later.
FileRegion regionOf(const TorchArchive::Wanted& wanted, const PickleDict& widths)
{
    FileRegion region{wanted.name, RegionKind::Values, 0, 0, bitsOf(wanted.tensor->type)};
    if (const int bits = widthOf(widths, wanted.name); bits != BitPackEntry::kRaw) {
        region.kind = RegionKind::Codes;
        region.bits = bits;
        return region;
    }
    for (const Beside& beside : kBeside) {
        const std::string_view name = wanted.name;
        const auto owner =
            name.substr(0, name.size() - std::min(name.size(), beside.ending.size()));
        if (name.ends_with(beside.ending) && widthOf(widths, owner) != BitPackEntry::kRaw) {
            region.tensor = owner;
            region.kind = beside.kind;
        }
    }
    return region;
}

/// Bytes of a tensor's storage that its codes need; all of them where that is not known.
std::int64_t bytesOfCodes(const PickleDict& shapes, const FileRegion& region, std::int64_t stored)
{
    const PickleValue* shape = findEntry(shapes, region.tensor);
    const auto* sizes = shape == nullptr ? nullptr : shape->node<PickleSequence>();
    if (region.kind != RegionKind::Codes || sizes == nullptr) {
        return stored;
    }
    std::int64_t count = 1;
    for (const PickleValue& size : sizes->items) {
        count *= size.integer().value_or(0); // readBitPack() has checked their product
    }
    return std::min(stored, static_cast<std::int64_t>(
                                packedStreamBytes(static_cast<std::size_t>(count), region.bits)));
}

std::uint64_t littleEndian(std::span<const std::byte> bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = (value << 8U) | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return value;
}

/// The filler in the extra field "FB" (in which torch.save brings a payload to an even address) of
/// the local header that ends at `end` and begins at `from` or later.
/// Layout: PKWARE APPNOTE 4.3.7 (local header), 4.5.1 (extra fields).
std::optional<FileRegion> fillerBefore(std::span<const std::byte> content, std::size_t from,
                                       std::size_t end)
{
    constexpr std::size_t kHeader = 30;
    constexpr std::size_t kNameLength = 26;
    constexpr std::size_t kExtraLength = 28;
    constexpr std::size_t kFieldHeader = 4;
    constexpr std::uint64_t kSignature = 0x04034b50;
    constexpr std::uint64_t kFiller = 0x4246; // "FB"
    const auto number = [content](std::size_t at, std::size_t bytes) {
        return littleEndian(content.subspan(at, bytes));
    };
    for (std::size_t at = from; at + kHeader <= end; ++at) {
        if (number(at, 4) != kSignature) {
            continue;
        }
        std::size_t field = at + kHeader + number(at + kNameLength, 2);
        if (field + number(at + kExtraLength, 2) != end) {
            continue;
        }
        while (field + kFieldHeader <= end) {
            const std::size_t begin = field + kFieldHeader;
            const std::size_t bytes = std::min<std::size_t>(number(field + 2, 2), end - begin);
            if (number(field, 2) == kFiller) {
                return FileRegion{{},
                                  RegionKind::Padding,
                                  static_cast<std::int64_t>(begin),
                                  static_cast<std::int64_t>(bytes),
                                  0};
            }
            field = begin + bytes;
        }
    }
    return std::nullopt;
}

/// All fillers of a zip.
std::vector<FileRegion> fillersOf(std::span<const std::byte> content)
{
    const ZipReader zip(content);
    std::vector<ZipReader::Target> targets;
    for (std::size_t i = 0; i < zip.entries().size(); ++i) {
        targets.push_back({i, nullptr, "record " + zip.entries()[i].name});
    }
    std::vector<std::string> mismatched;
    std::vector<std::pair<std::size_t, std::size_t>> payloads; ///< begin and end, by begin
    for (const auto& place : zip.mapAll(targets, &mismatched)) {
        if (place && !place->empty()) {
            const auto begin = static_cast<std::size_t>(place->data() - content.data());
            payloads.emplace_back(begin, begin + place->size());
        }
    }
    std::ranges::sort(payloads);
    std::vector<FileRegion> fillers;
    std::size_t from = 0;
    for (const auto& [begin, end] : payloads) {
        if (auto filler = fillerBefore(content, from, begin)) {
            fillers.push_back(std::move(*filler));
        }
        from = end;
    }
    return fillers;
}

} // namespace

std::vector<FileRegion> bitPackRegions(std::span<const std::byte> content)
{
    const TorchArchive archive = TorchArchive::fromBytes(content);
    const auto parts = bitPackParts(archive.root());
    BITLOOM_REQUIRE(parts.has_value(), ErrorCode::UnknownFormat, "not a BitPack file");
    const auto& [stored, widths, shapes, offsets] = *parts;
    std::vector<TorchArchive::Wanted> wanted = tensorEntries(*stored).wanted;
    const std::size_t count = wanted.size();
    std::ranges::move(tensorEntries(*offsets).wanted, std::back_inserter(wanted));
    const Places places = archive.placesOf(wanted);
    std::vector<FileRegion> regions;
    std::set<const std::byte*> seen; // a storage that several tensors share is the first one's
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!places[i] || !seen.insert(places[i]->data()).second) {
            continue;
        }
        FileRegion region = regionOf(wanted[i], *widths);
        if (i >= count) {
            region = {wanted[i].name, RegionKind::Offsets, 0, 0, bitsOf(wanted[i].tensor->type)};
        }
        region.offset = places[i]->data() - content.data();
        const auto size = static_cast<std::int64_t>(places[i]->size());
        region.bytes = wanted[i].tensor->offset == 0 ? bytesOfCodes(*shapes, region, size) : size;
        regions.push_back({region.tensor, RegionKind::Padding, region.offset + region.bytes,
                           size - region.bytes, 0});
        regions.push_back(std::move(region));
    }
    if (archive.kind() == FileKind::TorchZip) {
        std::ranges::move(fillersOf(content), std::back_inserter(regions));
    }
    return regions;
}

} // namespace bitloom::io
