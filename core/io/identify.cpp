// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/identify.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/architecture_guess.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/io/weight_source.h"
#include "core/io/weight_targets.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// The "format" of one of our JSON documents; empty for any other text. Nothing else is kept, so a
/// long document costs no memory.
std::string formatOf(const MappedFile& file)
{
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.size());
    const auto keep = [](int depth, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::key && depth == 1) {
            return value == "format";
        }
        return depth <= 1;
    };
    const Json document = Json::parse(text, keep, false);
    if (!document.is_object()) {
        return {};
    }
    const auto format = document.find("format");
    return format != document.end() && format->is_string() ? format->get<std::string>()
                                                           : std::string();
}

DocumentKind documentKind(const std::string& format)
{
    return format == "bitloom.plan"          ? DocumentKind::Plan
           : format == "bitloom.sensitivity" ? DocumentKind::Sensitivity
           : format == "bitloom.predictions" ? DocumentKind::Predictions
                                             : DocumentKind::Unknown;
}

Phrase describe(DocumentKind kind)
{
    switch (kind) {
    case DocumentKind::Plan:
        return PhraseId::BitPlanFile;
    case DocumentKind::Sensitivity:
        return PhraseId::SensitivityFile;
    case DocumentKind::Predictions:
        return PhraseId::PredictionsFile;
    default:
        return PhraseId::JsonFile;
    }
}

void describeStateDict(FileReport& report)
{
    io::StateListing listing = io::listStateDict(report.file);
    for (const io::StateEntry& entry : listing.entries) {
        const auto perElement = static_cast<std::int64_t>(c10::elementSize(entry.type));
        const std::string what = "tensor " + entry.name;
        report.tensors.push_back(
            {entry.name, entry.sizes, typeName(entry.type),
             checkedMultiply(checkedNumel(entry.sizes, what), perElement, what)});
    }
    report.notes = std::move(listing.notes);
    report.guesses = guessArchitectures(listing.entries, report.file);
    // One architecture that fits needs no choice.
    const bool one = !report.guesses.empty() && report.guesses.front().fits &&
                     (report.guesses.size() == 1 || !report.guesses[1].fits);
    report.model = one ? report.guesses.front().model : std::string();
}

FileTensor tensorOf(const io::PackedSource& source, const io::PackedTensorHeader& header)
{
    FileTensor tensor{header.name, header.shape, header.dtype,
                      header.payloadBytes + header.parameterBytes};
    if (header.kind == io::PackedKind::Int && header.bits != io::PackedTensorHeader::kBitsPerRow) {
        tensor.bits = header.bits;
    }
    if (header.kind != io::PackedKind::Raw) {
        tensor.storage = textOf(io::describeStorage(source.withoutPayload(header)));
    }
    return tensor;
}

void describePacked(const io::PackedSource& source, FileReport& report)
{
    report.container = source.formatName();
    report.notes = source.notes();
    for (const io::PackedTensorHeader& header : source.tensors()) {
        report.tensors.push_back(tensorOf(source, header));
    }
    if (source.meta().hasNetwork()) {
        report.description = {PhraseId::PackedModelIn, {report.container}};
        report.model = report.file;
    } else {
        report.description = {PhraseId::PackedWeightsIn, {report.container}};
        report.guesses = guessArchitectures(entriesOf(source), report.file);
    }
}

/// Packed weights in any container. False for a file that holds none.
bool describePackedWeights(FileReport& report)
{
    std::unique_ptr<io::PackedSource> source;
    try {
        source = io::openPackedWeights(fs::path(report.file));
    } catch (const Error& error) {
        if (error.code() == ErrorCode::InvalidArgument) { // an option has to say what it does not
            report.kind = DocumentKind::Packed;
            report.description = PhraseId::UnansweredWeights;
            report.notes = {error.what()};
            return true;
        }
        if (error.code() != ErrorCode::UnknownFormat) { // HDF5 of another program
            throw;
        }
    }
    if (!source) {
        return false;
    }
    report.kind = DocumentKind::Packed;
    withContext(report.file, [&] { describePacked(*source, report); });
    return true;
}

void describeWeights(FileReport& report)
{
    if (!describePackedWeights(report)) {
        report.kind = DocumentKind::StateDict;
        describeStateDict(report);
    }
}

} // namespace

FileReport identifyFile(const std::string& file)
{
    FileReport report;
    report.file = file;
    std::error_code absent; // what cannot be looked at is opened below, which says why it cannot
    const bool isFolder = fs::is_directory(file, absent);
    const bool isProject = isFolder && fs::exists(fs::path(file) / "project.json", absent);
    if (!isProject && io::standsForWeightFiles(file)) {
        report.fileBytes = io::bytesOfFiles(file);
        report.description =
            isFolder ? Phrase(PhraseId::WeightFolder) : Phrase("a list of safetensors files");
        describeWeights(report);
        return report;
    }
    if (isFolder) {
        report.kind = isProject ? DocumentKind::Project : DocumentKind::Unknown;
        report.description = isProject ? PhraseId::ProjectFolder : PhraseId::Folder;
        return report;
    }
    const io::FileKind content = io::detectFileKind(fs::path(file));
    report.fileBytes = static_cast<std::int64_t>(MappedFile(file).size());
    report.description = io::describe(content);
    switch (content) {
    case io::FileKind::TorchScript:
        report.kind = DocumentKind::TorchScript;
        report.model = file;
        break;
    case io::FileKind::TorchZip:
    case io::FileKind::TorchLegacy:
    case io::FileKind::Safetensors:
        describeWeights(report);
        break;
    case io::FileKind::Hdf5:
        describePackedWeights(report);
        break;
    case io::FileKind::Json:
        report.kind = documentKind(formatOf(MappedFile(file)));
        report.description = describe(report.kind);
        break;
    default:
        break;
    }
    return report;
}

} // namespace bitloom
