// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/model_info.h"
#include "core/types/quant_spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// The plan for one layer's weight.
struct LayerPlan {
    std::string name; ///< LayerInfo::name
    QuantSpec weight;
    std::string extra;     ///< unknown keys, JSON object or empty
    bool hasWeight = true; ///< false for a matmul: bits stay 32, the file has no "weight" key
    /// Output channels whose weights are all zero, ascending: they cost no bit operations.
    std::vector<std::int64_t> prunedChannels = {};
    bool operator==(const LayerPlan&) const = default;
};

/// The plan for one activation tensor, shared by all layers that read it.
struct TensorPlan {
    std::string name; ///< TensorInfo::name
    QuantSpec activation;
    std::vector<std::string> readers; ///< TensorInfo::readers: the layers that share this entry
    std::string extra;                ///< unknown keys, JSON object or empty
    /// The value that is quantized, for everybody who reads it; this tensor is that value or comes
    /// from it by pooling and reshaping. Entries may share one: they then have the same spec.
    /// Empty: this tensor is quantized itself, for the layers that read it only.
    std::string quantizedAt = {};
    bool operator==(const TensorPlan&) const = default;
};

/// The document: how many bits each weight and each activation gets, and how its range is found.
struct BitPlan {
    static constexpr int kVersion = 1;

    std::string name;
    std::string modelName;
    std::string modelFingerprint;
    std::vector<LayerPlan> layers;   ///< in execution order
    std::vector<TensorPlan> tensors; ///< in execution order
    std::string extra;               ///< unknown keys, JSON object or empty

    LayerPlan* findLayer(std::string_view layerName);
    const LayerPlan* findLayer(std::string_view layerName) const;
    TensorPlan* findTensor(std::string_view tensorName);
    const TensorPlan* findTensor(std::string_view tensorName) const;
    bool operator==(const BitPlan&) const = default;
};

/// One difference between two plans, or between a plan and a model.
struct PlanDifference {
    std::string subject; ///< "layer conv1", "tensor input", "model"
    std::string field;   ///< "weight.bits", "missing", "fingerprint", ...
    std::string left;
    std::string right;
};

/// A plan with the same bits everywhere.
/// boundaryBits (if set) replaces both widths for the first and the last weighted layer.
/// The model's input image stays in floating point (bits 32), as is usual.
struct UniformPlanOptions {
    int weightBits = 8;
    int activationBits = 8;
    std::optional<int> boundaryBits;
    QScheme weightScheme = QScheme::Affine;
    Granularity weightGranularity = Granularity::PerChannel;
    Observer weightObserver = Observer::Mse;
    QScheme activationScheme = QScheme::Affine;
    Observer activationObserver = Observer::Mse;
    bool quantizeInput = false; ///< true: the model's input gets activationBits (boundaryBits) too
};
/// The first and the last layer with a weight: customarily kept at more bits than the rest.
std::vector<std::string> boundaryLayers(const ModelInfo& model);
BitPlan makeUniformPlan(const ModelInfo& model, const UniformPlanOptions& options);

/// Versioned JSON (docs/formats.md). Reading refuses a newer version, bits outside the range and
/// wrong types with the key's path; unknown keys are kept and written again. Errors: CorruptFile
/// (not JSON, wrong type), Unsupported (newer version), InvalidArgument (value out of range).
std::string toJson(const BitPlan& plan);
BitPlan bitPlanFromJson(std::string_view text);

/// SHA-256 over everything that the plan does to its model: equal for equal bits, schemes and
/// ranges whatever the plan's name. 64 hex digits.
std::string planDigest(const BitPlan& plan);

std::vector<PlanDifference> diffPlans(const BitPlan& left, const BitPlan& right);

/// Throws ModelMismatch if the plan cannot be applied to the model: an unknown layer or tensor name
/// (nearest names are shown), a layer or tensor without entry, bits for the weight of a layer that
/// has none, or two layers that share one weight but not its spec. Everything else is returned as
/// differences (model name, fingerprint, readers): the caller decides.
std::vector<PlanDifference> checkPlanAgainst(const BitPlan& plan, const ModelInfo& model);

} // namespace bitloom
