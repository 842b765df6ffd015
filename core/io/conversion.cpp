// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/conversion.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/weight_source.h"
#include "core/io/weight_targets.h"

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

WeightFormat formatOf(const ConversionRequest& request)
{
    if (request.to) {
        return *request.to;
    }
    constexpr std::array kEndings{
        std::pair(".h5", WeightFormat::Packed),
        std::pair(".hdf5", WeightFormat::Packed),
        std::pair(".safetensors", WeightFormat::SafetensorsState),
        std::pair(".pth", WeightFormat::TorchState),
    };
    for (const auto& [ending, format] : kEndings) {
        if (request.output.ends_with(ending)) {
            return format;
        }
    }
    std::string names;
    for (const std::string& name : weightFormatNames()) {
        names += (names.empty() ? "" : ", ") + name;
    }
    fail(ErrorCode::InvalidArgument, "the ending of ", request.output,
         " says no format; --to takes one of ", names);
}

void requireMeaningful(const ConversionRequest& request, WeightFormat format)
{
    std::error_code absent; // an output that is not there cannot be the input
    BITLOOM_REQUIRE(!fs::equivalent(request.input, request.output, absent),
                    ErrorCode::InvalidArgument, request.output,
                    " is the input, which is never changed; name another output");
    const bool isState =
        format == WeightFormat::TorchState || format == WeightFormat::SafetensorsState;
    BITLOOM_REQUIRE(request.dtype.empty() || isState, ErrorCode::InvalidArgument,
                    "--dtype is of state dicts (pth, safetensors); ", toString(format),
                    " keeps the types of its input");
    BITLOOM_REQUIRE(!request.compress || format == WeightFormat::Packed, ErrorCode::InvalidArgument,
                    "--compress is of hdf5; ", toString(format), " has no compression");
}

/// Of a file, or of the files of a folder.
std::int64_t bytesOf(const fs::path& path)
{
    if (!fs::is_directory(path)) {
        return static_cast<std::int64_t>(fs::file_size(path));
    }
    std::int64_t bytes = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
        bytes += entry.is_regular_file() ? static_cast<std::int64_t>(entry.file_size()) : 0;
    }
    return bytes;
}

ConversionReport foresee(const io::PackedSource& source, const io::WeightTarget& target)
{
    ConversionReport report;
    report.inputFormat = source.formatName();
    for (const io::PackedTensorHeader& header : source.tensors()) {
        report.tensors.push_back(
            target.foresee(header.kind == io::PackedKind::Int
                               ? source.readParameters(header.name)
                               : io::PackedTensor{header, {}, {}, {}, {}, {}, {}, {}}));
    }
    report.losses = target.losses(source);
    report.notes = source.notes();
    return report;
}

} // namespace

std::optional<ConversionReport> convertWeights(const ConversionRequest& request,
                                               RunControl& control)
{
    const WeightFormat format = formatOf(request);
    requireMeaningful(request, format);
    const std::unique_ptr<io::PackedSource> source = io::openWeights(request);
    const std::unique_ptr<io::WeightTarget> target = io::makeWeightTarget(format, request);
    ConversionReport report = foresee(*source, *target);
    report.input = request.input;
    report.output = request.output;
    report.outputFormat = toString(format);
    report.inputBytes = bytesOf(request.input);
    if (request.dryRun) {
        return report;
    }
    // Not under its name before it has been compared.
    AtomicFile staged(request.output);
    if (!target->write(*source, staged.temporaryPath(), control) ||
        !target->compare(*source, staged.temporaryPath(), control)) {
        return std::nullopt;
    }
    report.outputBytes = static_cast<std::int64_t>(fs::file_size(staged.temporaryPath()));
    staged.commit();
    target->publishCompanions();
    report.verified = true;
    return report;
}

} // namespace bitloom
