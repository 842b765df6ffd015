// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/salvaged_source.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"

#include <filesystem>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

io::PackedIntegerReader openPacked(const std::string& file, const IntegerUnpackOptions& options)
{
    const auto device = withTorchErrors([&] { return c10::Device(options.device); });
    return {file, {options.assumedOffset, options.ignoreCrc}, device};
}

/// The tensors of an output, each read and unpacked while it is written, and then told to the
/// report.
std::vector<io::DeferredTensor> outputsOf(const io::PackedIntegerReader& reader,
                                          const std::vector<std::size_t>& wantedTensors,
                                          std::optional<c10::ScalarType> type,
                                          PackedIntegerReport& report, RunControl& control)
{
    std::vector<io::DeferredTensor> outputs;
    for (const std::size_t i : wantedTensors) {
        const c10::ScalarType has = reader.type(i);
        // Our HDF5 says which type the integers had; BitPack's loader gives int32.
        const c10::ScalarType wanted =
            reader.isPacked(i) ? type.value_or(reader.sourceType(i).value_or(has)) : has;
        const auto write = [&reader, &report, &control, i, has, wanted](const ByteSink& sink) {
            io::PackedInteger integer = reader.read(i);
            std::int64_t bytes = 0;
            integer.visit([&](std::int64_t first, const at::Tensor& piece) {
                if (control.shouldStop()) {
                    throw Stopped{};
                }
                const at::Tensor values = wanted == has
                                              ? piece
                                              : io::convertIntegers(integer.info.name, piece, first,
                                                                    integer.info.shape, wanted);
                sink(bytesOfTensor(values));
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

/// Numbers of the tensors that are to be unpacked: all, or those that can be read.
std::vector<std::size_t> tensorsOf(const io::PackedIntegerReader& reader, bool salvage,
                                   std::vector<Phrase>& notes)
{
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < reader.size(); ++i) {
        try {
            if (salvage) {
                reader.read(i);
            }
            numbers.push_back(i);
        } catch (const Error& error) {
            if (!io::isDamage(error)) {
                throw;
            }
            notes.push_back(io::noteOfDamage(error));
        }
    }
    return numbers;
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
        requireOtherThanInput(options.output, file);
        requireWritable(options.output);
    }
    const io::PackedIntegerReader reader = openPacked(file, options);
    PackedIntegerReport report = io::reportOn(file);
    report.notes = reader.notes();
    const std::vector<std::size_t> tensors = tensorsOf(reader, options.salvage, report.notes);
    if (!options.output.empty()) {
        const auto outputs = outputsOf(reader, tensors, type, report, control);
        const bool complete = untilStopped([&] { io::writeStateDict(options.output, outputs); });
        return complete ? std::optional(report) : std::nullopt;
    }
    for (const std::size_t i : tensors) {
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
    if (io::standsForWeightFiles(file)) {
        return false;
    }
    const io::FileKind kind = io::detectFileKind(fs::path(file));
    if (kind == io::FileKind::Hdf5) {
        return io::PackedFileReader(file).meta().graph == "{}";
    }
    return kind == io::FileKind::TorchZip || kind == io::FileKind::TorchLegacy ||
           kind == io::FileKind::TorchTar;
}

} // namespace bitloom
