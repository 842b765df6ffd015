// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/conversion.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/salvaged_source.h"
#include "core/io/stored_rows.h"
#include "core/io/weight_source.h"
#include "core/io/weight_targets.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <future>
#include <iterator>
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

/// As much of a tensor as is needed to foresee what becomes of it.
io::PackedTensor lookedAt(const io::PackedSource& source, const io::PackedTensorHeader& header,
                          const io::WeightTarget& target)
{
    return header.kind == io::PackedKind::Int && target.dependsOnCodes()
               ? source.readTensor(header.name)
               : source.withoutPayload(header);
}

/// What is known of a file that does not say how it is to be read.
ConversionReport askedFor(const ConversionRequest& request, WeightFormat format,
                          const OpenQuestion& question)
{
    ConversionReport report;
    report.input = request.input;
    report.output = request.output;
    report.outputFormat = toString(format);
    report.inputBytes = io::bytesOfFiles(request.input);
    report.question = question;
    return report;
}

Phrase reasonOf(const Error& error)
{
    const auto* said = dynamic_cast<const PhraseError*>(&error);
    return said == nullptr ? Phrase(error.what()) : said->phrase();
}

/// nullopt when cancelled.
std::optional<ConversionReport> foresee(const io::PackedSource& source,
                                        const io::WeightTarget& target, WeightFormat format,
                                        RunControl& control)
{
    ConversionReport report;
    report.inputFormat = source.formatName();
    report.outputFormat = toString(format);
    for (const io::PackedTensorHeader& header : source.tensors()) {
        if (control.shouldStop()) {
            return std::nullopt;
        }
        report.tensors.push_back(target.foresee(lookedAt(source, header, target)));
        report.foreseenBytes += report.tensors.back().bytes;
    }
    report.foreseenBytes += target.containerBytes(source);
    report.losses = target.losses(source);
    report.notes = source.notes();
    std::ranges::copy(target.notes(), std::back_inserter(report.notes));
    return report;
}

/// Not under its name before it has been proven.
bool write(const io::PackedSource& source, io::WeightTarget& target, const fs::path& output,
           RunControl& control, const WeightProof& prove)
{
    const bool complete = writeProven(
        output, [&](const fs::path& staged) { return target.write(source, staged, control); },
        [&](const fs::path& staged) {
            return prove ? prove(staged) : target.compare(source, staged, control, nullptr);
        });
    if (complete) {
        target.publishCompanions();
    }
    return complete;
}

} // namespace

void requireMeaningful(const ConversionRequest& request)
{
    const WeightFormat format = formatOf(request);
    if (!request.input.empty()) {
        requireOtherThanInput(request.output, request.input);
        for (const fs::path& file : io::filesOfWeights(request.input)) {
            requireOtherThanInput(request.output, file);
        }
    }
    BITLOOM_REQUIRE(request.dtype.empty() || isStateDict(format), ErrorCode::InvalidArgument,
                    "--dtype is of state dicts (pth, safetensors); ", toString(format),
                    " keeps the types of its input");
    BITLOOM_REQUIRE(request.compress >= 0 && request.compress <= 9, ErrorCode::InvalidArgument,
                    "deflate has levels 1 to 9, not ", request.compress);
    BITLOOM_REQUIRE(request.compress == 0 || format == WeightFormat::Packed,
                    ErrorCode::InvalidArgument, "--compress is of hdf5; ", toString(format),
                    " has no compression");
}

bool writeWeights(const io::PackedSource& source, const ConversionRequest& request,
                  RunControl& control, const WeightProof& prove)
{
    requireMeaningful(request);
    const WeightFormat format = formatOf(request);
    const std::unique_ptr<io::WeightTarget> target = io::makeWeightTarget(format, request);
    return write(source, *target, request.output, control, prove);
}

bool writeWeights(const io::PackedSource& source, const ConversionRequest& request,
                  RunControl& control, PackSheet& sheet)
{
    requireMeaningful(request);
    const std::unique_ptr<io::WeightTarget> target =
        io::makeWeightTarget(formatOf(request), request);
    return write(source, *target, request.output, control, [&](const fs::path& staged) {
        auto hash = std::async(std::launch::async, [&] { return sha256HexOfFile(staged); });
        if (!target->compare(source, staged, control, &sheet.tensors)) {
            return false;
        }
        for (PackSheetRow& row : sheet.tensors) {
            row.verified = true;
        }
        sheet.verified = true;
        sheet.sha256 = hash.get();
        io::fillSizes(staged, sheet);
        return true;
    });
}

std::optional<ConversionReport> convertWeights(const ConversionRequest& request,
                                               RunControl& control)
{
    requireMeaningful(request);
    const WeightFormat format = formatOf(request);
    std::unique_ptr<io::PackedSource> source;
    try {
        source = io::openWeights(request);
    } catch (const UnansweredError& error) {
        if (!request.dryRun) {
            throw;
        }
        return askedFor(request, format, error.question());
    }
    if (request.salvage) {
        source = std::make_unique<io::SalvagedSource>(std::move(source));
    }
    const std::unique_ptr<io::WeightTarget> target = io::makeWeightTarget(format, request);
    std::optional<ConversionReport> foreseen = foresee(*source, *target, format, control);
    if (!foreseen) {
        return std::nullopt;
    }
    ConversionReport& report = *foreseen;
    report.input = request.input;
    report.output = request.output;
    report.inputBytes = io::bytesOfFiles(request.input);
    if (request.dryRun) {
        return foreseen;
    }
    if (!write(*source, *target, request.output, control, {})) {
        return std::nullopt;
    }
    report.outputBytes = static_cast<std::int64_t>(fs::file_size(request.output));
    report.verified = true;
    return foreseen;
}

std::optional<std::vector<ConversionReport>> foreseeFormats(const io::PackedSource& source,
                                                            std::span<const WeightFormat> formats,
                                                            const std::string& dtype,
                                                            RunControl& control)
{
    std::vector<ConversionReport> reports;
    for (const WeightFormat format : formats) {
        ConversionRequest request;
        request.output = "model" + std::string(fileEnding(format));
        request.dtype = isStateDict(format) ? dtype : std::string();
        try {
            auto report = foresee(source, *io::makeWeightTarget(format, request), format, control);
            if (!report) {
                return std::nullopt;
            }
            reports.push_back(std::move(*report));
        } catch (const Error& error) {
            if (error.code() != ErrorCode::InvalidArgument &&
                error.code() != ErrorCode::Unsupported) {
                throw;
            }
            reports.push_back({});
            reports.back().inputFormat = source.formatName();
            reports.back().outputFormat = toString(format);
            reports.back().refusal = reasonOf(error);
        }
    }
    return reports;
}

} // namespace bitloom
