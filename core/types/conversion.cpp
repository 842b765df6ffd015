// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/conversion.h"

#include "core/types/detail/phrase_json.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bitloom {

using json::Cursor;
using json::Json;

namespace {

constexpr std::array kFormats{
    std::pair(WeightFormat::Packed, "hdf5"),
    std::pair(WeightFormat::BitPack, "bitpack"),
    std::pair(WeightFormat::BitPackExact, "bitpack-exact"),
    std::pair(WeightFormat::BitPackLegacy, "bitpack-legacy"),
    std::pair(WeightFormat::BitPackExactLegacy, "bitpack-exact-legacy"),
    std::pair(WeightFormat::TorchState, "pth"),
    std::pair(WeightFormat::SafetensorsState, "safetensors"),
    std::pair(WeightFormat::CompressedTensors, "compressed-tensors"),
};

constexpr std::array kQuestions{InputQuestion::GptqZeros, InputQuestion::CtLayout,
                                InputQuestion::BitPackOffset};

/// What the command line says in addition.
std::string_view adviceFor(InputQuestion question)
{
    switch (question) {
    case InputQuestion::GptqZeros:
        return "--gptq-zeros v1 (less one) or v2 (as they are) decides";
    case InputQuestion::CtLayout:
        return "give --ct-layout=padded or --ct-layout=dense";
    case InputQuestion::BitPackOffset:
        return "--assume-offset gives one";
    }
    return "";
}

} // namespace

std::string_view toString(InputQuestion question)
{
    switch (question) {
    case InputQuestion::GptqZeros:
        return "gptq_zeros";
    case InputQuestion::CtLayout:
        return "ct_layout";
    case InputQuestion::BitPackOffset:
        return "bitpack_offset";
    }
    return "unknown";
}

UnansweredError::UnansweredError(OpenQuestion question)
    : PhraseError(ErrorCode::InvalidArgument, question.why, adviceFor(question.asked)),
      m_question(std::move(question))
{
}

std::string_view toString(WeightFormat format)
{
    for (const auto& [known, name] : kFormats) {
        if (known == format) {
            return name;
        }
    }
    return "unknown";
}

std::optional<WeightFormat> weightFormatFrom(std::string_view name)
{
    for (const auto& [format, known] : kFormats) {
        if (name == known) {
            return format;
        }
    }
    return std::nullopt;
}

std::string_view fileEnding(WeightFormat format)
{
    switch (format) {
    case WeightFormat::Packed:
        return ".h5";
    case WeightFormat::BitPack:
    case WeightFormat::BitPackExact:
    case WeightFormat::BitPackLegacy:
    case WeightFormat::BitPackExactLegacy:
        return ".pth.tar";
    case WeightFormat::TorchState:
        return ".pth";
    case WeightFormat::SafetensorsState:
    case WeightFormat::CompressedTensors:
        return ".safetensors";
    }
    return "";
}

bool holdsModel(WeightFormat format)
{
    return format == WeightFormat::Packed || format == WeightFormat::CompressedTensors;
}

bool isStateDict(WeightFormat format)
{
    return format == WeightFormat::TorchState || format == WeightFormat::SafetensorsState;
}

const std::vector<std::string>& stateDictTypes()
{
    static const std::vector<std::string> types{"float32", "float16", "bfloat16", "float64"};
    return types;
}

WeightFormat exportFormat(std::string_view file)
{
    return file.ends_with(fileEnding(WeightFormat::CompressedTensors))
               ? WeightFormat::CompressedTensors
               : WeightFormat::Packed;
}

const std::vector<WeightFormat>& weightFormats()
{
    static const std::vector<WeightFormat> formats = [] {
        std::vector<WeightFormat> all;
        for (const auto& [format, name] : kFormats) {
            all.push_back(format);
        }
        return all;
    }();
    return formats;
}

const std::vector<std::string>& weightFormatNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& [format, name] : kFormats) {
            all.emplace_back(name);
        }
        return all;
    }();
    return names;
}

std::string_view toString(ConversionFate fate)
{
    switch (fate) {
    case ConversionFate::Kept:
        return "kept";
    case ConversionFate::Changed:
        return "changed";
    case ConversionFate::Lost:
        return "lost";
    }
    return "unknown";
}

