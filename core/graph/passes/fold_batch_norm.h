// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

namespace bitloom::graph {

/// Replaces convolution (plain, grouped, transposed) or linear + batch normalisation in inference
/// mode by one layer:
///   W' = W * gamma / sqrt(variance + eps) per output channel,   b' = beta + (b - mean) * gamma /
///   sqrt(variance + eps).
///
/// Only where the normalisation is the layer's single reader, everything it needs is a parameter,
/// and no other layer shares the weight or bias. A linear layer must give (batch, features). The
/// weight keeps its name; a bias that was not there is called "<layer>.bias". Everything else stays
/// as it is. Numerics: computed in double, stored in the weight's type; outputs agree within 1e-5
/// relative for float32.
Graph foldBatchNorm(const Graph& graph);

} // namespace bitloom::graph
