// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"
#include "core/io/state/bayesian_bits_checkpoint.h"
#include "core/methods/bayesian_bits/gated_network.h"
#include "core/types/phrase.h"

#include <string>
#include <vector>

namespace bitloom::bayesian_bits {

/// A checkpoint of the published code as the state of a network of ours.
struct ImportedCheckpoint {
    NamedTensors state;        ///< for GatedNetwork::restore()
    std::vector<Phrase> notes; ///< what was told by shape or left out, one sentence each
};

/// Finds the place of everything that the checkpoint holds: weights, normalisations, gates and
/// ranges.
///
/// Layers are those of the same names and shapes, or else, shape by shape, those in the same order.
/// A layer's output quantizer belongs to the quantized value that its normalisation and activation
/// function make of its output; a block's to what comes of the sum behind its last layer. model:
/// that of the network. Quantizers that the network does not have are left out if they change
/// nothing that it computes, or if its options leave them out (residual inputs).
/// Numerics: values are taken over to the bit; signs are those of x_min.
/// Errors: ModelMismatch for a checkpoint of another model, with the first 10 names; NonFinite for
/// a range that is not above 0; InvalidArgument for closed channel gates that the options leave no
/// place for.
ImportedCheckpoint importCheckpoint(const io::BayesianBitsCheckpoint& checkpoint,
                                    const LoadedModel& model, const GatedNetwork& network);

} // namespace bitloom::bayesian_bits
