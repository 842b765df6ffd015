// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/state_dict.h"
#include "core/types/phrase.h"

#include <ATen/core/Tensor.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::io {

/// One quantizer of such a checkpoint. A sign is not stored there: it is that of low.
struct CheckpointQuantizer {
    double low = 0;                     ///< x_min
    double high = 0;                    ///< x_max
    std::array<float, 4> levelLogits{}; ///< of 4, 8, 16 and 32 bits
    at::Tensor channelLogits;           ///< (channels) float32; undefined where none are pruned
    bool isSigned() const { return low < 0; }
};

/// A layer of such a checkpoint; with a batch normalisation, that is folded into it while it
/// trains.
struct CheckpointLayer {
    std::string name;  ///< module path, "features.0"
    at::Tensor weight; ///< not folded, not quantized
    at::Tensor bias;   ///< undefined: none
    struct Norm {
        at::Tensor gamma; ///< (channels), as the others
        at::Tensor beta;
        at::Tensor mean; ///< running, of the layer without a bias
        at::Tensor variance;
    };
    std::optional<Norm> norm;
    std::optional<CheckpointQuantizer> weightQuantizer;
    std::optional<CheckpointQuantizer> outputQuantizer; ///< behind its activation function
};

/// A quantizer of what a module makes that has no weight of its own: a residual block's sum.
struct CheckpointBlock {
    std::string name; ///< module path; its layers' begin with it
    CheckpointQuantizer quantizer;
};

/// A network that the published code of Bayesian Bits saved, in the order of its file.
struct BayesianBitsCheckpoint {
    std::vector<CheckpointLayer> layers;
    std::vector<CheckpointBlock> blocks;
    std::vector<Phrase> notes; ///< as StateDict::notes
};

/// Reads a checkpoint of the code published with van Baalen et al., "Bayesian Bits", NeurIPS 2020
/// (epoch_N.pth, epoch_FINAL_PRE_FT.pth, epoch_FINAL.pth without fine-tuning), by its content and
/// through the closed pickle machine: nothing in it is run. The optimizers' states are left out.
/// Errors: those of readStateDict(); UnknownFormat for a state dict of something else; Unsupported
/// for one that was saved after fine-tuning with fixed gates, or without learned ranges: neither
/// holds all of the network; ModelMismatch with the first 10 names that are missing, unexpected or
/// of another shape; NonFinite naming the tensor.
BayesianBitsCheckpoint readBayesianBitsCheckpoint(const std::filesystem::path& file);
/// The same from its named tensors.
BayesianBitsCheckpoint bayesianBitsCheckpoint(StateDict state);

} // namespace bitloom::io
