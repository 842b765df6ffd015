// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/io/packed/packed_source.h"
#include "core/io/packed_tensor_codec.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// What a packed model says of itself beside its weights.
struct PackInfo {
    std::string config;     ///< JSON object: data, seed, calibration; the plan is added to it
    std::string provenance; ///< JSON object: source, versions
};

/// A model under a plan as packed weights: every parameter is encoded when it is read, so that the
/// codes of all of them are never in memory together.
///
/// Errors: of the constructor those of checkPlanAgainst(); InvalidArgument for an entry with
/// integer
///         bits but without grid; Unsupported for a dtype that files cannot hold. NonFinite of
///         readTensor() names the layer.
class ModelSource final : public PackedSource {
public:
    /// model and state are referred to. state: grids of the plan (calibrate()).
    /// activations: Optional to look at it before there are grids of activations.
    enum class ActivationGrids { Required, Optional };
    ModelSource(const LoadedModel& model, const BitPlan& plan, const QuantState& state,
                const PackInfo& info = {}, ActivationGrids activations = ActivationGrids::Required);

    Phrase formatName() const override { return PhraseId::ModelUnderPlan; }
    std::string_view formatId() const override { return "model"; }
    const PackedMeta& meta() const override { return m_meta; }
    /// In the order of the graph.
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readParameters(std::string_view name) const override;
    const std::vector<PackedActivation>& activations() const override { return m_activations; }
    const std::vector<Phrase>& notes() const override { return m_model.notes; }

private:
    const graph::Parameter& parameterOf(const PackedTensorHeader& header) const;
    const WeightCoding* codingOf(const std::string& name) const;

    const LoadedModel& m_model;
    std::map<std::string, WeightCoding> m_codings;
    PackedMeta m_meta;
    std::vector<PackedTensorHeader> m_headers; ///< parallel to the graph's parameters
    std::vector<PackedActivation> m_activations;
};

} // namespace bitloom::io
