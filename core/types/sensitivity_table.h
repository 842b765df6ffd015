// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

enum class SensitivityTarget { Weight, Activation };
enum class SensitivityMetric { OutputError, Kl, Accuracy };

/// The effect of quantizing one weight or one activation tensor alone.
struct SensitivityEntry {
    SensitivityTarget target = SensitivityTarget::Weight;
    std::string name; ///< layer name for weights, tensor name for activations
    int bits = 8;
    double outputError = 0;     ///< mean squared error of the logits
    double kl = 0;              ///< KL(float || quantized) of the softmax, nats, mean over images
    double accuracyPercent = 0; ///< top-1 on the table's images
};

struct SensitivityTable {
    static constexpr int kVersion = 1;

    std::string modelName;
    std::string modelFingerprint;
    std::string data; ///< dataset as given, "cifar10:DIR"
    std::int64_t images = 0;
    std::uint64_t seed = 0;
    double floatAccuracyPercent = 0;
    std::vector<int> bits; ///< ascending
    std::string settings;  ///< JSON object: scheme, granularity and observer that were used
    std::vector<SensitivityEntry> entries;
    bool complete = false; ///< false: a sweep that can be resumed

    const SensitivityEntry* find(SensitivityTarget target, std::string_view name, int bits) const;
};

std::string_view toString(SensitivityTarget target); ///< "weight" | "activation"
std::string_view toString(SensitivityMetric metric); ///< "output_error" | "kl" | "accuracy"
std::optional<SensitivityMetric> sensitivityMetricFrom(std::string_view text);

/// The loss a metric gives an entry: outputError, kl, or max(0, float accuracy - accuracy).
double lossOf(const SensitivityTable& table, const SensitivityEntry& entry,
              SensitivityMetric metric);

std::string toJson(const SensitivityTable& table);
SensitivityTable sensitivityTableFromJson(std::string_view text);

} // namespace bitloom
