// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <functional>
#include <string>
#include <string_view>

namespace bitloom::graph {

/// A graph's structure as JSON, without the tensors' data: what a packed file holds to describe
/// itself.
///
///   {"format": "bitloom-graph", "version": 1, "name": "net",
///    "inputs":     [{"name": "x", "shape": [1, 3]}],
///    "parameters": [{"name": "fc.weight", "shape": [2, 3], "dtype": "Float"}, {..., "buffer":
///    true}], "nodes":      [{"op": "aten::linear", "scope": "fc", "args": [{"value": "x"},
///    {"value": "fc.weight"}, null],
///                    "outputs": ["y"]}],
///    "outputs":    ["y"]}
///
/// Arguments: {"value": name}, {"list": [arguments]} for a list that holds values, otherwise
/// constants: null, true, 3, 0.5 (always with point or exponent), "text", [constants], {"float":
/// "inf" | "-inf" | "nan"}, {"device": "cpu"}. Floats read back to the same bits. Errors:
/// Unsupported if the graph holds an operator that graphFromJson() would refuse.
std::string toJson(const Graph& graph);

/// Gives the tensor of a parameter by its name; an empty function means: shapes only (meta
/// tensors).
using TensorSource = std::function<at::Tensor(const std::string& name)>;

/// Reads what toJson() wrote; the text may come from anyone.
///
/// Nothing is run. Operators must be on the closed list of isAllowedOperator(); text longer than 64
/// MiB or nested deeper than 16 levels is refused before it is parsed. Errors: CorruptFile naming
/// the node and what is wrong with it; UnsafeFile for an operator off the list and for text beyond
/// the limits; ShapeMismatch if a tensor does not have the shape the graph states.
Graph graphFromJson(std::string_view text, const TensorSource& tensorOf);

/// The rule for operators of graphs that come from files: a list of names (namespace and operator,
/// any overload), all of them pure functions of their arguments. Not on it: everything that opens
/// files, starts processes, takes text other than the mode of an operation, reaches into storages
/// (set_, as_strided, resize), trusts its indices (most of aten::_*), or is not needed to describe
/// a network. Besides, the overload may only take tensors, numbers, devices, modes and lists of
/// them.
bool isAllowedOperator(const std::string& op);

} // namespace bitloom::graph
