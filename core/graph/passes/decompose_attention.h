// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

namespace bitloom::graph {

/// Writes aten::scaled_dot_product_attention out as softmax(q k^T * scale + mask) v, so that its
/// two products are layers of their own. Masks: none, causal, boolean (true = attend) or additive.
///
/// Numerics: agrees with LibTorch's fused kernels to rounding (about 1e-6 relative in float32). A
/// row that a boolean mask hides completely gives NaN here, as the formula says. Errors:
/// Unsupported for grouped query heads and for a mask whose type cannot be found out because the
/// graph does not know its input shape.
Graph decomposeAttention(const Graph& graph);

} // namespace bitloom::graph
