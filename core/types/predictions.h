// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What a model said about each image of a dataset. The four lists are parallel.
struct Predictions {
    static constexpr int kVersion = 1;

    std::string modelName;
    std::string modelFingerprint;
    std::string plan;                       ///< name of the plan; empty: the model as it is
    std::string data;                       ///< as given, "cifar10:DIR"
    std::string split;                      ///< "train" | "test"
    std::vector<std::string> classNames;    ///< by class; empty where the dataset has none
    std::vector<std::int64_t> images;       ///< items of the dataset, strictly ascending
    std::vector<std::int64_t> labels;       ///< the right class, >= 0
    std::vector<std::int64_t> predicted;    ///< the class with the largest logit, >= 0
    std::vector<double> confidencesPercent; ///< softmax of that logit; empty, or one per image
};

/// How one class fared.
struct ClassCount {
    std::int64_t label = 0;
    std::int64_t images = 0;
    std::int64_t correct = 0;
};
/// The classes that have images, by label.
std::vector<ClassCount> classCounts(const Predictions& predictions);

/// An image that two models see differently.
struct PredictionChange {
    std::int64_t image = 0; ///< item of the dataset
    std::int64_t label = 0;
    std::int64_t parent = 0; ///< the class that the parent model predicts
    std::int64_t other = 0;  ///< the class that the other one predicts
};

struct ClassChange {
    std::int64_t label = 0;
    std::string name; ///< empty where the dataset has no names
    std::int64_t images = 0;
    std::int64_t parentCorrect = 0;
    std::int64_t otherCorrect = 0;
};

/// What became of a model's predictions, image by image and class by class.
struct PredictionChanges {
    std::int64_t images = 0;
    std::int64_t parentCorrect = 0;
    std::int64_t otherCorrect = 0;
    std::int64_t agreeing = 0; ///< images for which both predict the same class, right or wrong
    std::vector<PredictionChange> toWrong;      ///< right in the parent alone, by image
    std::vector<PredictionChange> toRight;      ///< right in the other alone, by image
    std::vector<PredictionChange> toOtherWrong; ///< wrong in both, by another class each, by image
    std::vector<ClassChange> classes;           ///< those that have images, by label
    double agreementPercent() const
    {
        return images == 0 ? 0.0
                           : 100.0 * static_cast<double>(agreeing) / static_cast<double>(images);
    }
};

/// Errors: InvalidArgument, naming the first image that only one side has or labels otherwise.
PredictionChanges comparePredictions(const Predictions& parent, const Predictions& other);

/// Versioned JSON (docs/formats.md). Errors of reading: CorruptFile (not JSON, wrong type, lists of
/// different lengths, images out of order), UnknownFormat, Unsupported (newer version),
/// InvalidArgument (value out of range), each with the key's path.
std::string toJson(const Predictions& predictions);
Predictions predictionsFromJson(std::string_view text);
/// One line.
std::string toJson(const PredictionChanges& changes);

} // namespace bitloom
