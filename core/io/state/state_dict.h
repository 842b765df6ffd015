// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/torch_archive.h"
#include "core/io/state/torch_archive_writer.h"
#include "core/types/phrase.h"

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bitloom::io {

/// The named tensors of a trained network.
struct StateDict {
    std::vector<std::pair<std::string, at::Tensor>>
        tensors;               ///< in file order; names are unique and valid UTF-8
    std::vector<Phrase> notes; ///< what the reader chose or left out, one sentence each
};

/// One tensor of a state dict, as the file describes it; whether its values are there is not
/// checked.
struct StateEntry {
    std::string name;
    std::vector<std::int64_t> sizes;
    c10::ScalarType type = c10::ScalarType::Float;
};

struct StateListing {
    std::vector<StateEntry> entries; ///< in file order; names are unique and valid UTF-8
    std::vector<Phrase> notes;       ///< as StateDict::notes
};

/// Reads the state dict of a checkpoint that torch.save wrote, zip or legacy, without running any
/// of it, or of a safetensors file or folder (standsForWeightFiles()), whose tensors refer to the
/// mapped file and are not copied.
///
/// The dict is the file's object itself, or the first dict that holds tensors under a usual key
/// (state_dict, model, net, model_state_dict, ema, ...) or else anywhere at most 4 levels deep. The
/// prefix `module.` (data parallel) or `_orig_mod.` (torch.compile) is removed when every name has
/// it. Notes say which of these happened.
/// Shapes: dtype, strides, offsets and sharing of storages as in the file; tensors are on the CPU.
/// Those that PyTorch quantized are quantized tensors, with their scales and zero points.
/// Errors: those of TorchArchive and SafetensorsReader; UnknownFormat when no dict holds tensors
/// (with the keys found);
///         CorruptFile for a name that occurs twice; Unsupported for sparse tensors and zero points
///         that are no integers.
StateDict readStateDict(const std::filesystem::path& path,
                        TensorMemory memory = TensorMemory::Copied);
StateDict readStateDict(std::span<const std::byte> content);

/// The same without the values: names, shapes and types only, in time that does not depend on the
/// size of the weights. Errors: as readStateDict(), but for damage in the values.
StateListing listStateDict(const std::filesystem::path& path);

/// Writes a zip checkpoint that torch.load(weights_only=True) opens, or a safetensors file where
/// the path ends in ".safetensors". The bytes depend on the state dict only.
///
/// A safetensors file has the tensors of the widest elements first, and those that share a storage
/// once each; it may have any size. In a checkpoint, records are stored uncompressed at multiples
/// of 64 bytes. Tensors that share a storage share it in the file, with their strides; every other
/// tensor is written contiguously. Notes are not written. Errors: InvalidArgument for undefined
/// tensors and for names that repeat or are not UTF-8;
///         Unsupported for sparse and quantized tensors; IoFailure, NotFound as AtomicFile.
void writeStateDict(const std::filesystem::path& path, const StateDict& state);
/// The same of tensors that are made while they are written; none shares its storage.
void writeStateDict(const std::filesystem::path& path, std::span<const DeferredTensor> tensors);

} // namespace bitloom::io
