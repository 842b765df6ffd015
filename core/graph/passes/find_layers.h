// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/executor.h"
#include "core/types/model_info.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::graph {

/// One quantizable layer: a convolution, a linear map or a product of two activations, and where it
/// reads what.
struct LayerSite {
    /// An activation that the layer reads, and the place where a quantizer for this layer alone
    /// belongs.
    struct Input {
        ValueIndex value = kNoValue;
        Reader reader = {};
    };

    std::string name; ///< unique; module path of the weight's owner, or scope + ".matmul"
    LayerKind kind = LayerKind::Conv;
    NodeIndex node{-1};
    std::optional<ParameterIndex> weight; ///< absent for MatMul
    Reader weightReader = {}; ///< who reads the weight: the layer, or the transpose before it
    std::optional<ParameterIndex> bias;
    int weightAxis = 0; ///< output channels of the weight as it is stored
    std::int64_t groups = 1;
    std::vector<Input> inputs; ///< one, or two for MatMul
};

/// All layers in execution order: aten::conv1d/2d/3d, conv_transpose*, convolution, _convolution,
/// linear, addmm, mm, bmm, baddbmm, matmul. A weight must be a parameter, directly or through a
/// transpose (aten::t, transpose, permute); a product of two activations is a MatMul, what is
/// made of parameters alone no layer. A parameter used twice gives two sites, the second called
/// "<name>_1".
std::vector<LayerSite> findLayers(const Graph& graph);

} // namespace bitloom::graph
