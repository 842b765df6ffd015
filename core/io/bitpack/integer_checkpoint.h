// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/torch_archive_writer.h"
#include "core/types/phrase.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace bitloom::io {

/// Which tensors of a file are to be packed.
struct TensorChoice {
    std::string key;  ///< of the dict that holds them, below others as "a/b"; empty: weight_integer
    bool all = false; ///< every tensor of the file's state dict instead
};

/// A network's integer weights, as HAWQ exports them, and what belongs to them.
struct IntegerCheckpoint {
    std::vector<NamedTensor> weights; ///< as in the file: HAWQ keeps its integers in float32
    std::vector<NamedTensor> carried; ///< integer biases, scales of weights and activations
    std::map<std::string, std::string> scaleOf; ///< weight -> the one of carried that scales it
    bool isHawq = false;       ///< found in the five parts of HAWQ, or in its state dict
    std::vector<Phrase> notes; ///< what was found and what is missing, one sentence each
};

/// Reads what is to be packed from a file that torch.save wrote.
///
/// HAWQ's `quantized_checkpoint.pth.tar` is a dict of up to five dicts, selected from the state
/// dict by a part of the name: weight_integer, bias_integer, convbn_scaling_factor,
/// fc_scaling_factor, act_scaling_factor. Where the file is HAWQ's training checkpoint, the same
/// names are selected from its state dict, with conv_scaling_factor, which the export forgets. The
/// scale of `layer.weight_integer` is `layer.*_scaling_factor` of one element or one per output
/// channel. Notes name the layers without a scale, and those whose weights are all 0 (never run, or
/// kept in floating point). With key or all, the weights are the tensors of that dict and nothing
/// is carried. Errors: those of TorchArchive and readStateDict(); NotFound where the dict is not
/// there, naming
///         what the file holds; InvalidArgument for a scale that is not finite and positive or of
///         another length.
IntegerCheckpoint readIntegerCheckpoint(const std::filesystem::path& path,
                                        const TensorChoice& choice = {});

} // namespace bitloom::io
