// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/packed_text.h"

#include "app/cli/text_table.h"

#include <map>
#include <numeric>

namespace bitloom::cli {

namespace {

constexpr std::size_t kListedCodes = 64;

std::string percentOf(std::int64_t part, std::int64_t whole)
{
    return whole == 0
               ? "-"
               : formatFixed(100.0 * static_cast<double>(part) / static_cast<double>(whole), 2);
}

std::string regionBits(int bits)
{
    return bits == FileRegion::kBitsPerRow ? "by row" : bits == 0 ? "-" : std::to_string(bits);
}

std::string codeTable(const PackedDetail& detail)
{
    const std::int64_t total =
        std::accumulate(detail.counts.begin(), detail.counts.end(), std::int64_t{0});
    TextTable table({"code", "count", "%"});
    std::size_t listed = 0;
    std::size_t others = 0;
    const bool all = detail.counts.size() <= kListedCodes;
    for (std::size_t i = 0; i < detail.counts.size(); ++i) {
        if (!all && (detail.counts[i] == 0 || listed == kListedCodes)) {
            others += detail.counts[i] > 0 ? 1 : 0;
            continue;
        }
        ++listed;
        table.addRow({std::to_string(detail.first + static_cast<std::int64_t>(i)),
                      std::to_string(detail.counts[i]), percentOf(detail.counts[i], total)});
    }
    return table.toString() +
           (others > 0 ? "and " + countOf(others, "code") + " more: --json lists all\n" : "");
}

} // namespace

std::string textOf(const FileMap& map)
{
    std::string text =
        map.file + ": " + textOf(map.format) + ", " + std::to_string(map.fileBytes) + " bytes\n\n";
    TextTable regions({"offset", "bytes", "kind", "bits", "tensor"});
    std::map<RegionKind, std::int64_t> sums;
    for (const FileRegion& region : map.regions) {
        sums[region.kind] += region.bytes;
        regions.addRow({std::to_string(region.offset), std::to_string(region.bytes),
                        std::string(toString(region.kind)), regionBits(region.bits),
                        region.tensor});
    }
    TextTable kinds({"kind", "bytes", "%"});
    for (const auto& [kind, bytes] : sums) {
        kinds.addRow(
            {std::string(toString(kind)), std::to_string(bytes), percentOf(bytes, map.fileBytes)});
    }
    return text + regions.toString() + "\n" + kinds.toString();
}

std::string textOf(const PackedDetail& detail)
{
    std::string text = detail.tensor + ": " + formatShape(detail.shape) + ", codes of " +
                       countOf(static_cast<std::size_t>(detail.bits), "bit") + ", " +
                       formatFixed(detail.entropyBits, 2) + " bits of entropy\n";
    if (detail.against) {
        const FloatComparison& against = *detail.against;
        text += "against " + against.model + ": largest error " +
                formatSignificant(against.maxAbsError) + " at index " +
                std::to_string(against.maxAt) + ", SQNR " +
                (against.sqnrDb ? formatFixed(*against.sqnrDb, 2) + " dB" : std::string("-")) +
                ", clipped " + formatFixed(against.weights.clippedPercent, 3) + " %\n";
    }
    return text + "\n" + codeTable(detail);
}

} // namespace bitloom::cli
