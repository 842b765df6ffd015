// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/file_report.h"

#include "core/types/detail/phrase_json.h"

#include <array>
#include <utility>

namespace bitloom {

using json::Cursor;
using json::Json;

std::string_view toString(DocumentKind kind)
{
    switch (kind) {
    case DocumentKind::TorchScript:
        return "torchscript";
    case DocumentKind::Packed:
        return "packed";
    case DocumentKind::StateDict:
        return "state_dict";
    case DocumentKind::Plan:
        return "plan";
    case DocumentKind::Sensitivity:
        return "sensitivity";
    case DocumentKind::Predictions:
        return "predictions";
    case DocumentKind::Project:
        return "project";
    case DocumentKind::Unknown:
        break;
    }
    return "unknown";
}

std::string toJson(const FileReport& report)
{
    Json document;
    Json phrases = Json::object();
    document["file"] = report.file;
    document["kind"] = toString(report.kind);
    json::put(document, phrases, "description", report.description);
    document["file_bytes"] = report.fileBytes;
    json::put(document, phrases, "container", report.container);
    document["model"] = report.model;
    Json& tensors = document["tensors"] = Json::array();
    for (const FileTensor& tensor : report.tensors) {
        Json object;
        object["name"] = tensor.name;
        object["shape"] = tensor.shape;
        object["dtype"] = tensor.dtype;
        object["bytes"] = tensor.bytes;
        object["bits"] = tensor.bits ? Json(*tensor.bits) : Json(nullptr);
        object["storage"] = tensor.storage;
        tensors.push_back(std::move(object));
    }
    Json& guesses = document["guesses"] = Json::array();
    for (const ArchitectureGuess& guess : report.guesses) {
        Json object;
        object["name"] = guess.name;
        object["model"] = guess.model;
        object["fits"] = guess.fits;
        object["matching"] = guess.matching;
        object["expected"] = guess.expected;
        object["missing"] = guess.missing;
        object["misshapen"] = guess.misshapen;
        object["unexpected"] = guess.unexpected;
        Json words = Json::object();
        json::put(object, words, "reason", guess.reason);
        object["phrases"] = std::move(words);
        guesses.push_back(std::move(object));
    }
    json::put(document, phrases, "notes", report.notes);
    document["phrases"] = std::move(phrases);
    return json::dumpLine(document);
}

FileReport fileReportFromJson(std::string_view text)
{
    const Json document = json::parse(text, "file report");
    const Cursor root(document);
    FileReport report;
    report.file = root.at("file").text();
    report.kind = json::named(root.at("kind"),
                              std::array{DocumentKind::TorchScript, DocumentKind::Packed,
                                         DocumentKind::StateDict, DocumentKind::Plan,
                                         DocumentKind::Sensitivity, DocumentKind::Predictions,
                                         DocumentKind::Project, DocumentKind::Unknown});
    report.description = json::phraseUnder(root, "description");
    report.fileBytes = root.at("file_bytes").integer(0);
    report.container = json::phraseUnder(root, "container");
    report.model = root.at("model").text();
    const Cursor tensors = root.at("tensors");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const Cursor object = tensors.at(i);
        FileTensor tensor{object.at("name").text(), json::integers(object.at("shape"), 0),
                          object.at("dtype").text(), object.at("bytes").integer(0)};
        if (const Cursor bits = object.at("bits"); !bits.raw().is_null()) {
            tensor.bits = static_cast<int>(bits.integer(0, 64));
        }
        tensor.storage = object.at("storage").text();
        report.tensors.push_back(std::move(tensor));
    }
    const Cursor guesses = root.at("guesses");
    for (std::size_t i = 0; i < guesses.size(); ++i) {
        const Cursor object = guesses.at(i);
        report.guesses.push_back(
            {object.at("name").text(), object.at("model").text(), object.at("fits").boolean(),
             object.at("matching").integer(0), object.at("expected").integer(0),
             object.at("missing").integer(0), object.at("misshapen").integer(0),
             object.at("unexpected").integer(0), json::phraseUnder(object, "reason")});
    }
    report.notes = json::phrasesUnder(root, "notes");
    return report;
}

} // namespace bitloom
