// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/preprocessing.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

namespace bitloom {

namespace {
using Json = nlohmann::ordered_json;

constexpr int kMaxInputSide = 1 << 14;
const std::vector<double> kImageNetMean{0.485, 0.456, 0.406};
const std::vector<double> kImageNetDeviation{0.229, 0.224, 0.225};

void requireSide(int side, std::string_view field)
{
    BITLOOM_REQUIRE(side >= 1 && side <= kMaxInputSide, ErrorCode::InvalidArgument,
                    "preprocessing: ", field, " is ", side, "; expected 1 to ", kMaxInputSide,
                    " pixels");
}

void requireKnownKeys(const Json& object, std::span<const std::string_view> known)
{
    for (const auto& [key, value] : object.items()) {
        BITLOOM_REQUIRE(std::ranges::find(known, key) != known.end(), ErrorCode::InvalidArgument,
                        "preprocessing: unknown key \"", key, "\"");
    }
}

Preprocessing parse(const Json& json)
{
    static constexpr std::array<std::string_view, 8> kKeys{
        "version", "resize_shorter_side", "resize_exact", "center_crop", "channels", "mean",
        "std",     "augmentation"};
    static constexpr std::array<std::string_view, 3> kAugmentationKeys{
        "crop_padding", "random_resized_crop", "horizontal_flip"};
    requireKnownKeys(json, kKeys);
    const int version = json.at("version").get<int>();
    BITLOOM_REQUIRE(version == Preprocessing::kVersion, ErrorCode::Unsupported,
                    "preprocessing: version ", version, "; this program reads version ",
                    Preprocessing::kVersion);
    Preprocessing result;
    if (json.contains("resize_shorter_side")) {
        result.resizeShorterSide = json["resize_shorter_side"].get<int>();
    }
    if (json.contains("resize_exact")) {
        result.resizeExact = json["resize_exact"].get<std::pair<int, int>>();
    }
    if (json.contains("center_crop")) {
        result.centerCrop = json["center_crop"].get<int>();
    }
    result.channels = json.at("channels").get<int>();
    result.mean = json.at("mean").get<std::vector<double>>();
    result.standardDeviation = json.at("std").get<std::vector<double>>();
    if (json.contains("augmentation")) {
        const Json& augmentation = json["augmentation"];
        requireKnownKeys(augmentation, kAugmentationKeys);
        result.augmentation.cropPadding = augmentation.value("crop_padding", 0);
        result.augmentation.randomResizedCrop = augmentation.value("random_resized_crop", false);
        result.augmentation.horizontalFlip = augmentation.value("horizontal_flip", false);
    }
    return result;
}
} // namespace

void validate(const Preprocessing& p)
{
    BITLOOM_REQUIRE(p.channels == 1 || p.channels == 3, ErrorCode::InvalidArgument,
                    "preprocessing: channels is ", p.channels, "; expected 1 or 3");
    BITLOOM_REQUIRE(!(p.resizeShorterSide && p.resizeExact), ErrorCode::InvalidArgument,
                    "preprocessing: resize_shorter_side and resize_exact exclude each other");
    if (p.resizeShorterSide) {
        requireSide(*p.resizeShorterSide, "resize_shorter_side");
    }
    if (p.resizeExact) {
        requireSide(p.resizeExact->first, "resize_exact height");
        requireSide(p.resizeExact->second, "resize_exact width");
    }
    if (p.centerCrop) {
        requireSide(*p.centerCrop, "center_crop");
    }
    const auto channels = static_cast<std::size_t>(p.channels);
    BITLOOM_REQUIRE(p.mean.size() == channels && p.standardDeviation.size() == channels,
                    ErrorCode::InvalidArgument, "preprocessing: ", p.mean.size(), " means and ",
                    p.standardDeviation.size(), " standard deviations for ", channels, " channels");
    BITLOOM_REQUIRE(std::ranges::all_of(p.mean, [](double m) { return std::isfinite(m); }),
                    ErrorCode::InvalidArgument, "preprocessing: a mean is not finite");
    BITLOOM_REQUIRE(std::ranges::all_of(p.standardDeviation,
                                        [](double s) { return s >= 1e-6 && std::isfinite(s); }),
                    ErrorCode::InvalidArgument,
                    "preprocessing: a standard deviation is not a positive number");
    BITLOOM_REQUIRE(p.augmentation.cropPadding >= 0 && p.augmentation.cropPadding <= 1024,
                    ErrorCode::InvalidArgument, "preprocessing: crop_padding is ",
                    p.augmentation.cropPadding, "; expected 0 to 1024");
    BITLOOM_REQUIRE(
        p.augmentation.cropPadding == 0 || !p.centerCrop, ErrorCode::InvalidArgument,
        "preprocessing: crop_padding and center_crop exclude each other; use resize_exact");
    BITLOOM_REQUIRE(!p.augmentation.randomResizedCrop || p.centerCrop, ErrorCode::InvalidArgument,
                    "preprocessing: random_resized_crop needs center_crop, the size of its result");
}

std::string toJson(const Preprocessing& p)
{
    Json json;
    json["version"] = Preprocessing::kVersion;
    if (p.resizeShorterSide) {
        json["resize_shorter_side"] = *p.resizeShorterSide;
    }
    if (p.resizeExact) {
        json["resize_exact"] = *p.resizeExact;
    }
    if (p.centerCrop) {
        json["center_crop"] = *p.centerCrop;
    }
    json["channels"] = p.channels;
    json["mean"] = p.mean;
    json["std"] = p.standardDeviation;
    json["augmentation"] = {{"crop_padding", p.augmentation.cropPadding},
                            {"random_resized_crop", p.augmentation.randomResizedCrop},
                            {"horizontal_flip", p.augmentation.horizontalFlip}};
    return json.dump(2);
}

Preprocessing preprocessingFromJson(std::string_view json)
{
    try {
        Preprocessing result = parse(Json::parse(json));
        validate(result);
        return result;
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, "preprocessing: ", error.what());
    }
}

