// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/file_map.h"

#include <string>

namespace bitloom {

/// Where everything lies in a packed HDF5 or safetensors file (packed weights of any program, or a
/// state dict), whose payloads are not read, or in a file of BitPack's in either container.
/// Errors: those of io::openWeights(); UnknownFormat for other files.
FileMap mapFile(const std::string& file);

} // namespace bitloom
