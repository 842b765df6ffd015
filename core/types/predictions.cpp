// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/predictions.h"

#include "core/types/detail/json_support.h"

#include <algorithm>
#include <map>

namespace bitloom {

using json::Cursor;
using json::Json;

namespace {

constexpr const char* kPredictionsFormat = "bitloom.predictions";

void requireSameImages(const Predictions& parent, const Predictions& other)
{
    constexpr const char* kAdvice = "; evaluate both on the same --data, --split and --limit";
    const std::size_t common = std::min(parent.images.size(), other.images.size());
    for (std::size_t i = 0; i < common; ++i) {
        BITLOOM_REQUIRE(parent.images[i] == other.images[i], ErrorCode::InvalidArgument,
                        "the predictions are about different images: image ",
                        std::min(parent.images[i], other.images[i]), " is in one of them only",
                        kAdvice);
        BITLOOM_REQUIRE(parent.labels[i] == other.labels[i], ErrorCode::InvalidArgument,
                        "the predictions are about different labels: image ", parent.images[i],
                        " is of class ", parent.labels[i], " in the first and of class ",
                        other.labels[i], " in the second", kAdvice);
    }
    BITLOOM_REQUIRE(parent.images.size() == other.images.size(), ErrorCode::InvalidArgument,
                    "the predictions are about different images: ", parent.images.size(),
                    " in the first, ", other.images.size(), " in the second", kAdvice);
}

std::string classNameOf(const Predictions& predictions, std::int64_t label)
{
    const auto index = static_cast<std::size_t>(label);
    return index < predictions.classNames.size() ? predictions.classNames[index] : std::string();
}

Json changesToJson(const std::vector<PredictionChange>& changes)
{
    Json list = Json::array();
    for (const PredictionChange& change : changes) {
        Json object;
        object["image"] = change.image;
        object["label"] = change.label;
        object["parent"] = change.parent;
        object["other"] = change.other;
        list.push_back(std::move(object));
    }
    return list;
}

/// An empty list, or as many entries as there are images.
void requireOnePerImage(const Cursor& list, std::size_t images)
{
    if (list.size() != images) {
        list.fail(ErrorCode::CorruptFile, "found ", list.size(), " entries for ", images,
                  " images");
    }
}

} // namespace

std::vector<ClassCount> classCounts(const Predictions& predictions)
{
    std::map<std::int64_t, ClassCount> byLabel;
    for (std::size_t i = 0; i < predictions.labels.size(); ++i) {
        ClassCount& count = byLabel[predictions.labels[i]];
        count.label = predictions.labels[i];
        ++count.images;
        count.correct += predictions.predicted[i] == predictions.labels[i] ? 1 : 0;
    }
    std::vector<ClassCount> counts;
    counts.reserve(byLabel.size());
    for (const auto& [label, count] : byLabel) {
        counts.push_back(count);
    }
    return counts;
}

PredictionChanges comparePredictions(const Predictions& parent, const Predictions& other)
{
    requireSameImages(parent, other);
    PredictionChanges changes;
    changes.images = static_cast<std::int64_t>(parent.images.size());
    for (std::size_t i = 0; i < parent.images.size(); ++i) {
        const std::int64_t label = parent.labels[i];
        const PredictionChange change{parent.images[i], label, parent.predicted[i],
                                      other.predicted[i]};
        const bool wasRight = change.parent == label;
        const bool isRight = change.other == label;
        changes.parentCorrect += wasRight ? 1 : 0;
        changes.otherCorrect += isRight ? 1 : 0;
        if (change.parent == change.other) {
            ++changes.agreeing;
        } else if (wasRight) {
            changes.toWrong.push_back(change);
        } else if (isRight) {
            changes.toRight.push_back(change);
        } else {
            changes.toOtherWrong.push_back(change);
        }
    }
    const std::vector<ClassCount> before = classCounts(parent);
    const std::vector<ClassCount> after = classCounts(other);
    for (std::size_t i = 0; i < before.size(); ++i) { // same labels, so the same classes
        changes.classes.push_back({before[i].label, classNameOf(parent, before[i].label),
                                   before[i].images, before[i].correct, after[i].correct});
    }
    return changes;
}

std::string toJson(const Predictions& predictions)
{
    Json document;
    document["format"] = kPredictionsFormat;
    document["version"] = Predictions::kVersion;
    document["model_name"] = predictions.modelName;
    document["model_fingerprint"] = predictions.modelFingerprint;
    document["plan"] = predictions.plan;
    document["data"] = predictions.data;
    document["split"] = predictions.split;
    document["class_names"] = predictions.classNames;
    document["images"] = predictions.images;
    document["labels"] = predictions.labels;
    document["predicted"] = predictions.predicted;
    Json& confidences = document["confidences_percent"] = Json::array();
    for (const double confidence : predictions.confidencesPercent) {
        confidences.push_back(json::finite(confidence, "confidences_percent"));
    }
    return json::dumpDocument(document);
}

Predictions predictionsFromJson(std::string_view text)
{
    const Json document = json::parse(text, "predictions");
    const Cursor root(document);
    json::checkHeader(root, kPredictionsFormat, Predictions::kVersion);
    Predictions predictions;
    predictions.modelName = root.at("model_name").text();
    predictions.modelFingerprint = root.at("model_fingerprint").text();
    predictions.plan = root.at("plan").text();
    predictions.data = root.at("data").text();
    predictions.split = root.at("split").text();
    predictions.classNames = json::texts(root.at("class_names"));
    const Cursor images = root.at("images");
    predictions.images = json::integers(images, 0);
    for (std::size_t i = 1; i < predictions.images.size(); ++i) {
        if (predictions.images[i] <= predictions.images[i - 1]) {
            images.at(i).fail(ErrorCode::CorruptFile, "found ", predictions.images[i], " after ",
                              predictions.images[i - 1], ", images must ascend");
        }
    }
    for (const char* key : {"labels", "predicted"}) {
        requireOnePerImage(root.at(key), predictions.images.size());
    }
    predictions.labels = json::integers(root.at("labels"), 0);
    predictions.predicted = json::integers(root.at("predicted"), 0);
    const Cursor confidences = root.at("confidences_percent");
    if (confidences.size() > 0) {
        requireOnePerImage(confidences, predictions.images.size());
    }
    predictions.confidencesPercent = json::numbers(confidences);
    return predictions;
}

std::string toJson(const PredictionChanges& changes)
{
    Json document;
    document["images"] = changes.images;
    document["parent_correct"] = changes.parentCorrect;
    document["other_correct"] = changes.otherCorrect;
    document["agreeing"] = changes.agreeing;
    document["agreement_percent"] = changes.agreementPercent();
    document["to_wrong"] = changesToJson(changes.toWrong);
    document["to_right"] = changesToJson(changes.toRight);
    document["to_other_wrong"] = changesToJson(changes.toOtherWrong);
    Json& classes = document["classes"] = Json::array();
    for (const ClassChange& change : changes.classes) {
        Json object;
        object["label"] = change.label;
        object["name"] = change.name;
        object["images"] = change.images;
        object["parent_correct"] = change.parentCorrect;
        object["other_correct"] = change.otherCorrect;
        classes.push_back(std::move(object));
    }
    return json::dumpLine(document);
}

} // namespace bitloom
