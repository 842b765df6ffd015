// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

namespace bitloom::graph {

/// True for an operator whose result is as wide as its first argument when that is quantized: it
/// moves elements (flatten, view, permute, slice, padding with zeros, dropout in inference mode) or
/// pools them. The average of a window is no longer on the grid, but counts as wide as its
/// elements, as is usual in bit operations.
bool passesBits(const Node& node);

/// The value whose bits this one has: walks back through all operators that pass bits. The value
/// itself if it comes from no such operator.
ValueIndex bitSource(const Graph& graph, ValueIndex value);

} // namespace bitloom::graph
