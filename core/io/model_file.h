// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/loaded_model.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bitloom {

/// Opens any model that a user can name:
///   a TorchScript or packed file, told apart by content;
///   "arch:NAME", a built-in architecture with random weights from the seed;
///   "arch:NAME@FILE", the same with the weights of a state dict.
/// Errors: NotFound (file, architecture), UnknownFormat, CorruptFile, UnsafeFile; ModelMismatch
/// listing the first 10 missing, unexpected and mis-shaped names; Unsupported for a bare state dict
/// (with the architectures that fit it). likelyShape: the first guess where the file does not say
/// its input's shape and inputShape is empty.
LoadedModel openModel(const std::string& spec, const std::vector<std::int64_t>& inputShape,
                      std::uint64_t seed, const std::vector<std::int64_t>& likelyShape = {});

/// The file behind a reference; empty for "arch:NAME".
std::filesystem::path modelFilePath(const std::string& spec);

} // namespace bitloom
