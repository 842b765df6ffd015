// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/integer_flags.h"

#include "app/cli/text_table.h"
#include "core/engine/device.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

std::string bytesText(std::int64_t bytes)
{
    return std::to_string(bytes) + " bytes";
}

std::string storedBits(int bits)
{
    return bits == PackedIntegerInfo::kRaw          ? "raw"
           : bits == PackedIntegerInfo::kBitsPerRow ? "per channel"
                                                    : std::to_string(bits);
}

} // namespace

void IntegerInputFlags::declare(CLI::App& app, const std::string& name, const std::string& help)
{
    app.add_option(name, input.file, help);
    app.add_option("--key", input.key,
                   "The dict of that file that holds the tensors; default: weight_integer")
        ->needs(name);
    app.add_flag("--all", input.all, "All tensors of that file's state dict")
        ->needs(name)
        ->excludes("--key");
}

void IntegerUnpackFlags::declare(CLI::App& app)
{
    app.add_option("--assume-offset", m_assumedOffset,
                   "Offset of packed tensors for which the file states none");
    app.add_flag("--ignore-crc", m_ignoreCrc,
                 "BitPack's files: read records whose CRC-32 is another one too; some writers "
                 "store no true one");
    app.add_flag("--device-strict", m_strict,
                 "Fail where --device is not there, instead of unpacking on the CPU");
}

IntegerUnpackOptions IntegerUnpackFlags::options(Session& session) const
{
    IntegerUnpackOptions options;
    options.assumedOffset = m_assumedOffset;
    options.ignoreCrc = m_ignoreCrc;
    const std::string& device = session.options().device;
    try {
        options.device = engine::canonicalDevice(device);
    } catch (const Error& error) {
        if (m_strict || !device.starts_with("cuda")) {
            throw;
        }
        session.note(std::string("note: unpacking on the CPU: ") + error.what());
    }
    return options;
}

std::string textOf(const PackedIntegerReport& report)
{
    TextTable table({"tensor", "shape", "bits", "offset", "bytes", "before", "padding bits"});
    std::int64_t before = 0;
    std::int64_t padding = 0;
    for (const PackedIntegerInfo& tensor : report.tensors) {
        const bool packed = tensor.bits >= 0;
        table.addRow({tensor.name, formatShape(tensor.shape), storedBits(tensor.bits),
                      packed ? std::to_string(tensor.offset) : "-",
                      std::to_string(tensor.packedBytes + tensor.scaleBytes),
                      std::to_string(tensor.sourceBytes), std::to_string(tensor.paddingBits)});
        before += tensor.sourceBytes;
        padding += tensor.paddingBits;
    }
    std::string text = table.toString() + report.file + ": " + bytesText(report.fileBytes) + " = " +
                       bytesText(report.payloadBytes) + " payload (" + std::to_string(padding) +
                       " bits of it padding) + " + bytesText(report.metadataBytes) + " metadata\n" +
                       bytesText(before) + " of tensors unpacked";
    if (before > 0 && report.fileBytes > 0) {
        text +=
            ", " +
            formatFixed(static_cast<double>(before) / static_cast<double>(report.fileBytes), 2) +
            " times the file";
    }
    text += "\n";
    for (const Phrase& note : report.notes) {
        text += "note: " + textOf(note) + "\n";
    }
    return text;
}

std::string textOf(const IntegerComparison& comparison)
{
    std::string text;
    for (const IntegerDifference& difference : comparison.differences) {
        text += difference.tensor + ": " + difference.what + "\n";
    }
    for (const Phrase& note : comparison.packed.notes) {
        text += "note: " + textOf(note) + "\n";
    }
    const std::size_t count = comparison.differences.size();
    return text + (count == 0 ? "verified: " : "NOT verified: ") +
           countOf(static_cast<std::size_t>(comparison.compared), "tensor") + " compared, " +
           countOf(count, "difference") + "\n";
}

void printComparison(Session& session, const IntegerComparison& comparison)
{
    session.print(Json::parse(toJson(comparison)), textOf(comparison));
    BITLOOM_REQUIRE(comparison.differences.empty(), ErrorCode::VerifyFailed, comparison.packed.file,
                    " differs from ", comparison.original, " in ",
                    countOf(comparison.differences.size(), "place"));
}

} // namespace bitloom::cli
