// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/io/packed/packed_source.h"
#include "core/io/state/state_dict.h"
#include "core/io/state/state_match.h"
#include "core/types/file_report.h"

#include <span>
#include <string>
#include <vector>

namespace bitloom {

/// The batch counters of batch normalisation: files may lack or hold them, no inference needs them.
bool isBatchCounter(const std::string& name);

/// Names and shapes of a network's parameters and buffers.
std::vector<io::ExpectedTensor> expectedTensors(const graph::Graph& graph);

/// Names and shapes of packed weights.
std::vector<io::StateEntry> entriesOf(const io::PackedSource& source);

/// The built-in architectures whose names and shapes are those of a state dict, then those that
/// share at least half of them, best first. file: for the models to open. Only shapes are built, no
/// weights.
std::vector<ArchitectureGuess> guessArchitectures(std::span<const io::StateEntry> entries,
                                                  const std::string& file);

} // namespace bitloom