std::int64_t countOf(const ConversionReport& report, ConversionFate fate)
{
    return std::count_if(report.tensors.begin(), report.tensors.end(),
                         [fate](const ConvertedTensor& tensor) { return tensor.fate == fate; });
}

namespace {

Json objectOf(const ConvertedTensor& tensor)
{
    Json object;
    Json phrases = Json::object();
    object["name"] = tensor.name;
    object["shape"] = tensor.shape;
    json::put(object, phrases, "before", tensor.before);
    json::put(object, phrases, "after", tensor.after);
    object["fate"] = toString(tensor.fate);
    json::put(object, phrases, "what", tensor.what);
    object["bytes"] = tensor.bytes;
    object["phrases"] = std::move(phrases);
    return object;
}

ConvertedTensor tensorOf(const Cursor& object)
{
    constexpr std::array kFates{ConversionFate::Kept, ConversionFate::Changed,
                                ConversionFate::Lost};
    return {object.at("name").text(),
            json::integers(object.at("shape"), 0),
            json::phraseUnder(object, "before"),
            json::phraseUnder(object, "after"),
            json::named(object.at("fate"), kFates),
            json::phraseUnder(object, "what"),
            object.at("bytes").integer(0)};
}

Json objectOf(const ConversionReport& report)
{
    Json document;
    Json phrases = Json::object();
    document["input"] = report.input;
    json::put(document, phrases, "input_format", report.inputFormat);
    document["output"] = report.output;
    document["output_format"] = report.outputFormat;
    document["input_bytes"] = report.inputBytes;
    document["foreseen_bytes"] = report.foreseenBytes;
    document["output_bytes"] = report.outputBytes;
    document["verified"] = report.verified;
    Json& tensors = document["tensors"] = Json::array();
    for (const ConvertedTensor& tensor : report.tensors) {
        tensors.push_back(objectOf(tensor));
    }
    json::put(document, phrases, "losses", report.losses);
    json::put(document, phrases, "notes", report.notes);
    if (!report.refusal.empty()) {
        json::put(document, phrases, "refusal", report.refusal);
    }
    document["phrases"] = std::move(phrases);
    if (report.question) {
        Json question;
        Json words = Json::object();
        question["asked"] = toString(report.question->asked);
        json::put(question, words, "why", report.question->why);
        question["phrases"] = std::move(words);
        document["question"] = std::move(question);
    }
    return document;
}

ConversionReport reportOf(const Cursor& root)
{
    ConversionReport report;
    report.input = root.at("input").text();
    report.inputFormat = json::phraseUnder(root, "input_format");
    report.output = root.at("output").text();
    report.outputFormat = root.at("output_format").text();
    report.inputBytes = root.at("input_bytes").integer(0);
    report.foreseenBytes = root.at("foreseen_bytes").integer(0);
    report.outputBytes = root.at("output_bytes").integer(0);
    report.verified = root.at("verified").boolean();
    const Cursor tensors = root.at("tensors");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        report.tensors.push_back(tensorOf(tensors.at(i)));
    }
    report.losses = json::phrasesUnder(root, "losses");
    report.notes = json::phrasesUnder(root, "notes");
    if (root.find("refusal")) {
        report.refusal = json::phraseUnder(root, "refusal");
    }
    if (const auto question = root.find("question")) {
        report.question = OpenQuestion{json::named(question->at("asked"), kQuestions),
                                       json::phraseUnder(*question, "why")};
    }
    return report;
}

} // namespace

std::string toJson(const ConversionReport& report)
{
    return json::dumpLine(objectOf(report));
}

ConversionReport conversionReportFromJson(std::string_view text)
{
    const Json document = json::parse(text, "conversion");
    return reportOf(Cursor(document));
}

std::string toJson(const std::vector<ConversionReport>& reports)
{
    Json document;
    Json& formats = document["formats"] = Json::array();
    for (const ConversionReport& report : reports) {
        formats.push_back(objectOf(report));
    }
    return json::dumpLine(document);
}

std::vector<ConversionReport> conversionReportsFromJson(std::string_view text)
{
    const Json document = json::parse(text, "conversions");
    const Cursor formats = Cursor(document).at("formats");
    std::vector<ConversionReport> reports;
    for (std::size_t i = 0; i < formats.size(); ++i) {
        reports.push_back(reportOf(formats.at(i)));
    }
    return reports;
}

} // namespace bitloom
