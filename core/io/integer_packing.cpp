// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/ops/torch_errors.h"
#include "core/pack/bitpack_layout.h"

#include <c10/util/Half.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <system_error>
#include <type_traits>
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

struct RowRange {
    std::vector<std::uint8_t> bits;
    std::vector<std::int32_t> origin;
};

/// Width and smallest value of each channel; nullopt where one needs more than 16 bits.
std::optional<RowRange> rowRanges(const std::string& name, const at::Tensor& integers)
{
    RowRange rows;
    for (std::int64_t row = 0; row < integers.size(0); ++row) {
        const io::IntegerRange range = *io::rangeOf(name, integers.select(0, row).contiguous());
        const int bits = tightBitWidth(range.span());
        if (bits > kMaxPackedBits) {
            return std::nullopt;
        }
        rows.bits.push_back(static_cast<std::uint8_t>(bits));
        rows.origin.push_back(static_cast<std::int32_t>(range.low));
    }
    return rows;
}

/// The scale that belongs to a weight; empty where the checkpoint has none.
std::vector<float> scaleOf(const std::string& weight, const io::IntegerCheckpoint& checkpoint)
{
    const auto scale = checkpoint.scaleOf.find(weight);
    if (scale == checkpoint.scaleOf.end()) {
        return {};
    }
    const auto carried =
        std::find_if(checkpoint.carried.begin(), checkpoint.carried.end(),
                     [&](const io::NamedTensor& one) { return one.first == scale->second; });
    const at::Tensor values = carried->second.to(at::kFloat).reshape({-1}).contiguous();
    return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

/// Of a value that is known to be an integer of 32 bits.
std::int32_t toInt32(auto value)
{
    if constexpr (std::is_same_v<decltype(value), Half>) {
        return static_cast<std::int32_t>(c10::detail::fp16_ieee_to_fp32_value(value.bits));
    } else {
        return static_cast<std::int32_t>(value);
    }
}

/// A tensor for our HDF5: min_shift codes where 16 bits hold them, else as it is.
io::PackedTensor packedTensor(const io::NamedTensor& source, const IntegerInput& input,
                              const io::IntegerCheckpoint& checkpoint, bool widthPerChannel)
{
    const auto raw = [&] { return encodeParameter({source.first, source.second}, nullptr); };
    const at::Tensor integers = integersToPack(source, input);
    const auto range = isPacked(source, input) ? io::rangeOf(source.first, integers) : std::nullopt;
    if (!range || !range->fitsInt32()) {
        return raw();
    }
    io::PackedTensor tensor;
    tensor.name = source.first;
    tensor.shape = source.second.sizes().vec();
    tensor.dtype = dtypeName(source.first, source.second.scalar_type());
    tensor.encoding = io::CodeEncoding::MinShift;
    tensor.bits = tightBitWidth(range->span());
    tensor.origin = {static_cast<std::int32_t>(range->low)};
    if (widthPerChannel && integers.dim() > 0) {
        if (auto rows = rowRanges(source.first, integers)) {
            tensor.bits = io::PackedTensorHeader::kBitsPerRow;
            tensor.rowBits = std::move(rows->bits);
            tensor.origin = std::move(rows->origin);
        }
    }
    if (tensor.bits > kMaxPackedBits) {
        return raw();
    }
    tensor.scale = scaleOf(source.first, checkpoint);
    const auto cols = static_cast<std::size_t>(tensor.matrix().cols);
    std::vector<std::int32_t> piece;
    io::visitPackable(integers, [&](auto values) {
        io::packIntegers(tensor, [&](std::int64_t row, std::int64_t rows) {
            const auto some = values.subspan(static_cast<std::size_t>(row) * cols,
                                             static_cast<std::size_t>(rows) * cols);
            piece.resize(some.size());
            std::transform(some.begin(), some.end(), piece.begin(),
                           [](auto value) { return toInt32(value); });
            return std::span<const std::int32_t>(piece);
        });
    });
    return tensor;
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
            writer.add(packedTensor(one, input, checkpoint, options.widthPerChannel));
        })) {
        return false;
    }
    std::set<std::string> withCodes;
    for (const auto& [weight, scale] : checkpoint.scaleOf) {
        withCodes.insert(scale);
    }
    for (const auto& [name, tensor] : checkpoint.carried) {
        if (!withCodes.contains(name)) {
            writer.add(encodeParameter({name, tensor}, nullptr));
        }
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
