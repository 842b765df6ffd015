// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_encoding.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/ops/torch_errors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

bool isExact(IntegerFormat format)
{
    return format == IntegerFormat::BitPackExact || format == IntegerFormat::BitPackExactLegacy;
}

/// The integers of a tensor that is to be packed; the tensor itself where it holds none.
at::Tensor integersToPack(const io::NamedTensor& one, const IntegerInput& input)
{
    const bool forced = input.forcePackFp && c10::isFloatingType(one.second.scalar_type());
    return forced ? io::packableIntegers(one.first, one.second, input.tolerance)
                  : one.second.contiguous();
}

/// True for what integersToPack() gives integers of, though a floating point type may hold them.
bool isPacked(const io::NamedTensor& one, const IntegerInput& input)
{
    const c10::ScalarType type = one.second.scalar_type();
    return io::isIntegerType(type) || (input.forcePackFp && c10::isFloatingType(type));
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

/// Calls use(tensor) for each tensor in turn. False when cancelled.
template <typename Use>
bool forEachTensor(const std::vector<io::NamedTensor>& tensors, RunControl& control, Use use)
{
    const auto count = static_cast<std::int64_t>(tensors.size());
    for (std::int64_t i = 0; i < count; ++i) {
        if (control.shouldStop()) {
            return false;
        }
        use(tensors[static_cast<std::size_t>(i)]);
        control.report({"packing", i + 1, count, "tensors"});
    }
    return true;
}

bool writePacked(const io::IntegerCheckpoint& checkpoint, const IntegerInput& input,
                 const IntegerPackOptions& options, RunControl& control)
{
    io::PackedMeta meta;
    meta.model = fs::path(input.file).filename().string();
    meta.provenance = nlohmann::json{{"source", input.file}}.dump();
    io::PackedFileWriter writer(options.output, meta);
    if (!forEachTensor(checkpoint.weights, control, [&](const io::NamedTensor& one) {
            writer.add(io::encodeIntegers(one, integersToPack(one, input), isPacked(one, input),
                                          checkpoint, options.widthPerChannel));
        })) {
        return false;
    }
    for (const auto& [name, tensor] : io::carriedApart(checkpoint)) {
        writer.add(encodeParameter({name, tensor}, nullptr));
    }
    writer.finish();
    return true;
}

bool writeBitPack(const io::IntegerCheckpoint& checkpoint, const IntegerInput& input,
                  const IntegerPackOptions& options, RunControl& control)
{
    const bool exact = isExact(options.format);
    const io::BitPackMode mode = exact ? io::BitPackMode::Exact : io::BitPackMode::Safe;
    io::BitPackFile file;
    if (!forEachTensor(checkpoint.weights, control, [&](const io::NamedTensor& one) {
            file.entries.push_back(io::encodeDeferred(one.first, integersToPack(one, input), mode,
                                                      isPacked(one, input)));
            io::BitPackEntry& entry = file.entries.back();
            if (entry.deferred) {
                entry.deferred = [bytes = std::move(entry.deferred),
                                  &control](const ByteSink& sink) {
                    bytes([&](std::span<const std::byte> piece) {
                        if (control.stopRequested()) {
                            throw io::Stopped{};
                        }
                        sink(piece);
                    });
                };
            }
        })) {
        return false;
    }
    if (!exact) {
        for (const auto& [name, tensor] : checkpoint.carried) {
            file.entries.push_back({name, tensor.sizes().vec(), io::BitPackEntry::kRaw, 0, tensor});
        }
    }
    const bool legacy = options.format == IntegerFormat::BitPackLegacy ||
                        options.format == IntegerFormat::BitPackExactLegacy;
    return io::untilStopped([&] {
        io::writeBitPack(options.output, file,
                         legacy ? io::TorchContainer::Legacy : io::TorchContainer::Zip,
                         exact ? io::BitPackOffsets::PackedOnly : io::BitPackOffsets::All);
    });
}

/// Reads the file back and compares it with what was packed.
std::optional<PackedIntegerReport> prove(const io::IntegerCheckpoint& checkpoint,
                                         const IntegerInput& input, const std::string& output,
                                         RunControl& control)
{
    const io::PackedIntegerReader back(output, {}, c10::kCPU);
    io::IntegerCheckpoint expected = checkpoint;
    for (io::NamedTensor& one : expected.weights) {
        // What a tolerance rounded is compared as it was rounded.
        one.second = input.tolerance > 0 ? integersToPack(one, input).to(one.second.scalar_type())
                                         : one.second;
    }
    auto compared = io::compareIntegers(output, back, expected, control);
    if (!compared) {
        return std::nullopt;
    }
    IntegerComparison& comparison = *compared;
    const auto& differences = comparison.differences;
    BITLOOM_REQUIRE(differences.empty(), ErrorCode::VerifyFailed, output,
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
        report.notes.emplace_back("0 tensors packed: none holds integers of a span that fits" +
                                  std::string(input.forcePackFp
                                                  ? ""
                                                  : "; --force-pack-fp packs integers that are "
                                                    "kept in floating point"));
    }
    return report;
}

} // namespace

std::optional<PackedIntegerReport>
packIntegers(const IntegerInput& input, const IntegerPackOptions& options, RunControl& control)
{
    std::error_code absent; // an output that is not there cannot be the input
    BITLOOM_REQUIRE(!fs::equivalent(input.file, options.output, absent), ErrorCode::InvalidArgument,
                    options.output, " is the input, which is never changed; name another output");
    requireWritable(options.output);
    const io::IntegerCheckpoint checkpoint =
        io::readIntegerCheckpoint(input.file, {input.key, input.all});
    const bool complete = withContext(input.file, [&] {
        return withTorchErrors([&] {
            requireFlag(checkpoint, input);
            return options.format == IntegerFormat::Packed
                       ? writePacked(checkpoint, input, options, control)
                       : writeBitPack(checkpoint, input, options, control);
        });
    });
    return complete ? prove(checkpoint, input, options.output, control) : std::nullopt;
}

} // namespace bitloom
