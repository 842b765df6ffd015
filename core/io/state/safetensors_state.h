// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/safetensors/safetensors_reader.h"
#include "core/io/state/state_dict.h"

#include <filesystem>
#include <span>

// Tensors of safetensors files, for readStateDict(), listStateDict(), writeStateDict() and formats
// that build on safetensors.
namespace bitloom::io {

/// A tensor of a mapped file. It refers to the mapping, which lives as long as the tensor; where
/// the file does not align its values, or has other truth values than 0 and 1, it is a copy.
/// Errors: Unsupported naming the tensor for the small floats that LibTorch does not have.
at::Tensor tensorOf(const SafetensorsReader& file, const SafetensorsEntry& entry);

/// All tensors of a file, or of a folder of several (standsForWeightFiles()), under their names
/// there. Errors: as SafetensorsReader, filesOfWeights() and tensorOf(); CorruptFile for a tensor
/// in two files.
StateDict readSafetensorsState(const std::filesystem::path& path);
/// Without touching the values. Errors: as readSafetensorsState().
StateListing listSafetensorsState(const std::filesystem::path& path);

/// Errors: InvalidArgument for undefined tensors and for names that repeat or are not UTF-8;
///         Unsupported for sparse, quantized and complex double tensors; those of AtomicFile.
void writeSafetensorsState(const std::filesystem::path& path, const StateDict& state);
/// The tensors come in the order in which the file has them, which need not be theirs.
void writeSafetensorsState(const std::filesystem::path& path,
                           std::span<const DeferredTensor> tensors);

} // namespace bitloom::io
