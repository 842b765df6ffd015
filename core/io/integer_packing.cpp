// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/checkpoint_source.h"
#include "core/io/conversion.h"
#include "core/io/integer_encoding.h"
#include "core/io/integer_file.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/tensor_tasks.h"
#include "core/ops/torch_errors.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

bool isExact(IntegerFormat format)
{
    return format == IntegerFormat::BitPackExact || format == IntegerFormat::BitPackExactLegacy;
}

/// HAWQ's weights are meant to be integers and are kept in floating point: without the flag nothing
/// would be packed, which nobody wants.
void requireFlag(const io::IntegerCheckpoint& checkpoint, const IntegerInput& input)
{
    const auto isInteger = [](const io::NamedTensor& one) {
        return io::isIntegerType(one.second.scalar_type());
    };
    const auto& weights = checkpoint.weights;
    if (!checkpoint.isHawq || input.forcePackFp || weights.empty() ||
        std::any_of(weights.begin(), weights.end(), isInteger)) {
        return;
    }
    for (const io::NamedTensor& one : weights) {
        io::exactIntegers(one.first, one.second); // names the first value that is no integer
    }
    fail(ErrorCode::InvalidArgument, "no integer tensors: the ", weights.size(),
         " weights are kept in floating point (", weights.front().first, " is ",
         typeName(weights.front().second.scalar_type()),
         "); their values are all integers, --force-pack-fp packs them");
}

bool writeBitPack(const fs::path& path, const io::IntegerCheckpoint& checkpoint,
                  const IntegerInput& input, IntegerFormat format, RunControl& control)
{
    const bool exact = isExact(format);
    const io::BitPackMode mode = exact ? io::BitPackMode::Exact : io::BitPackMode::Safe;
    io::BitPackFile file;
    file.entries.resize(checkpoint.weights.size());
    const auto count = static_cast<std::int64_t>(checkpoint.weights.size());
    if (!io::forEachTensorAtOnce(count, "looking", control, [&](std::int64_t i) {
            const io::NamedTensor& one = checkpoint.weights[static_cast<std::size_t>(i)];
            file.entries[static_cast<std::size_t>(i)] = io::encodeDeferred(
                one.first, io::integersToPack(one, input), mode, io::isToBePacked(one, input));
        })) {
        return false;
    }
    if (!exact) {
        for (const auto& [name, tensor] : checkpoint.carried) {
            file.entries.push_back({name, tensor.sizes().vec(), io::BitPackEntry::kRaw, 0, tensor});
        }
    }
    const bool legacy =
        format == IntegerFormat::BitPackLegacy || format == IntegerFormat::BitPackExactLegacy;
    return io::writeBitPack(
        path, file, legacy ? io::TorchContainer::Legacy : io::TorchContainer::Zip,
        exact ? io::BitPackOffsets::PackedOnly : io::BitPackOffsets::All, control);
}

/// Reads the file back and compares it with what was packed.
std::optional<PackedIntegerReport> prove(const io::IntegerCheckpoint& checkpoint,
                                         const IntegerInput& input, const fs::path& output,
                                         RunControl& control)
{
    const io::PackedIntegerReader back(output, {}, c10::kCPU);
    io::IntegerCheckpoint expected = checkpoint;
    for (io::NamedTensor& one : expected.weights) {
        // What a tolerance rounded is compared as it was rounded.
        one.second = input.tolerance > 0
                         ? io::integersToPack(one, input).to(one.second.scalar_type())
                         : one.second;
    }
    auto compared = io::compareIntegers(output, back, expected, control);
    if (!compared) {
        return std::nullopt;
    }
    IntegerComparison& comparison = *compared;
    const auto& differences = comparison.differences;
    BITLOOM_REQUIRE(differences.empty(), ErrorCode::VerifyFailed, output.string(),
                    " was written but does not read back as it should: ",
                    differences.empty() ? "" : differences.front().tensor + " ",
                    differences.empty() ? "" : differences.front().what);
    PackedIntegerReport report = std::move(comparison.packed);
    std::map<std::string, std::int64_t> sourceBytes;
    for (const auto* list : {&checkpoint.weights, &checkpoint.carried}) {
        for (const auto& [name, tensor] : *list) {
            sourceBytes[name] = static_cast<std::int64_t>(tensor.nbytes());
        }
    }
    std::size_t packed = 0;
    for (PackedIntegerInfo& tensor : report.tensors) {
        tensor.sourceBytes = sourceBytes[tensor.name];
        packed += tensor.bits == PackedIntegerInfo::kRaw ? 0 : 1;
    }
    report.notes.insert(report.notes.begin(), checkpoint.notes.begin(), checkpoint.notes.end());
    if (packed == 0) {
        report.notes.emplace_back(input.forcePackFp ? PhraseId::NothingPacked
                                                    : PhraseId::NothingPackedAsIs);
    }
    return report;
}

} // namespace

std::optional<PackedIntegerReport>
packIntegers(const IntegerInput& input, const IntegerPackOptions& options, RunControl& control)
{
    BITLOOM_REQUIRE(options.compress == 0 || options.format == IntegerFormat::Packed,
                    ErrorCode::InvalidArgument,
                    "--compress is of HDF5; BitPack's files have no compression");
    requireOtherThanInput(options.output, input.file);
    requireWritable(options.output);
    const io::IntegerCheckpoint checkpoint =
        io::readIntegerCheckpoint(input.file, {input.key, input.all});
    withContext(input.file, [&] { requireFlag(checkpoint, input); });
    std::optional<PackedIntegerReport> report;
    const auto proveStaged = [&](const fs::path& staged) {
        report = prove(checkpoint, input, staged, control);
        return report.has_value();
    };
    if (options.format == IntegerFormat::Packed) {
        ConversionRequest request;
        request.input = input.file;
        request.output = options.output;
        request.to = WeightFormat::Packed;
        request.compress = options.compress;
        const auto source =
            io::CheckpointSource::ofIntegers(checkpoint, input, options.widthPerChannel, control);
        if (!source) {
            return std::nullopt;
        }
        writeWeights(*source, request, control, proveStaged);
    } else {
        const auto write = [&](const fs::path& staged) {
            return withContext(input.file, [&] {
                return withTorchErrors([&] {
                    return writeBitPack(staged, checkpoint, input, options.format, control);
                });
            });
        };
        writeProven(options.output, write, proveStaged);
    }
    if (report) {
        report->file = options.output;
    }
    return report;
}

} // namespace bitloom
