// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <c10/core/Device.h>

namespace bitloom::graph {

/// The same network with every constant `training` or `train` argument (batch normalisation,
/// dropout, ...) set. A normalisation without running statistics always uses those of the batch and
/// stays as it is. In training mode the operators write to the running statistics in place: for
/// isTraining the buffers of the result are copies, so no other graph sees them change.
Graph withTrainingMode(const Graph& graph, bool isTraining);

/// The same network with dropout on or off; normalisations stay as they are.
Graph withDropout(const Graph& graph, bool isActive);

/// The same network with its parameters, buffers and device constants on another device. Values and
/// nodes keep their numbers unless a node names a device.
/// Errors: OutOfMemory, Internal.
Graph toDevice(const Graph& graph, c10::Device device);

} // namespace bitloom::graph
