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

io::PackedIntegerReader openPacked(const std::string& file, const IntegerUnpackOptions& options)
{
    const auto device = withTorchErrors([&] { return c10::Device(options.device); });
    return {file, {options.assumedOffset}, device};
}

/// The tensors of an output, each read and unpacked while it is written, and then told to the
/// report.
std::vector<io::DeferredTensor> outputsOf(const io::PackedIntegerReader& reader,
                                          std::optional<c10::ScalarType> type,
                                          PackedIntegerReport& report, RunControl& control)
{
    std::vector<io::DeferredTensor> outputs;
    for (std::size_t i = 0; i < reader.size(); ++i) {
        const c10::ScalarType has = reader.type(i);
        // Our HDF5 says which type the integers had; BitPack's loader gives int32.
        const c10::ScalarType wanted =
            reader.isPacked(i) ? type.value_or(reader.sourceType(i).value_or(has)) : has;
        const auto write = [&reader, &report, &control, i, has, wanted](const ByteSink& sink) {
            io::PackedInteger integer = reader.read(i);
            std::int64_t bytes = 0;
            integer.visit([&](std::int64_t first, const at::Tensor& piece) {
                if (control.shouldStop()) {
                    throw io::Stopped{};
                }
                const at::Tensor values = wanted == has
                                              ? piece
                                              : io::convertIntegers(integer.info.name, piece, first,
                                                                    integer.info.shape, wanted);
                sink({static_cast<const std::byte*>(values.const_data_ptr()), values.nbytes()});
                bytes += static_cast<std::int64_t>(values.nbytes());
            });
            integer.info.sourceBytes = bytes;
            io::addTo(report, integer.info);
            control.report({"unpacking", static_cast<std::int64_t>(i) + 1,
                            static_cast<std::int64_t>(reader.size()), "tensors"});
        };
        outputs.push_back({reader.name(i), reader.shape(i), wanted, write});
    }
    return outputs;
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
    const io::PackedIntegerReader reader = openPacked(file, options);
    PackedIntegerReport report = io::reportOn(file);
    report.notes = reader.notes();
    if (!options.output.empty()) {
        const auto outputs = outputsOf(reader, type, report, control);
        const bool complete =
            io::untilStopped([&] { io::writeStateDict(options.output, outputs); });
        return complete ? std::optional(report) : std::nullopt;
    }
    for (std::size_t i = 0; i < reader.size(); ++i) {
        if (control.shouldStop()) {
            return std::nullopt;
        }
        io::addTo(report, reader.read(i).info);
    }
    return report;
}

std::optional<IntegerComparison> verifyIntegers(const std::string& file,
                                                const IntegerUnpackOptions& options,
                                                const IntegerInput& original, RunControl& control)
{
    const io::PackedIntegerReader packed = openPacked(file, options);
    const io::IntegerCheckpoint source =
        io::readIntegerCheckpoint(original.file, {original.key, original.all});
    auto comparison = io::compareIntegers(file, packed, source, control);
    if (comparison) {
        comparison->original = original.file;
    }
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
