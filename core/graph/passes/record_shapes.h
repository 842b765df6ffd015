// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace bitloom::graph {

/// What one run at batch 1 showed of a tensor.
struct RecordedTensor {
    std::vector<std::int64_t> shape;
    c10::ScalarType dtype = c10::ScalarType::Undefined;
};

/// Zeros of the graph's input shapes, on the parameters' device: whole numbers where an embedding
/// reads them, else of the parameters' floating-point type. Errors: InvalidArgument if the graph
/// does not know its input shape.
std::vector<c10::IValue> exampleInputs(const Graph& graph);

/// Runs the graph once at batch 1 without gradients and notes shape and type of the wanted values,
/// which must be tensors that the outputs depend on. Parameters without data count as zeros.
/// No numbers are computed where every operator has a Meta kernel (see meta_kernels.h).
std::unordered_map<ValueIndex, RecordedTensor> recordTensors(const Graph& graph,
                                                             const std::vector<ValueIndex>& wanted);

} // namespace bitloom::graph
