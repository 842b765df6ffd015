// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/io/loaded_model.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace bitloom {

namespace io {
class PackedFileReader;
}

/// A packed file turned back into a network.
struct PackedModel {
    graph::Graph graph;              ///< weights as the codes say: scale * (q - zero point)
    StoredQuantization quantization; ///< state.weights hold the stored grids
    std::string provenance;          ///< JSON
};

/// What goes into a packed file beside the weights.
struct PackInfo {
    std::string config;     ///< JSON object: data, seed, calibration; the plan is added to it
    std::string provenance; ///< JSON object: source, versions
};

/// Writes codes, scales, raw tensors, activations, plan and graph into one file
/// (core/io/packed/FORMAT.md). Returns false when cancelled; then no file is left. Errors:
/// NotFound, IoFailure; NonFinite naming the layer; InvalidArgument for an entry without grid.
bool writePackedModel(const std::filesystem::path& path, const LoadedModel& model,
                      const BitPlan& plan, const QuantState& state, const PackInfo& info,
                      RunControl& control);

/// The plan and the activation grids; weight grids are with the tensors. Errors: CorruptFile.
StoredQuantization readStoredQuantization(const io::PackedFileReader& reader);

/// Errors: as PackedFileReader; CorruptFile for a graph or plan that does not fit the tensors.
PackedModel readPackedModel(const std::filesystem::path& path);

/// All weights and buffers as an ordinary state dict, weights dequantized, in the order of the
/// graph.
std::vector<std::pair<std::string, at::Tensor>> unpackedState(const std::filesystem::path& path);

} // namespace bitloom
