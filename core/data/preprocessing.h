// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitloom {

/// Random changes to training pictures. Used only where BatchLoader is asked for them.
struct Augmentation {
    int cropPadding = 0; ///< pixels of zeros around, then a random crop of the size before; 0: off;
                         ///< not with centerCrop
    bool randomResizedCrop =
        false; ///< 8 to 100 % of the area, aspect 3:4 to 4:3, resized to centerCrop
    bool horizontalFlip = false; ///< with probability 1/2
    bool operator==(const Augmentation&) const = default;
};

/// How a decoded picture becomes a model's input. Plain data, kept in the project beside the plan.
///
/// Steps, in this order: colours to `channels`; resize (shorter side or exact, antialiased bilinear
/// as in PIL); centre crop (zeros where the picture is smaller); augmentation; pixel / 255; (value
/// - mean) / std per channel, in float32. Numerics: sizes are computed as torchvision does: the
/// longer side is truncated, the crop's corner is rounded half to even.
struct Preprocessing {
    static constexpr int kVersion = 1;

    std::optional<int> resizeShorterSide = std::nullopt; ///< pixels; not together with resizeExact
    std::optional<std::pair<int, int>> resizeExact = std::nullopt; ///< height, width in pixels
    std::optional<int> centerCrop = std::nullopt;                  ///< side of the square in pixels
    int channels = 3;                                              ///< 1 or 3
    std::vector<double> mean{0.0, 0.0, 0.0}; ///< one per channel, in units of pixel / 255
    std::vector<double> standardDeviation{1.0, 1.0, 1.0}; ///< one per channel, > 0
    Augmentation augmentation;
    bool operator==(const Preprocessing&) const = default;
};

/// InvalidArgument, naming the field, unless every value is legal.
void validate(const Preprocessing& preprocessing);

/// JSON object, and back. Unknown keys are refused: a step that is silently left out would spoil
/// every accuracy.
std::string toJson(const Preprocessing& preprocessing);
Preprocessing preprocessingFromJson(std::string_view json);

/// The usual preprocessing of a model, by its built-in name and the shape of its input (N, C, H,
/// W).
///
/// | model | steps |
/// |---|---|
/// | lenet5 | pixel / 255 |
/// | vgg7 | mean .4914 .4822 .4465, std .2023 .1994 .2010; training: pad 4, random crop, flip |
/// | resnet*_cifar | mean .485 .456 .406, std .229 .224 .225; training: pad 4, random crop, flip |
/// | any other, 3 channels, 96 pixels or more | shorter side to 8/7 of the input's (224: 256),
/// centre crop, mean and std as above; training: random resized crop, flip | | any other | resized
/// exactly to the input's size; 3 channels: mean and std as above |
///
/// Errors: ShapeMismatch unless the input shape is 4-D with 1 or 3 channels.
Preprocessing presetFor(std::string_view modelName, std::span<const std::int64_t> inputShape);

} // namespace bitloom
