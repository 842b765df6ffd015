// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/model_source.h"

#include "core/base/error.h"
#include "core/graph/graph_json.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace bitloom::io {

namespace {

using Json = nlohmann::ordered_json;

PackedActivation packedActivation(const TensorPlan& entry, const QuantState& state,
                                  ModelSource::ActivationGrids grids)
{
    PackedActivation packed;
    packed.name = entry.name;
    packed.bits = entry.activation.bits;
    packed.isSigned = entry.activation.scheme == QScheme::Symmetric;
    if (entry.activation.isPruned()) {
        return packed;
    }
    const auto grid = state.activations.find(entry.name);
    if (grid == state.activations.end() && grids == ModelSource::ActivationGrids::Optional) {
        return packed;
    }
    BITLOOM_REQUIRE(grid != state.activations.end(), ErrorCode::InvalidArgument, "activation ",
                    entry.name,
                    " has integer bits in the plan but no range: calibrate it with images first");
    packed.perChannel = grid->second.axis >= 0;
    packed.scale = grid->second.scale;
    packed.zeroPoint = grid->second.zeroPoint;
    if (const auto range = state.activationRanges.find(entry.name);
        range != state.activationRanges.end()) {
        packed.low = range->second.low;
        packed.high = range->second.high;
    }
    return packed;
}

} // namespace

ModelSource::ModelSource(const LoadedModel& model, const BitPlan& plan, const QuantState& state,
                         const PackInfo& info, ActivationGrids activations)
    : m_model(model)
{
    checkPlanAgainst(plan, model.info);
    m_codings = weightCodings(model, plan, state);
    Json config = info.config.empty() ? Json::object() : Json::parse(info.config);
    config["plan"] = Json::parse(toJson(plan));
    m_meta.model = model.info.name;
    m_meta.created = creationTime();
    m_meta.config = config.dump();
    m_meta.graph = graph::toJson(*model.graph);
    m_meta.provenance = info.provenance.empty() ? "{}" : info.provenance;
    for (const graph::Parameter& parameter : model.graph->parameters()) {
        m_headers.push_back(parametersOf(parameter, codingOf(parameter.name)));
    }
    for (const TensorPlan& entry : plan.tensors) {
        if (!entry.activation.isFloat()) {
            m_activations.push_back(packedActivation(entry, state, activations));
        }
    }
}

const graph::Parameter& ModelSource::parameterOf(const PackedTensorHeader& header) const
{
    return m_model.graph->parameters()[static_cast<std::size_t>(&header - m_headers.data())];
}

const WeightCoding* ModelSource::codingOf(const std::string& name) const
{
    const auto found = m_codings.find(name);
    return found == m_codings.end() ? nullptr : &found->second;
}

PackedTensor ModelSource::readTensor(std::string_view name) const
{
    const PackedTensorHeader& header = require(name);
    return encodeParameter(parameterOf(header), codingOf(header.name));
}

PackedTensor ModelSource::readParameters(std::string_view name) const
{
    const PackedTensorHeader& header = require(name);
    BITLOOM_REQUIRE(header.kind == PackedKind::Int, ErrorCode::InvalidArgument, header.name,
                    " holds no integer codes: it stays as it is");
    return parametersOf(parameterOf(header), codingOf(header.name));
}

} // namespace bitloom::io
