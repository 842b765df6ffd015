// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <string>

namespace bitloom::graph {

/// "sha256:" + 64 hex digits over structure (operators, arguments, wiring) and parameters (name,
/// dtype, shape, bytes).
///
/// Value names, scopes, the graph's name, the order of nodes and parameters, input shapes, devices
/// and the parameter/buffer distinction do not count, so the same network has the same fingerprint
/// whatever file it came from. Numerics: parameters are hashed as stored (contiguous,
/// little-endian), so any changed bit shows. Cost: bound by SHA-256 over the parameters, spread
/// over LibTorch's threads. Errors: InvalidArgument for parameters without data (meta tensors).
std::string fingerprint(const Graph& graph);

} // namespace bitloom::graph
