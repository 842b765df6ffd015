// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/identify.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/architecture_guess.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;
using Json = nlohmann::json;

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

std::string_view describe(DocumentKind kind)
{
    switch (kind) {
    case DocumentKind::Plan:
        return "a bit plan";
    case DocumentKind::Sensitivity:
        return "a sensitivity table";
    case DocumentKind::Predictions:
        return "a list of predictions";
    default:
        return "a JSON file";
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

void describePacked(FileReport& report)
{
    try {
        const io::PackedFileReader reader(report.file);
        report.kind = DocumentKind::Packed;
        report.description = "a packed model";
        report.model = report.file;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::UnknownFormat) { // HDF5 of another program
            throw;
        }
    }
}

} // namespace

FileReport identifyFile(const std::string& file)
{
    FileReport report;
    report.file = file;
    std::error_code absent; // what cannot be looked at is opened below, which says why it cannot
    if (fs::is_directory(file, absent)) {
        const bool isProject = fs::exists(fs::path(file) / "project.json", absent);
        report.kind = isProject ? DocumentKind::Project : DocumentKind::Unknown;
        report.description = isProject ? "a Bitloom project" : "a folder";
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
        report.kind = DocumentKind::StateDict;
        describeStateDict(report);
        break;
    case io::FileKind::Hdf5:
        describePacked(report);
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
