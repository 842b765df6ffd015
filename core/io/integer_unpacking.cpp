// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/ops/torch_errors.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

io::PackedIntegers read(const std::string& file, const IntegerUnpackOptions& options,
                        RunControl& control)
{
    const auto device = withTorchErrors([&] { return c10::Device(options.device); });
    return io::readPackedIntegers(file, {options.assumedOffset}, device, control);
}

at::Tensor asOutput(const io::PackedInteger& integer, std::optional<c10::ScalarType> type)
{
    const at::Tensor values = integer.values.cpu();
    // Our HDF5 says which type the integers had; BitPack's loader gives int32.
    const auto wanted = type ? type : dtypeNamed(integer.info.dtype);
    return wanted && integer.info.bits != PackedIntegerInfo::kRaw
               ? io::convertIntegers(integer.info.name, values, *wanted)
               : values;
}

} // namespace

std::optional<PackedIntegerReport>
unpackIntegers(const std::string& file, const IntegerUnpackOptions& options, RunControl& control)
{
    const auto type = dtypeNamed(options.dtype);
    BITLOOM_REQUIRE(options.dtype.empty() || type.has_value(), ErrorCode::InvalidArgument,
                    "there is no type ", options.dtype,
                    "; int8, uint8, int16, int32, int64, float16, bfloat16, float32 and float64 "
                    "are possible");
    if (!options.output.empty()) {
        std::error_code absent; // an output that is not there cannot be the input
        BITLOOM_REQUIRE(!fs::equivalent(file, options.output, absent), ErrorCode::InvalidArgument,
                        options.output,
                        " is the input, which is never changed; name another output");
        requireWritable(options.output);
    }
    const io::PackedIntegers integers = read(file, options, control);
    if (control.shouldStop()) {
        return std::nullopt;
    }
    PackedIntegerReport report = io::reportOn(file, integers);
    if (!options.output.empty()) {
        io::StateDict state;
        withContext(file, [&] {
            for (std::size_t i = 0; i < integers.tensors.size(); ++i) {
                const io::PackedInteger& integer = integers.tensors[i];
                state.tensors.emplace_back(integer.info.name, asOutput(integer, type));
                report.tensors[i].sourceBytes =
                    static_cast<std::int64_t>(state.tensors.back().second.nbytes());
            }
        });
        io::writeStateDict(options.output, state);
    }
    return report;
}

std::optional<IntegerComparison> verifyIntegers(const std::string& file,
                                                const IntegerUnpackOptions& options,
                                                const IntegerInput& original, RunControl& control)
{
    const io::PackedIntegers packed = read(file, options, control);
    if (control.shouldStop()) {
        return std::nullopt;
    }
    const io::IntegerCheckpoint source =
        io::readIntegerCheckpoint(original.file, {original.key, original.all});
    IntegerComparison comparison = io::compareIntegers(packed, source);
    std::vector<std::string> notes = std::move(comparison.packed.notes);
    comparison.packed = io::reportOn(file, packed);
    comparison.original = original.file;
    comparison.packed.notes.insert(comparison.packed.notes.end(), notes.begin(), notes.end());
    return comparison;
}

bool holdsPackedIntegers(const std::string& file)
{
    const io::FileKind kind = io::detectFileKind(fs::path(file));
    if (kind == io::FileKind::Hdf5) {
        return io::PackedFileReader(file).meta().graph == "{}";
    }
    return kind == io::FileKind::TorchZip || kind == io::FileKind::TorchLegacy ||
           kind == io::FileKind::TorchTar;
}

} // namespace bitloom
