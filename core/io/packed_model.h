// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bitloom {

namespace io {
class PackedSource;
}

/// A packed file turned back into a network.
struct PackedModel {
    graph::Graph graph;              ///< weights as the codes say: scale * (q - zero point)
    StoredQuantization quantization; ///< state.weights hold the stored grids
    std::string provenance;          ///< JSON
};

/// The plan and the activation grids; weight grids are with the tensors. Errors: Unsupported for
/// weights without a plan, CorruptFile.
StoredQuantization readStoredQuantization(const io::PackedSource& source);

/// Errors: those of the source; Unsupported for one without a network (PackedMeta::hasNetwork());
/// CorruptFile for a graph or plan that does not fit the tensors.
PackedModel readPackedModel(const io::PackedSource& source);

/// The same of headers alone: the network and the plan are built over the tensors' shapes and
/// types. Cost: no tensor is read. Errors: those of readPackedModel() that no payload causes.
void requireNetworkFits(const io::PackedSource& source);

/// The shape at batch 1 that the network in the file takes. Empty: the file holds no network, or
/// one of several inputs. Reads no tensors. Errors: CorruptFile for a graph that is none.
std::vector<std::int64_t> packedInputShape(const io::PackedSource& source);

/// What weights that come without a plan say of one: the widths and grids of the codes that became
/// the model's weights. Activations stay in floating point; what is not known is in its gaps. Reads
/// no codes. Errors: those of the source.
StoredQuantization quantizationOfWeights(const io::PackedSource& source, const LoadedModel& model);

/// Weights and buffers as an ordinary state dict, weights dequantized, in the order of the source.
/// Errors: Unsupported naming the first tensor whose codes have no scale: integers that are no
///         weights yet; those of the source.
std::vector<std::pair<std::string, at::Tensor>> unpackedState(const io::PackedSource& source);

} // namespace bitloom
