// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"
#include "core/types/conversion.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace bitloom::io {

/// Opens any container of weights that Bitloom reads, told apart by content: packed HDF5, BitPack,
/// HAWQ's integer checkpoints, GPTQ, AWQ, compressed-tensors and plain state dicts (torch.save and
/// safetensors); safetensors also as a folder (standsForWeightFiles()). Of the request only the
/// input counts, and what it says where the input is silent. Errors: those of the readers;
/// UnknownFormat for other files; Unsupported for codes in
///         safetensors of a layout that is not read; InvalidArgument for a request with an unknown
///         value.
std::unique_ptr<PackedSource> openWeights(const ConversionRequest& request);
/// The same of a file that says everything itself.
std::unique_ptr<PackedSource> openWeights(const std::filesystem::path& path);

/// What openWeights() gives of weights that lie there as codes; null for every other file, also a
/// state dict and HAWQ's checkpoint, whose integers are no codes yet.
std::unique_ptr<PackedSource> openPackedWeights(const ConversionRequest& request);
std::unique_ptr<PackedSource> openPackedWeights(const std::filesystem::path& path);
/// The same. Errors: UnknownFormat where it would give null.
std::unique_ptr<PackedSource> requirePackedWeights(const std::filesystem::path& path);

/// Of a state dict: that nothing in it is packed, and what to do.
std::string_view adviceOnPlainWeights();

/// Bytes of a file, or of the files of weights that a path stands for.
std::int64_t bytesOfFiles(const std::filesystem::path& path);

} // namespace bitloom::io