Preprocessing presetFor(std::string_view modelName, std::span<const std::int64_t> inputShape)
{
    BITLOOM_REQUIRE(inputShape.size() == 4 && (inputShape[1] == 1 || inputShape[1] == 3),
                    ErrorCode::ShapeMismatch, modelName,
                    ": expected an image input (N, 1 or 3, H, W), the model's input is ",
                    inputShape.size(), "-D", inputShape.size() == 4 ? " with other channels" : "");
    for (std::size_t axis : {2U, 3U}) {
        BITLOOM_REQUIRE(inputShape[axis] >= 1 && inputShape[axis] <= kMaxInputSide,
                        ErrorCode::ShapeMismatch, modelName, ": the input side ", inputShape[axis],
                        " is not between 1 and ", kMaxInputSide);
    }
    const auto height = static_cast<int>(inputShape[2]);
    const auto width = static_cast<int>(inputShape[3]);
    Preprocessing result;
    result.channels = static_cast<int>(inputShape[1]);
    if (result.channels == 1) {
        result.mean = {0.0};
        result.standardDeviation = {1.0};
    } else if (modelName == "vgg7") {
        result.mean = {0.4914, 0.4822, 0.4465};
        result.standardDeviation = {0.2023, 0.1994, 0.2010};
    } else if (modelName != "lenet5") {
        result.mean = kImageNetMean;
        result.standardDeviation = kImageNetDeviation;
    }
    const bool cifarResnet = modelName.starts_with("resnet") && modelName.ends_with("_cifar");
    if (modelName == "lenet5") {
        return result;
    }
    if (modelName == "vgg7" || cifarResnet) {
        result.augmentation = {.cropPadding = 4, .horizontalFlip = true};
        return result;
    }
    constexpr int kSmallestPhotograph = 96;
    if (result.channels == 3 && height == width && height >= kSmallestPhotograph) {
        result.resizeShorterSide = height * 8 / 7;
        result.centerCrop = height;
        result.augmentation = {.randomResizedCrop = true, .horizontalFlip = true};
    } else {
        result.resizeExact = std::pair(height, width);
    }
    return result;
}

} // namespace bitloom
