// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <string>
#include <vector>

namespace bitloom::graph {

/// One line per node: "%layer1.0.relu = aten::relu(%layer1.0.bn1)   # layer1.0".
std::string toString(const Graph& graph);

/// Readable differences between two graphs, by name: nodes, arguments and parameters that exist on
/// one side or differ, inputs and outputs. Empty for equal graphs; the graphs' names do not count.
std::vector<std::string> diffGraphs(const Graph& left, const Graph& right);

} // namespace bitloom::graph
